package import Essentials
import Foundation
import Synchronization

/// A page of the browser: opened, asked, pressed and photographed by a test.
package final class BrowserPage: Sendable {
  private struct Heard {
    var complaints: [String] = []
    var words: [String] = []
  }

  private let pipe: BrowserPipe
  private let session: String
  private let context: JSONValue
  private let heard = Mutex(Heard())

  init(pipe: BrowserPipe, session: String, context: JSONValue) {
    self.pipe = pipe
    self.session = session
    self.context = context
  }

  /// Errors of the console, uncaught exceptions, and what the security policy or the network
  /// refused, in their order.
  package var complaints: [String] { heard.withLock { $0.complaints } }

  /// Everything that was written to the console, with its level before it.
  package var console: [String] { heard.withLock { $0.words } }

  // MARK: Opening

  func prepare(_ look: BrowserLook) async throws {
    pipe.listen(to: session) { [weak self] method, parameters in
      self?.hear(method, parameters)
    }
    for domain in ["Page", "Runtime", "Log"] { try await call("\(domain).enable") }
    try await call("Performance.enable", ["timeDomain": "threadTicks"])
    // As on a phone and on most desks, bars take no room.
    try await call("Emulation.setScrollbarsHidden", ["hidden": .bool(true)])
    try await wear(look)
  }

  /// Changes what the page is told of the person and the screen.
  package func wear(_ look: BrowserLook) async throws {
    try await call(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .integer(look.width), "height": .integer(look.height),
        "deviceScaleFactor": .number(look.pixelRatio), "mobile": .bool(false),
      ])
    try await call(
      "Emulation.setEmulatedMedia",
      [
        "features": .array([
          Self.feature("prefers-color-scheme", look.prefersLight ? "light" : "dark"),
          Self.feature(
            "prefers-reduced-motion", look.prefersReducedMotion ? "reduce" : "no-preference"),
        ])
      ])
    let version = try await pipe.call("Browser.getVersion")
    try await call(
      "Emulation.setUserAgentOverride",
      ["userAgent": version["userAgent"] ?? "", "acceptLanguage": .string(look.language)])
  }

  private static func feature(_ name: String, _ value: String) -> JSONValue {
    ["name": .string(name), "value": .string(value)]
  }

  /// Runs a script in every document that this page opens from here on, before its own scripts.
  package func prepend(script: String) async throws {
    try await call("Page.addScriptToEvaluateOnNewDocument", ["source": .string(script)])
  }

  /// Opens an address and returns when the document and all that it names are loaded.
  package func open(_ address: String) async throws {
    let answer = try await call("Page.navigate", ["url": .string(address)])
    if let reason = answer["errorText"]?.text {
      throw BrowserFailure.refused(method: "Page.navigate to \(address)", reason: reason)
    }
    try await wait(until: "location.href !== 'about:blank' && document.readyState === 'complete'")
  }

  /// Closes the page and forgets what it kept.
  package func close() async {
    pipe.listen(to: session, nil)
    _ = try? await pipe.call("Target.disposeBrowserContext", ["browserContextId": context])
  }

  // MARK: Asking

  /// Returns what an expression is worth in the page, a promise's value awaited; what JSON cannot
  /// say is null.
  @discardableResult
  package func evaluate(_ script: String) async throws -> JSONValue {
    let answer = try await call(
      "Runtime.evaluate",
      [
        "expression": .string(script), "awaitPromise": .bool(true), "returnByValue": .bool(true),
        "userGesture": .bool(true),
      ])
    if let exception = answer["exceptionDetails"] {
      let message =
        exception["exception"]?["description"]?.text ?? exception["text"]?.text
        ?? exception.compactText
      throw BrowserFailure.threw(script: script, message: message)
    }
    return answer["result"]?["value"] ?? .null
  }

  /// Returns the value of an expression as soon as it is true in JavaScript's sense. The page itself
  /// asks it again and again; an expression that throws counts as not yet.
  /// - Parameter seconds: how long to go on before it is a failure.
  @discardableResult
  package func wait(until expression: String, seconds: Double = 30) async throws -> JSONValue {
    let limit = Int(seconds * 1000)
    let script = """
      (async () => {
        const limit = performance.now() + \(limit);
        for (;;) {
          let value, thrown = "";
          try { value = await (\(expression)); } catch (failure) { thrown = String(failure); }
          if (value) return value;
          if (performance.now() > limit) {
            throw new Error("not true within \(limit) ms. " + thrown);
          }
          await new Promise((resume) => setTimeout(resume, 15));
        }
      })()
      """
    do {
      return try await evaluate(script)
    } catch BrowserFailure.threw(_, let message) {
      throw BrowserFailure.threw(script: expression, message: message)
    } catch BrowserFailure.refused(_, let reason) where reason.contains("context") {
      // The document was replaced under the question.
      return try await evaluate(script)
    }
  }

  /// Returns the text of the first element that a selector finds, nil where there is none.
  package func text(_ selector: String) async throws -> String? {
    try await evaluate("document.querySelector(\(Self.quoted(selector)))?.textContent").text
  }

  /// Returns the processor time in seconds that the page's own thread has used so far. Unlike a
  /// frame rate, it does not depend on what else the machine is doing.
  package func processorSeconds() async throws -> Double {
    let answer = try await call("Performance.getMetrics")
    let metrics = (answer["metrics"] ?? .null).elements
    guard let value = metrics.first(where: { $0["name"] == "TaskDuration" })?["value"]?.double
    else { throw BrowserFailure.unreadable(method: "Performance.getMetrics") }
    return value
  }

  // MARK: Touching

  /// Presses the mouse on the middle of the first element that a selector finds, once it is there
  /// and has a size.
  package func click(_ selector: String) async throws {
    let place = try await wait(
      until: """
        (() => {
          const element = document.querySelector(\(Self.quoted(selector)));
          element?.scrollIntoView({ block: "nearest", inline: "nearest" });
          const box = element?.getBoundingClientRect();
          return box && box.width > 0 && [box.x + box.width / 2, box.y + box.height / 2];
        })()
        """)
    let coordinates = place.elements
    guard coordinates.count == 2 else { throw BrowserFailure.unreadable(method: "click") }
    for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
      try await call(
        "Input.dispatchMouseEvent",
        [
          "type": .string(kind), "x": coordinates[0], "y": coordinates[1],
          "button": kind == "mouseMoved" ? "none" : "left", "clickCount": 1,
        ])
    }
  }

  /// Presses and releases a key, named as in JavaScript: `Tab`, `Enter`, `ArrowDown`, `a`.
  package func press(_ key: String, shift: Bool = false) async throws {
    let codes = [
      "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "PageUp": 33, "PageDown": 34, "End": 35,
      "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
    ]
    for kind in ["keyDown", "keyUp"] {
      var members: [JSONValue.Member] = [
        .init("type", .string(kind)), .init("key", .string(key)),
        .init("code", .string(key == " " ? "Space" : key)),
        .init("modifiers", .integer(shift ? 8 : 0)),
      ]
      if let code = codes[key] {
        members.append(.init("windowsVirtualKeyCode", .integer(code)))
      }
      if kind == "keyDown", key.count == 1 || key == "Enter" {
        members.append(.init("text", .string(key == "Enter" ? "\r" : key)))
      }
      try await call("Input.dispatchKeyEvent", .object(members))
    }
  }

  /// Writes a text into what has the focus.
  package func type(_ text: String) async throws {
    try await call("Input.insertText", ["text": .string(text)])
  }

  // MARK: Seeing

  /// Keeps what the page shows as `.build/screenshots/<name>.png` of the checkout.
  package func photograph(_ name: String) async throws {
    let answer = try await call("Page.captureScreenshot", ["format": "png"])
    guard let text = answer["data"]?.text, let picture = Data(base64Encoded: text) else {
      throw BrowserFailure.unreadable(method: "Page.captureScreenshot")
    }
    let folder = checkoutFolder.appendingPathComponent(".build/screenshots")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try picture.write(to: folder.appendingPathComponent("\(name).png"))
  }

  // MARK: Within

  @discardableResult
  private func call(_ method: String, _ parameters: JSONValue = [:]) async throws -> JSONValue {
    try await pipe.call(method, parameters, session: session)
  }

  private func hear(_ method: String, _ parameters: JSONValue) {
    switch method {
    case "Runtime.consoleAPICalled":
      let level = parameters["type"]?.text ?? ""
      let words = (parameters["args"] ?? .null).elements.map { argument in
        argument["description"]?.text ?? argument["value"]?.text
          ?? (argument["value"] ?? .null).compactText
      }.joined(separator: " ")
      heard.withLock { heard in
        heard.words.append("\(level): \(words)")
        if level == "error" || level == "assert" { heard.complaints.append("console: \(words)") }
      }
    case "Runtime.exceptionThrown":
      let details = parameters["exceptionDetails"] ?? .null
      let words = details["exception"]?["description"]?.text ?? details.compactText
      heard.withLock { $0.complaints.append("exception: \(words)") }
    case "Log.entryAdded":
      let entry = parameters["entry"] ?? .null
      guard entry["level"]?.text == "error" else { return }
      let words = "\(entry["source"]?.text ?? ""): \(entry["text"]?.text ?? "")"
      heard.withLock { $0.complaints.append("\(words) \(entry["url"]?.text ?? "")") }
    default: break
    }
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).compactText }
}
