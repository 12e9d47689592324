import Essentials
import Foundation
import Testing

@testable import Storage

@Suite("Events as lines of JSON")
struct JournalLineTests {
  @Test("an event has one line, which is read back to the same event")
  func roundTrip() throws {
    let bench = JournalBench()
    try bench.fill(20)
    for event in try bench.reading().events(limit: 100) {
      let line = JournalLine.text(of: event)
      #expect(JournalLine.event(of: line) == event)
      #expect(JournalLine.value(of: event).compactText == line)
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
  }

  @Test("a line that is spelled in any other way is not an event's")
  func strictness() throws {
    let bench = JournalBench()
    try bench.fill(2)
    let line = JournalLine.text(of: try bench.reading().events(limit: 2)[1])
    #expect(JournalLine.event(of: line + " ") == nil)
    #expect(JournalLine.event(of: String(line.dropLast())) == nil)
    for (old, new) in [
      ("\"seq\":2", "\"seq\": 2"), ("\"seq\":2", "\"seq\":2.0"), ("\"seq\":2", "\"seq\":\"2\""),
      ("\"world\":\"\"", "\"world\":null"), ("\"cause\":1", "\"cause\":0"),
      ("\"cause\":1", "\"cause\":null,\"x\":1"), ("\"ratio\":0.1", "\"ratio\":1e-1"),
      ("käse", "k\\u00e4se"), ("käse", "ka\u{308}se"),
    ] {
      let changed = line.replacingOccurrences(of: old, with: new, options: .literal)
      #expect(!changed.utf8.elementsEqual(line.utf8))
      let event = JournalLine.event(of: changed)
      #expect(event.map { $0.payloadText.unicodeScalars.contains("\u{308}") } ?? true, "\(new)")
    }
  }

  @Test("an export holds every event that matches, packed as its name says, or does not appear")
  func export() throws {
    let bench = JournalBench()
    try bench.fill(50)
    let journal = try bench.reading()
    let wanted = try journal.events(limit: 100, filter: JournalFilter(run: "run-1"))
    for (name, format) in [
      ("a.jsonl", CompressedFile.Format.plain), ("a.jsonl.gz", .gzip), ("a.jsonl.zst", .zstandard),
    ] {
      let path = "\(bench.folder.path)/\(name)"
      let export = try journal.export(to: path, filter: JournalFilter(run: "run-1"))
      #expect(export.events == 25)
      let file = try CompressedFile(path: path)
      #expect(file.format == format)
      #expect(file.byteCount == export.byteCount)
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let count = try bytes.withUnsafeMutableBytes { raw in
        var count = 0
        while case let more = try file.read(into: .init(rebasing: raw[count...])), more > 0 {
          count += more
        }
        return count
      }
      let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
      #expect(lines.map { JournalLine.event(of: $0) } == wanted)
      #expect(try CompressedFile.fingerprint(path: path) == export.fingerprint)
      let failure = #expect(throws: JournalFailure.self) { try journal.export(to: path) }
      #expect(failure?.explanation.contains("something of that name") == true)
    }
    #expect(throws: JournalFailure.self) {
      try journal.export(to: bench.folder.path + "/nowhere/a.jsonl")
    }
    #expect(!bench.folder.names().contains { $0.hasPrefix(".partial") })
  }
}
