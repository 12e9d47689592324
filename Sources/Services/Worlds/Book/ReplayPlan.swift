package import Essentials
import Execution
package import Markets

/// What part of history a world is led through, and with which accounts.
package struct ReplayPlan: Sendable {
  package var from: Timestamp
  package var to: Timestamp
  /// When no data arrives, so that stale data can be watched.
  package var gaps: [PanelEvidence.Gap] = []
  /// What each instance trades with on paper, and what the account that stands for money holds.
  package var capital: Money
  /// Of what is traded.
  package var fee: Rate
  package var lot: LotSize

  /// A million, five basis points, and lots of a thousandth.
  package init(from: Timestamp, to: Timestamp) {
    self.from = from
    self.to = to
    capital = Money(micros: 1_000_000_000_000)
    // Five basis points are a rate, and a thousandth is a size.
    fee = Rate(basisPoints: 5) ?? .none
    lot = LotSize(nanos: 1_000_000) ?? .one
  }
}

/// Where a replay has come to.
package struct ReplayProgress: Sendable {
  package var at: Timestamp
  /// Rows that were played, and how many there are.
  package var rows: Int
  package var total: Int
  package var cycle: Int
  package var live: Int
  /// Of the account that stands for money.
  package var equity: Double
}

/// What a replay came to.
package struct ReplayReport: Sendable {
  package var rows = 0
  package var evaluations = 0
  package var promotions = 0
  package var demotions = 0
  package var trips = 0
  package var alerts = 0
  /// Evaluations by the standing of the data.
  package var stale = 0
  /// Cutovers that did not complete.
  package var failedRuns = 0
  package var fills = 0
  /// Orders that the gates let not through.
  package var refusedOrders = 0
  /// Of the account that stands for money, at the end.
  package var equity = Double.nan
  /// Its deepest fall, as a fraction.
  package var drawdown = 0.0
  /// Days with an equity, in order.
  package var curve: [(at: Timestamp, equity: Double)] = []

  /// The members of the wire, without the curve.
  package var json: JSONValue {
    [
      "rows": .integer(rows), "evaluations": .integer(evaluations),
      "promotions": .integer(promotions), "demotions": .integer(demotions),
      "trips": .integer(trips), "alerts": .integer(alerts), "stale": .integer(stale),
      "failed_runs": .integer(failedRuns), "fills": .integer(fills),
      "refused_orders": .integer(refusedOrders), "equity": .number(equity),
      "drawdown": .number(drawdown),
    ]
  }
}
