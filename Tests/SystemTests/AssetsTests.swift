import Foundation
import TestKit
import Testing

/// A checkout of which only the scripts are there, on a machine whose python is rehearsed.
private struct RehearsedCheckout {
  let folder: ScratchFolder

  /// - Parameter python: what `python3` does as a shell script, nil where there is none.
  init(python: String?) throws {
    folder = try ScratchFolder()
    for name in ["Scripts", "Web/licenses", "tools"] {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    for name in ["Scripts/assets", "Web/licenses/three.js.txt"] {
      try FileManager.default.copyItem(
        at: checkoutFolder.appendingPathComponent(name),
        to: folder.url.appendingPathComponent(name))
    }
    let tools = [
      "sh", "sed", "cut", "sha256sum", "dirname", "mktemp", "mkdir", "cp", "mv", "rm", "cat", "ls",
    ]
    for tool in tools {
      let real = try ShellRun("sh", "-c", "command -v \(tool)").output
      try FileManager.default.createSymbolicLink(
        atPath: folder.url.appendingPathComponent("tools/\(tool)").path,
        withDestinationPath: String(real.dropLast()))
    }
    guard let python else { return }
    let file = folder.url.appendingPathComponent("tools/python3")
    try "#!/bin/sh\n\(python)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  func run(_ arguments: String = "") throws -> ShellRun {
    try ShellRun(
      "sh", "-c", "Scripts/assets \(arguments)",
      environment: ["PATH": folder.url.appendingPathComponent("tools").path], folder: folder.url)
  }

  var vendored: [String] {
    let path = folder.url.appendingPathComponent("Web/vendor").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

@Suite("Assets of the pages", .ownThread)
struct AssetsTests {
  @Test("a check and a dry run change nothing and tell what is missing")
  func looking() throws {
    let checkout = try RehearsedCheckout(python: nil)
    let check = try checkout.run("--check")
    #expect(check.exitCode == 1)
    #expect(check.output + check.errors == "")
    let dry = try checkout.run("--dry-run")
    #expect(dry.exitCode == 0)
    #expect(dry.errors == "assets: would fetch three.js out of nicegui==3.18.0\n")
    #expect(checkout.vendored == [])
  }

  @Test("without pip, without the network, or with another file, it says so and leaves nothing")
  func refusals() throws {
    let pip = #"[ "$3" = --version ] && exit 0"#
    for (python, message) in [
      (nil, "python3 has no pip"),
      ("\(pip); echo 'no route to host'; exit 1", "assets:   no route to host\n"),
      ("\(pip); echo 'no route to host'; exit 1", "could not be fetched. Check the network"),
      (
        // The archive is opened into a folder that holds another text under the right name.
        """
        \(pip)
        [ "$2" = zipfile ] || exit 0
        mkdir -p "$5/nicegui/elements/scene/dist"
        echo other > "$5/nicegui/elements/scene/dist/index.js"
        """, "is not the file that this checkout was tested with"
      ),
    ] as [(String?, String)] {
      let checkout = try RehearsedCheckout(python: python)
      let run = try checkout.run()
      #expect(run.exitCode == 4)
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(run.errors.hasSuffix("work without three.js, in their plain view.\n"))
      #expect(checkout.vendored == [])
    }
  }

  @Test(
    "what is there is right, with its license beside it, and nothing is fetched again",
    .enabled(if: AssetsTests.isVendored, "Web/vendor is not there (Scripts/assets fetches it)"))
  func present() throws {
    let checkout = try RehearsedCheckout(python: nil)
    try FileManager.default.copyItem(
      at: checkoutFolder.appendingPathComponent("Web/vendor"),
      to: checkout.folder.url.appendingPathComponent("Web/vendor"))
    let run = try checkout.run()
    #expect(run.exitCode == 0)
    #expect(run.output + run.errors == "")
    #expect(checkout.vendored == ["three.js", "three.js.LICENSE"])
    // A file that was changed is not taken for the right one.
    let file = checkout.folder.url.appendingPathComponent("Web/vendor/three.js")
    try "changed".write(to: file, atomically: true, encoding: .utf8)
    #expect(try checkout.run("--check").exitCode == 1)
  }

  private static let isVendored = FileManager.default.fileExists(
    atPath: checkoutFolder.appendingPathComponent("Web/vendor/three.js").path)
}
