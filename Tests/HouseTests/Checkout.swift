import Foundation
import TestKit
import Testing

/// The files of this checkout that people write and read.
enum Checkout {
  /// Paths below the checkout with their texts, sorted; what is built or downloaded is left out.
  static let texts: [(path: String, text: String)] = {
    let root = checkoutFolder.path + "/"
    let kinds: Set = [
      "swift", "md", "sh", "h", "c", "modulemap", "yml", "json", "py", "html", "", "js", "css",
      "ts",
    ]
    var found: [(String, String)] = []
    let walker = FileManager.default.enumerator(atPath: checkoutFolder.path)
    while let path = walker?.nextObject() as? String {
      let name = (path as NSString).lastPathComponent
      let isMade =
        [".git", ".build", ".build-fuzz", ".swiftpm", "out", "vendor", "__pycache__"].contains(name)
      if isMade || name.hasPrefix(".venv") {
        walker?.skipDescendants()
        continue
      }
      guard kinds.contains((path as NSString).pathExtension),
        let text = try? String(contentsOfFile: root + path, encoding: .utf8)
      else { continue }
      found.append((path, text))
    }
    return found.sorted { $0.0 < $1.0 }
  }()

  static let swift: [SwiftSource] =
    texts
    .filter { $0.path.hasSuffix(".swift") && $0.path != "Package.swift" }
    .map { SwiftSource(path: $0.path, text: $0.text) }

  static let sources = swift.filter { $0.path.hasPrefix("Sources/") }

  /// The folders of Swift files below `Sources`: rooms, and the front door.
  static let rooms = Set(sources.compactMap(\.room))

  static func text(_ path: String) throws -> String {
    try #require(texts.first { $0.path == path }?.text, "there is no file \(path)")
  }
}

/// A place where a rule is broken.
struct Finding: Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}

/// Fails with every finding on its own line, so that all can be mended at once.
func expectNone(_ findings: [Finding], _ location: SourceLocation = #_sourceLocation) {
  let list = findings.map(\.description).joined(separator: "\n")
  #expect(list == "", sourceLocation: location)
}
