import Markets
import Testing

@testable import Execution

@Suite("The paper ledger")
struct PaperLedgerTests {
  private func price(_ units: Double) throws -> Price { try #require(Price(units)) }

  @Test("closing a third of a position takes a third of its cost, and the last lot the rest")
  func costs() throws {
    var ledger = PaperLedger(balance: .zero)
    func book(_ lots: Int64, _ units: Double) throws {
      let isBooked = ledger.book(
        Quantity(lots: lots), of: "S", at: try price(units), lot: .one, fee: .zero, for: "a")
      #expect(isBooked)
      #expect(ledger.total == 0)
    }
    try book(1, 10)
    try book(2, 10.000001)
    #expect(ledger.balance(.holding("S"), of: "a").micros == 30_000_002)
    try book(-1, 10)
    #expect(ledger.balance(.holding("S"), of: "a").micros == 20_000_001)
    try book(-1, 10)
    #expect(ledger.balance(.holding("S"), of: "a").micros == 10_000_000)
    try book(-1, 10)
    #expect(ledger.balance(.holding("S"), of: "a") == .zero)
    #expect(ledger.balance(.realized, of: "a").micros == 2)
    #expect(ledger.venueLots.isEmpty)
  }

  @Test("a trade through zero closes at its cost and opens at its price")
  func turning() throws {
    var ledger = PaperLedger(balance: .zero)
    for (lots, units) in [(Int64(2), 10.0), (-5, 12)] {
      let isBooked = ledger.book(
        Quantity(lots: lots), of: "S", at: try price(units), lot: .one,
        fee: Money(micros: 1), for: "a")
      #expect(isBooked)
    }
    #expect(ledger.lots(of: "S", heldBy: "a").lots == -3)
    #expect(ledger.balance(.holding("S"), of: "a").value == -36)
    #expect(ledger.balance(.realized, of: "a").value == -4)
    #expect(ledger.balance(.cash, of: "a").micros == 39_999_998)
    #expect(ledger.balance(.fees, of: "a").micros == 2)
  }

  @Test("what would be too large to count changes nothing at all")
  func tooLarge() throws {
    var ledger = PaperLedger(balance: .zero)
    let dear = try price(9e8)
    for isBooked in [true, false] {
      let before = ledger
      let result = ledger.book(
        Quantity(lots: 1000), of: "S", at: dear, lot: .one, fee: .zero, for: "a")
      #expect(result == isBooked)
      if !isBooked { #expect(ledger == before) }
    }
    let cheap = try #require(Price(nanos: 1))
    let trades: [(Quantity, String, Bool)] = [
      (.largest, "a", true), (Quantity(lots: 1), "a", false), (Quantity(lots: 1), "b", false),
    ]
    for (quantity, instance, expected) in trades {
      let isBooked = ledger.book(
        quantity, of: "T", at: cheap, lot: .one, fee: .zero, for: instance)
      #expect(isBooked == expected)
    }
  }

  @Test("books that break an invariant are no ledger")
  func invariants() throws {
    var ledger = PaperLedger(balance: Money(micros: 5))
    let isBooked = ledger.book(
      Quantity(lots: 2), of: "S", at: try price(1), lot: .one, fee: .zero, for: "a")
    #expect(isBooked)
    #expect(PaperLedger(books: ledger.books, venueLots: ledger.venueLots) == ledger)
    #expect(PaperLedger(books: ledger.books, venueLots: [:]) == nil)
    var books = ledger.books
    books["a"]?.lots = [:]
    #expect(PaperLedger(books: books, venueLots: [:]) == nil)
    books = ledger.books
    books["a"]?.balances[.cash] = .zero
    #expect(PaperLedger(books: books, venueLots: ledger.venueLots) == nil)
  }
}
