import Essentials
import Markets
import Testing

@testable import Execution

@Suite("States of a paper account")
struct PaperStateTests {
  private func traded() throws -> PaperBroker {
    let broker = PaperBroker(
      PaperConfiguration(
        balance: Money(micros: 1_000_000_000), otherLots: .one, fee: Rate(basisPoints: 3)!))
    try broker.fund("a", with: Money(micros: 10_000_000))
    _ = try broker.submit(.sample("1", of: "a", .buy, 3))
    _ = try broker.advance(to: .row(1), bars: [.flat(100.1)])
    _ = try broker.submit(.sample("2", of: "a", .sell, 1))
    _ = try broker.advance(to: .row(2), bars: [.flat(101.7)])
    _ = try broker.submit(.sample("3", of: "b", .sell, 0))
    _ = try broker.submit(.sample("4", of: "b", .sell, 2, kind: .limit(Price(500.0)!)))
    _ = try broker.submit(.sample("5", of: "b", .sell, 2, timeInForce: .until(.row(9))))
    _ = try broker.cancel(ClientOrderID(recorded: "5"))
    return broker
  }

  @Test("a state reads back to the same account, to the last bit")
  func roundTrip() throws {
    let broker = try traded()
    let text = broker.state.compactText
    let again = try PaperBroker(state: JSONValue(parsing: text))
    #expect(again.state.compactText == text)
    #expect(again.lastRow == .row(2))
    #expect(try again.openOrders(of: nil) == broker.openOrders(of: nil))
    #expect(try again.fills(after: .start) == broker.fills(after: .start))
    #expect(try again.equity(of: "a") == broker.equity(of: "a"))
    for number in 1...5 {
      let id = ClientOrderID(recorded: String(number))
      #expect(try again.status(of: id) == broker.status(of: id))
    }
  }

  @Test("fills that were let go are not kept, and reading before them fails")
  func forgetting() throws {
    let broker = try traded()
    broker.forgetFills(through: FillCursor(sequence: 1))
    let again = try PaperBroker(state: broker.state)
    #expect(try again.fills(after: FillCursor(sequence: 1)).map(\.sequence) == [2])
    #expect(throws: BrokerFailure.fillsForgotten(venue: "paper", through: 1)) {
      try again.fills(after: .start)
    }
    #expect(try again.fills(after: FillCursor(sequence: 99)).isEmpty)
    again.forgetFills(through: FillCursor(sequence: 99))
    _ = try again.submit(.sample("6", of: "a"))
    #expect(try again.advance(to: .row(3), bars: [.flat(100)]).map(\.sequence) == [3])
  }

  /// A change of the state's text, and the place that is named.
  @Test(
    "a state that was changed is refused, and the place is named",
    arguments: [
      ("\"schema\":\"paper/v1\"", "\"schema\":\"paper/v9\"", "schema"),
      ("\"side\":\"buy\"", "\"side\":\"bye\"", "orders[0].order.side"),
      ("\"last_fill\":2", "\"last_fill\":3", "last_fill"),
      ("\"last_fill\":2", "\"last_fill\":\"2\"", "last_fill"),
      ("\"account\":\"cash\",\"micros\":", "\"account\":\"cash\",\"micros\":1", "ledger"),
      ("\"account\":\"fees\"", "\"account\":\"fee\"", "ledger.books[1].accounts"),
      ("\"venue\":[{\"symbol\":\"S\",\"lots\":2}]", "\"venue\":[]", "ledger"),
      ("\"marks\":[{\"symbol\":\"S\"", "\"marks\":[{\"symbol\":\"T\"", "The record"),
      ("\"client_id\":\"2\"", "\"client_id\":\"1\"", "orders[1]"),
      ("\"filled\":3", "\"filled\":4", "orders[0].filled"),
      ("\"valid\":\"until_cancelled\"", "\"valid\":\"ever\"", "orders[0].order.valid"),
      ("\"status\":\"accepted\"", "\"status\":\"taken\"", "orders[0].answer.status"),
      (
        "\"end\":{\"status\":\"cancelled\",\"filled\":0}", "\"end\":{\"status\":\"unknown\"}",
        "orders"
      ),
      ("\"reduce_only\":false", "\"reduce_only\":0", "orders[0].order.reduce_only"),
      ("\"price_nanos\":", "\"price_nanos\":-", "marks[0].price_nanos"),
      ("\"fee_millionths\":300", "\"fee_millionths\":-1", "fee_millionths"),
      ("\"now\":", "\"then\":", "now"),
    ])
  func changed(old: String, new: String, place: String) throws {
    let text = try traded().state.compactText
    let range = try #require(text.firstRange(of: old), "\(old) in \(text)")
    let state = try JSONValue(parsing: text.replacingCharacters(in: range, with: new))
    let failure = #expect(throws: UnreadableRecord.self) { try PaperBroker(state: state) }
    #expect(failure?.explanation.contains(place) == true, "\(failure?.explanation ?? "")")
  }
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<Index>? { ranges(of: part).first }

  fileprivate func replacingCharacters(in range: Range<Index>, with new: String) -> String {
    var text = self
    text.replaceSubrange(range, with: new)
    return text
  }
}
