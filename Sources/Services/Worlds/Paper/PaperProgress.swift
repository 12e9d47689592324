package import Essentials

/// What trading rows of prices came to.
package struct PaperProgress: Hashable, Sendable {
  /// Rows that were traded.
  package var rows = 0
  /// When the first and the last of them were complete, nil without any.
  package var from: Timestamp?
  package var through: Timestamp?
  /// Fills on paper, and at the account that stands for money.
  package var paperFills = 0
  package var liveFills = 0
  /// Orders that the gates let not through.
  package var refusedOrders = 0
  /// Cuts of the world's risk that tripped.
  package var trips = 0
  /// Cutovers that ended, and did not complete.
  package var failedRuns = 0

  package init() {}

  /// Takes in what followed.
  package mutating func add(_ later: PaperProgress) {
    rows += later.rows
    from = from ?? later.from
    through = later.through ?? through
    paperFills += later.paperFills
    liveFills += later.liveFills
    refusedOrders += later.refusedOrders
    trips += later.trips
    failedRuns += later.failedRuns
  }

  /// What happened in one sentence, empty where nothing was traded: a row of most panels is a day.
  package var sentence: String {
    guard rows > 0, let from, let through else { return "" }
    let span =
      rows == 1 ? "1 row of prices (\(through))" : "\(rows) rows of prices (\(from) to \(through))"
    return "Traded \(span): \(paperFills) fills on paper, \(liveFills) with money."
  }

  /// The members of the wire.
  package var json: JSONValue {
    [
      "rows": .integer(rows), "from": from.map { .string("\($0)") } ?? .null,
      "through": through.map { .string("\($0)") } ?? .null,
      "paper_fills": .integer(paperFills), "live_fills": .integer(liveFills),
      "refused_orders": .integer(refusedOrders), "trips": .integer(trips),
      "failed_runs": .integer(failedRuns),
    ]
  }
}
