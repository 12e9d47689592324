package import Essentials

/// What one period of an instance amounted to.
package struct EvidenceRow: Hashable, Sendable {
  /// Where a row was earned.
  package enum Origin: String, Hashable, Sendable, CaseIterable {
    /// Replayed over history.
    case simulated
    /// On paper, with data as it arrived.
    case paper
  }

  /// The end of the period: nothing of the row is known before.
  package var instant: Timestamp
  /// The simple return of compounded equity after costs; NaN where it is missing.
  package var netReturn: Double
  /// Changes of positions that count as trades.
  package var trades: Int
  /// Whether the bars behind the row can be believed. A row that is not valid, or without a finite
  /// return, takes part in no measure and in no sample.
  package var isValid: Bool
  /// The sizes of all positions held over the period, as a share of equity.
  package var grossExposure: Double
  /// What was traded to set the positions up, as a share of equity.
  package var turnover: Double
  package var origin: Origin

  package init(
    instant: Timestamp, netReturn: Double, trades: Int = 0, isValid: Bool = true,
    grossExposure: Double = 1, turnover: Double = 0, origin: Origin = .simulated
  ) {
    self.instant = instant
    self.netReturn = netReturn
    self.trades = trades
    self.isValid = isValid
    self.grossExposure = grossExposure
    self.turnover = turnover
    self.origin = origin
  }

  /// Whether the row takes part in measures.
  package var isPresent: Bool { isValid && netReturn.isFinite }

  /// The UTC day that the period belongs to: that of its last millisecond, so that a period which
  /// ends at midnight belongs to the day that ends.
  package var day: CalendarDate { (instant - TimeSpan(milliseconds: 1)).date }
}

/// The record of one instance: periods in ascending order of their ends.
///
/// Simulated rows come first and rows of the paper ledger follow from the instant at which the
/// instance runs dry, but any order of origins is allowed. Rows are only ever added, so what was
/// measured as of an instant can be measured again.
package struct EvidenceSeries: Hashable, Sendable {
  package private(set) var rows: [EvidenceRow] = []

  package init() {}

  /// Takes rows in ascending order of their instants.
  package init(_ rows: some Sequence<EvidenceRow>) throws(EvidenceFailure) {
    for row in rows { try append(row) }
  }

  package var count: Int { rows.count }

  /// Adds the next row; one that does not end after the last is refused and changes nothing.
  package mutating func append(_ row: EvidenceRow) throws(EvidenceFailure) {
    if let last = rows.last, row.instant <= last.instant {
      throw .rowNotAfterLast(row: row.instant, last: last.instant)
    }
    rows.append(row)
  }

  /// Returns the number of rows that are known at an instant: those that end at it or before.
  package func count(asOf instant: Timestamp) -> Int {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].instant <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Returns the record as it was known at an instant.
  package func prefix(asOf instant: Timestamp) -> EvidenceSeries {
    var known = EvidenceSeries()
    known.rows = Array(rows.prefix(count(asOf: instant)))
    return known
  }

  /// Returns this record up to where a later one begins, and then the later one: simulated rows as
  /// long as there are none on paper.
  package func followed(by later: EvidenceSeries) -> EvidenceSeries {
    guard let first = later.rows.first else { return self }
    var joined = EvidenceSeries()
    joined.rows = rows.prefix { $0.instant < first.instant } + later.rows
    return joined
  }

  /// Returns the rows of a window that ends at an instant; nothing that ends later is among them.
  package func range(of window: EvidenceWindow, asOf instant: Timestamp) -> Range<Int> {
    let end = count(asOf: instant)
    switch window {
    case .all: return 0..<end
    case .bars(let count): return max(0, end - count)..<end
    case .span(let length): return min(end, self.count(asOf: instant - length))..<end
    }
  }
}
