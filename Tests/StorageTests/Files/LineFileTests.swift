import Foundation
import TestKit
import Testing

@testable import Storage

@Suite("Line file")
struct LineFileTests {
  private func lines(of text: String, packed: Bool = false) throws -> [String] {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("lines" + (packed ? ".gz" : "")).path
    let file = try PackedFile(path: path)
    try file.write(text)
    _ = try file.finish()
    let reader = try LineFile(path: path)
    var lines: [String] = []
    try reader.visit { line in
      lines.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
      return true
    }
    #expect(reader.file.bytesConsumed == reader.file.byteCount)
    return lines
  }

  @Test(
    "lines are what stands between line feeds, with or without one at the end",
    arguments: [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("\n", [""]), ("a\n\nb", ["a", "", "b"]),
      ("a\r\nb\n", ["a\r", "b"]),
    ] as [(String, [String])])
  func table(text: String, expected: [String]) throws {
    #expect(try lines(of: text) == expected)
    #expect(try lines(of: text, packed: true) == expected)
  }

  @Test("lines of any length up to the bound come whole, across every edge of the buffer")
  func long() throws {
    let expected = (0..<60).map { String(repeating: "x", count: $0 * 17_001 % 400_000) }
    #expect(try lines(of: expected.joined(separator: "\n"), packed: true) == expected)
  }

  @Test("a line beyond the bound is handed over cut, and the next one whole")
  func cut() throws {
    let long = String(repeating: "y", count: LineFile.bytesMax + 300_000)
    let found = try lines(of: "a\n\(long)\nb\n", packed: true)
    #expect(found.count == 3 && found[1].utf8.count == LineFile.bytesMax && found[2] == "b")
  }

  @Test("reading ends where it is told to")
  func ends() throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("lines").path
    try Data("a\nb\nc\n".utf8).write(to: URL(fileURLWithPath: path))
    var count = 0
    try LineFile(path: path).visit { _ in
      count += 1
      return count < 2
    }
    #expect(count == 2)
  }
}
