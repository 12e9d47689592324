import Essentials
import Foundation
import Networking
import Storage
import TestKit
import Testing

@testable import Services

@Suite("The file of tokens", .ownThread)
struct AccessFileTests {
  @Test("where there is no file there is an empty book, and a change makes a file for its owner")
  func making() throws {
    let bench = try AccessBench()
    #expect(try bench.file.read() == AccessBook())
    #expect(bench.file.stamp == nil)
    try bench.grant("laptop")
    let facts = try FileManager.default.attributesOfItem(atPath: bench.file.path)
    #expect(facts[.posixPermissions] as? Int == 0o600)
    #expect(try bench.file.read().entries.map(\.name) == ["laptop"])
    let stamp = bench.file.stamp
    try bench.grant("phone")
    #expect(bench.file.stamp != stamp)
  }

  @Test("a file that others may read is refused", arguments: [0o640, 0o604, 0o644, 0o660, 0o666])
  func openToOthers(mode: Int) throws {
    let bench = try AccessBench()
    try bench.grant("laptop")
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: bench.file.path)
    #expect(throws: AccessFailure.self) { try bench.file.read() }
    #expect(throws: AccessFailure.self) { try bench.grant("phone") }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: bench.file.path)
    #expect(try bench.file.read().entries.count == 1)
  }

  @Test(
    "what is no book is refused, and not replaced",
    arguments: ["", "{", "[]", "{}", "\u{0}", "{\"version\":1,\"tokens\":{}}"])
  func foreign(text: String) throws {
    let bench = try AccessBench()
    try WholeFile.write(Array(text.utf8), to: bench.file.path, for: .owner)
    #expect(throws: AccessFailure.self) { try bench.file.read() }
    #expect(throws: AccessFailure.self) { try bench.grant("laptop") }
    #expect(try WholeFile.read(bench.file.path) == Array(text.utf8))
  }

  @Test("a change that fails writes nothing")
  func failing() throws {
    let bench = try AccessBench()
    try bench.grant("laptop")
    let stamp = bench.file.stamp
    #expect(throws: AccessFailure.nameTaken("laptop")) { try bench.grant("laptop") }
    #expect(bench.file.stamp == stamp)
  }

  @Test("of changes that are made at once none is lost")
  func together() async throws {
    let bench = try AccessBench()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          await withCheckedContinuation { continuation in
            Thread.detachNewThread {
              for part in 0..<4 { _ = try? bench.grant("\(number)-\(part)") }
              continuation.resume()
            }
          }
        }
      }
    }
    #expect(try Set(bench.file.read().entries.map(\.name)).count == 32)
  }

  @Test("the file lies beside the journal")
  func place() {
    for (journal, path) in [
      ("/a/b/journal.sqlite", "/a/b/access.json"), ("journal.sqlite", "access.json"),
      ("/journal.sqlite", "//access.json"),
    ] {
      #expect(AccessFile(besideJournal: journal).path == path)
    }
  }
}
