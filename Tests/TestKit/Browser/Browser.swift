import Essentials
import Foundation

/// A headless Chromium for tests of the pages: one for the whole suite, each page in a context of its
/// own, so that no test sees what another kept.
package final class Browser: Sendable {
  let pipe: BrowserPipe
  private let profile: ScratchFolder

  /// The program, nil where there is none on the path.
  package static let program: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome"] {
      for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }()

  package static var isPresent: Bool { program != nil }

  package static let reason: String =
    "there is no Chromium on the path (Scripts/setup --tests installs it)"

  private static let launched = Result { try Browser() }

  /// Returns the browser that all tests of a run share, started with the first of them.
  package static func shared() throws -> Browser { try launched.get() }

  private init() throws {
    guard let program = Self.program else { throw BrowserFailure.notStarted(reason: Self.reason) }
    profile = try ScratchFolder()
    pipe = try BrowserPipe(
      program: program,
      arguments: [
        "--headless=new", "--remote-debugging-pipe", "--user-data-dir=\(profile.url.path)",
        // A container's root has no sandbox to give, and its shared memory is small.
        "--no-sandbox", "--disable-dev-shm-usage",
        // WebGL without a graphics card.
        "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
        // Nothing but the test's own server is asked for anything.
        "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-extensions",
        "--disable-default-apps", "--no-proxy-server", "--no-pings", "--mute-audio",
        "--disable-features=Translate,MediaRouter,OptimizationHints,DialMediaRouteProvider",
        // A page that nobody looks at runs as fast as one in front.
        "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows", "--force-color-profile=srgb", "about:blank",
      ])
    atexit { try? Browser.launched.get().close() }
  }

  /// Kills the browser and removes what it kept. Nobody lets go of a browser that all tests share,
  /// so this happens when the test program exits.
  private func close() {
    pipe.end(reason: "the tests are over")
    try? FileManager.default.removeItem(at: profile.url)
  }

  /// Opens an empty page in a context of its own.
  package func newPage(_ look: BrowserLook = BrowserLook()) async throws -> BrowserPage {
    let context = try await pipe.call("Target.createBrowserContext")
    guard let contextID = context["browserContextId"] else {
      throw BrowserFailure.unreadable(method: "Target.createBrowserContext")
    }
    let target = try await pipe.call(
      "Target.createTarget", ["url": "about:blank", "browserContextId": contextID])
    guard let targetID = target["targetId"] else {
      throw BrowserFailure.unreadable(method: "Target.createTarget")
    }
    let attached = try await pipe.call(
      "Target.attachToTarget", ["targetId": targetID, "flatten": .bool(true)])
    guard let session = attached["sessionId"]?.text else {
      throw BrowserFailure.unreadable(method: "Target.attachToTarget")
    }
    let page = BrowserPage(pipe: pipe, session: session, context: contextID)
    try await page.prepare(look)
    return page
  }

  /// Opens a page, hands it to the body, and closes it however that ends.
  package func withPage<Result>(
    _ look: BrowserLook = BrowserLook(),
    _ body: (BrowserPage) async throws -> Result
  ) async throws -> Result {
    let page = try await newPage(look)
    do {
      let result = try await body(page)
      await page.close()
      return result
    } catch {
      await page.close()
      throw error
    }
  }
}

/// What a page is told of the person before it.
package struct BrowserLook: Sendable {
  /// In CSS pixels.
  package var width: Int
  package var height: Int
  package var language: String
  package var prefersLight: Bool
  package var prefersReducedMotion: Bool
  /// Pixels of the screen for each CSS pixel.
  package var pixelRatio: Double

  package init(
    width: Int = 1280, height: Int = 800, language: String = "en-US", prefersLight: Bool = false,
    prefersReducedMotion: Bool = false, pixelRatio: Double = 1
  ) {
    self.width = width
    self.height = height
    self.language = language
    self.prefersLight = prefersLight
    self.prefersReducedMotion = prefersReducedMotion
    self.pixelRatio = pixelRatio
  }
}
