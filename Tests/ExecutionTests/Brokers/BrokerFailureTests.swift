import Essentials
import Markets
import Testing

@testable import Execution

@Suite("Failures of brokers")
struct BrokerFailureTests {
  @Test("each says what happened to what, and how to mend it")
  func texts() {
    let id = ClientOrderID(recorded: "r:a:0")
    let failures: [(any ExplainedFailure, key: String, value: String)] = [
      (BrokerFailure.disconnected(venue: "V"), "broker_disconnected", "V"),
      (BrokerFailure.noAnswer(venue: "V", id: id), "broker_silent", "r:a:0"),
      (BrokerFailure.permissionMissing(.trade, account: "A"), "broker_permission", "trade"),
      (BrokerFailure.clientIDReused(id), "client_id_reused", "r:a:0"),
      (BrokerFailure.unknownSymbol("X", venue: "V"), "unknown_symbol", "X"),
      (BrokerFailure.foreignOrder(id: id, instance: "a", path: "b"), "foreign_order", "of a"),
      (BrokerFailure.fillsForgotten(venue: "V", through: 7), "fills_forgotten", "7"),
      (PaperFailure.rowOutOfOrder(.row(1), last: .row(2)), "row_out_of_order", "1970-01-02"),
      (PaperFailure.symbolTwice("X", .row(1)), "symbol_twice", "X"),
      (
        PaperFailure.shortOfCapital(
          instance: "a", wanted: Money(micros: 2_500_000), left: .zero), "short_of_capital", "2.5"
      ),
      (PaperFailure.unusableCapital(instance: "", wanted: .zero), "unusable_capital", "\"\""),
      (UnreadableRecord(place: "a.b", expectation: "a text"), "unreadable_record", "a.b"),
    ]
    for (failure, key, value) in failures {
      #expect(failure.key == key)
      #expect(failure.explanation.contains(value), "\(failure.explanation)")
      #expect(failure.explanation.hasSuffix(".") && failure.remedy.hasSuffix("."))
    }
  }
}
