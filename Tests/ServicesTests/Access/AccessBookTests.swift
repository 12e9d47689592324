import Essentials
import Mathematics
import Networking
import Research
import Testing

@testable import Services

@Suite("The book of tokens")
struct AccessBookTests {
  private let now = Timestamp(millisecondsSinceEpoch: 1_763_000_000_000)

  private func later(_ seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + seconds * 1000)
  }

  private func token(_ number: UInt64) -> AccessToken {
    var generator = SplitMix64(seed: number)
    return AccessToken { generator.next() }
  }

  @discardableResult
  private func enter(
    _ name: String, _ number: UInt64, into book: inout AccessBook, expires: Timestamp? = nil,
    at instant: Timestamp? = nil
  ) throws -> AccessBook.Entry {
    try book.enter(
      token(number), for: AccessBook.Grant(name: name, role: .operator, expiresAt: expires),
      salt: Array(repeating: 1, count: 16), cost: .least, at: instant ?? now)
  }

  private func read(_ document: JSONValue) throws(DocumentFailure) -> AccessBook {
    try AccessBook(json: document, document: "book")
  }

  @Test("what is written is read again, with expiries and revocations")
  func roundTrip() throws {
    var book = AccessBook()
    try enter("laptop", 1, into: &book)
    try enter("日本 phone", 2, into: &book, expires: later(60))
    try enter("old", 3, into: &book)
    let revoked = try book.revoke("old", at: later(5))
    #expect(revoked.revokedAt == later(5))
    let again = try read(try JSONValue(parsing: book.json.indentedText))
    #expect(again == book)
    #expect(again.entries.map { $0.state(at: later(59)) } == ["active", "active", "revoked"])
    #expect(again.entries.map { $0.state(at: later(60)) } == ["active", "expired", "revoked"])
    #expect(again.entry(token(2).id)?.name == "日本 phone")
    #expect(!book.json.compactText.contains(token(1).secret.revealed))
    #expect(book.json.compactText.contains(token(1).ending))
  }

  @Test("a name belongs to one token that is valid, and is free again afterwards")
  func names() throws {
    var book = AccessBook()
    try enter("a", 1, into: &book, expires: later(60))
    #expect(throws: AccessFailure.nameTaken("a")) { try enter("a", 2, into: &book) }
    try enter("a", 2, into: &book, at: later(60))
    #expect(try book.revoke("a", at: later(61)).id == token(2).id)
    try enter("a", 3, into: &book, at: later(62))
    #expect(book.entries.count == 3)
  }

  @Test(
    "a name that could deceive is refused",
    arguments: [
      "", " ", "a ", " a", "loopback", "a\nb", "a\u{0}", "a\u{202E}b", "a\u{200B}b", "\u{E000}",
      String(repeating: "x", count: 65), "a\u{2028}b",
    ])
  func deceptive(name: String) {
    var book = AccessBook()
    #expect(throws: AccessFailure.unusableName(name)) { try enter(name, 1, into: &book) }
    #expect(book.entries.isEmpty)
  }

  @Test("an expiry that has passed, an id that is taken and a full book are refused")
  func refusals() throws {
    var book = AccessBook()
    #expect(throws: AccessFailure.expiryPassed(now)) {
      try enter("a", 1, into: &book, expires: now)
    }
    try enter("a", 1, into: &book)
    #expect(throws: AccessFailure.idTaken) { try enter("b", 1, into: &book) }
    #expect(book.entries.count == 1)
  }

  @Test("only what is there and not revoked can be revoked, by its id or its name")
  func revoking() throws {
    var book = AccessBook()
    try enter("laptop", 1, into: &book)
    #expect(throws: AccessFailure.noSuchToken("lpatop", known: ["laptop"])) {
      try book.revoke("lpatop", at: now)
    }
    #expect(
      AccessFailure.noSuchToken("lpatop", known: ["laptop"]).remedy == "Did you mean laptop?")
    _ = try book.revoke(token(1).id, at: now)
    #expect(throws: AccessFailure.revokedAlready(token(1).id)) {
      try book.revoke(token(1).id, at: now)
    }
    #expect(throws: AccessFailure.noSuchToken("laptop", known: [])) {
      try book.revoke("laptop", at: now)
    }
  }

  @Test("a document with any defect is refused, and the failure does not show the hash")
  func defects() throws {
    var book = AccessBook()
    try enter("laptop", 1, into: &book)
    let good = book.json.compactText
    for (part, other) in [
      ("\"version\":1", "\"version\":2"), ("\"version\":1,", ""), ("\"tokens\"", "\"token\""),
      ("\"operator\"", "\"oprator\""), ("argon2id", "argon2i"), ("m=8,", "m=99999999,"),
      (token(1).id, "x"), ("\"laptop\"", "\"\""), ("\"laptop\"", "\"loopback\""),
      ("\"created_ms\":1763000000000", "\"created_ms\":-1"),
      ("\"created_ms\":1763000000000,", ""), ("\"revoked_ms\":null", "\"revoked_ms\":\"no\""),
      ("\"revoked_ms\":null", "\"revoked\":null"),
    ] {
      let text = good.replacing(part, with: other)
      #expect(text != good)
      do {
        _ = try read(try #require(try? JSONValue(parsing: text)))
        Issue.record("\(text) was read")
      } catch let failure as DocumentFailure {
        #expect(!failure.description.contains("$"), "\(failure)")
      }
    }
    let twice = JSONValue.object([
      .init("version", 1), .init("tokens", .array([firstEntry(book), firstEntry(book)])),
    ])
    #expect(throws: DocumentFailure.self) { try read(twice) }
  }

  private func firstEntry(_ book: AccessBook) -> JSONValue {
    if case .array(let entries)? = book.json["tokens"] { entries[0] } else { .null }
  }

  @Test("neither printing nor dumping a book shows a hash")
  func redaction() throws {
    var book = AccessBook()
    let entry = try enter("laptop", 1, into: &book)
    var dumped = ""
    dump(book, to: &dumped)
    for text in ["\(book)", String(reflecting: book), "\(entry)", dumped] {
      #expect(!text.contains("$argon2") && !text.contains(token(1).secret.revealed))
    }
  }
}
