import Essentials
import Foundation
import Networking
import Testing

@testable import Services

@Suite("Whose a token is")
struct TokenDeskTests {
  private func wrong(_ token: AccessToken) -> SecretText {
    SecretText("ath_\(token.id)_" + String(repeating: "0", count: 64))
  }

  @Test("a token is its owner's with its role, each time it is shown")
  func known() throws {
    let bench = try AccessBench()
    let laptop = try bench.grant("laptop", .operator)
    let phone = try bench.grant("phone")
    let desk = bench.desk()
    for _ in 0..<30 {
      #expect(
        try desk.caller(with: laptop.text, from: "p") == Caller(name: "laptop", role: .operator))
      #expect(
        try desk.caller(with: phone.text, from: "p") == Caller(name: "phone", role: .viewer))
    }
  }

  @Test("what is no good token is not told why")
  func unknown() throws {
    let bench = try AccessBench()
    let laptop = try bench.grant("laptop")
    let old = try bench.grant("old")
    let brief = try bench.grant("brief", expiresAfter: 10)
    try bench.revoke("old")
    let desk = bench.desk()
    #expect(try desk.caller(with: brief.text, from: "p").name == "brief")
    bench.pass(.seconds(10))
    for text in [
      wrong(laptop), old.text, brief.text, AccessToken(chance: bench.chance).text, SecretText(""),
      SecretText("ath_\(laptop.id)"), SecretText(laptop.text.revealed + " "),
      SecretText(laptop.text.revealed.uppercased()),
      SecretText(String(repeating: "x", count: 100_000)),
    ] {
      #expect(throws: AccessRefusal.invalidToken) { try desk.caller(with: text, from: "p") }
    }
    #expect(try desk.caller(with: laptop.text, from: "p").name == "laptop")
  }

  @Test("a revocation and a new token hold at once, without asking anybody to read the file")
  func changes() throws {
    let bench = try AccessBench()
    let desk = bench.desk()
    let early = AccessToken(chance: bench.chance)
    #expect(throws: AccessRefusal.invalidToken) { try desk.caller(with: early.text, from: "p") }
    let laptop = try bench.grant("laptop")
    #expect(try desk.caller(with: laptop.text, from: "p").name == "laptop")
    let (salt, now) = (bench.salt, bench.now)
    try bench.file.change { book throws(AccessFailure) in
      _ = try book.enter(
        early, for: AccessBook.Grant(name: "early", role: .owner), salt: salt, cost: .least,
        at: now)
    }
    #expect(try desk.caller(with: early.text, from: "p").role == .owner)
    try bench.revoke("laptop")
    #expect(throws: AccessRefusal.invalidToken) { try desk.caller(with: laptop.text, from: "p") }
    try FileManager.default.removeItem(atPath: bench.file.path)
    #expect(throws: AccessRefusal.invalidToken) { try desk.caller(with: early.text, from: "p") }
  }

  @Test("guessing is slowed for its peer, and neither good tokens nor one bad token are")
  func guessing() throws {
    let bench = try AccessBench()
    let laptop = try bench.grant("laptop")
    let fresh = try bench.grant("fresh")
    let desk = bench.desk()
    _ = try desk.caller(with: laptop.text, from: "p")
    var refusals: [AccessRefusal] = []
    for _ in 0..<12 {
      do throws(AccessRefusal) {
        _ = try desk.caller(with: AccessToken(chance: bench.chance).text, from: "p")
      } catch {
        refusals.append(error)
      }
    }
    #expect(
      refusals == Array(repeating: .invalidToken, count: 10)
        + Array(repeating: .tooManyAttempts(seconds: 5), count: 2))
    #expect(try desk.caller(with: laptop.text, from: "p").name == "laptop")
    // A token that was not tried yet waits like the guesses of its peer, and passes from elsewhere.
    #expect(throws: AccessRefusal.tooManyAttempts(seconds: 5)) {
      try desk.caller(with: fresh.text, from: "p")
    }
    #expect(try desk.caller(with: fresh.text, from: "q").name == "fresh")
    for _ in 0..<100 {
      #expect(throws: AccessRefusal.invalidToken) {
        try desk.caller(with: wrong(laptop), from: "r")
      }
    }
  }

  @Test("a book that cannot be read is said to be so, and is read when it can be")
  func unreadable() throws {
    let bench = try AccessBench()
    let laptop = try bench.grant("laptop")
    let desk = bench.desk()
    _ = try desk.caller(with: laptop.text, from: "p")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: bench.file.path)
    do throws(AccessRefusal) {
      _ = try desk.caller(with: laptop.text, from: "p")
      Issue.record("a token was taken by a book that others may read")
    } catch {
      #expect(error.status == 503)
      #expect(error.remedy.contains("chmod 600"))
    }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: bench.file.path)
    #expect(try desk.caller(with: laptop.text, from: "p").name == "laptop")
  }

  @Test("many threads may ask at once, also while the book changes")
  func together() async throws {
    let bench = try AccessBench()
    let tokens = try (0..<4).map { try bench.grant("t\($0)") }
    let desk = bench.desk()
    let names = await withTaskGroup(of: [String].self) { group in
      for number in 0..<4 {
        group.addTask {
          (0..<50).map { round in
            if number == 0, round % 10 == 0 { _ = try? bench.grant("more\(round)") }
            return (try? desk.caller(with: tokens[number].text, from: "\(number)").name) ?? "-"
          }
        }
      }
      return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
    }
    #expect(names == ["t0", "t1", "t2", "t3"])
  }
}
