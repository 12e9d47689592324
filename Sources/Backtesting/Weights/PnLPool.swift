package import Essentials

/// The profit series of alphas that were accepted before, which a newcomer may not resemble.
package struct PnLPool: Sendable {
  /// An accepted alpha with its profit, row by row.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var stamps: [Timestamp]
    /// Profit and loss of each row, not their running sum.
    package var pnl: [Double]
    package var sharpe: Double

    /// - Precondition: one number for each stamp; stamps ascend.
    package init(name: String, stamps: [Timestamp], pnl: [Double], sharpe: Double) {
      precondition(stamps.count == pnl.count)
      self.name = name
      self.stamps = stamps
      self.pnl = pnl
      self.sharpe = sharpe
    }
  }

  package private(set) var entries: [Entry]

  package init(_ entries: [Entry] = []) {
    self.entries = entries
  }

  /// Accepts an alpha: later ones are compared with it too.
  package mutating func add(_ entry: Entry) { entries.append(entry) }

  /// The window of BRAIN's self-correlation.
  package static let window = CalendarPeriod(years: 4)
  /// Fewer common rows say too little to call two alphas alike or different.
  package static let commonRowsMinimum = 20

  /// Compares a series with every entry but those of its own name, over the rows they have in
  /// common within the last four years of the series. Cost: rows times entries.
  package func compare(_ series: Entry) -> SelfCorrelation {
    guard let last = series.stamps.last else {
      return SelfCorrelation(records: [], incomparable: entries.map(\.name))
    }
    let start = Timestamp(startOf: Self.window.before(last.date).advanced(byDays: 1))
    let first = series.stamps.firstIndex { $0 >= start } ?? series.stamps.count
    var records: [SelfCorrelation.Record] = []
    var incomparable: [String] = []
    for entry in entries where entry.name != series.name {
      let correlation = Self.correlation(series, from: first, with: entry)
      if let correlation {
        records.append(
          SelfCorrelation.Record(
            name: entry.name, correlation: correlation, sharpe: entry.sharpe))
      } else {
        incomparable.append(entry.name)
      }
    }
    records.sort { ($1.correlation, $0.name) < ($0.correlation, $1.name) }
    return SelfCorrelation(records: records, incomparable: incomparable)
  }

  /// Pearson's correlation over common stamps; nil for too few of them or a constant series.
  private static func correlation(
    _ left: Entry, from first: Int, with right: Entry
  ) -> Double? {
    var pairs: [(Double, Double)] = []
    pairs.reserveCapacity(left.stamps.count - first)
    if left.stamps == right.stamps {
      for i in first..<left.stamps.count { pairs.append((left.pnl[i], right.pnl[i])) }
    } else {
      var i = first
      var j = 0
      while i < left.stamps.count, j < right.stamps.count {
        if left.stamps[i] == right.stamps[j] {
          pairs.append((left.pnl[i], right.pnl[j]))
          i += 1
          j += 1
        } else if left.stamps[i] < right.stamps[j] {
          i += 1
        } else {
          j += 1
        }
      }
    }
    guard pairs.count >= commonRowsMinimum else { return nil }
    let count = Double(pairs.count)
    var leftMean = 0.0
    var rightMean = 0.0
    for pair in pairs {
      leftMean += pair.0
      rightMean += pair.1
    }
    leftMean /= count
    rightMean /= count
    var covariance = 0.0
    var leftVariance = 0.0
    var rightVariance = 0.0
    for pair in pairs {
      covariance += (pair.0 - leftMean) * (pair.1 - rightMean)
      leftVariance += (pair.0 - leftMean) * (pair.0 - leftMean)
      rightVariance += (pair.1 - rightMean) * (pair.1 - rightMean)
    }
    let correlation = covariance / (leftVariance.squareRoot() * rightVariance.squareRoot())
    return correlation.isFinite ? min(1, max(-1, correlation)) : nil
  }
}

/// How much an alpha resembles those of a pool.
package struct SelfCorrelation: Hashable, Sendable {
  /// How closely the profits of one accepted alpha go along.
  package struct Record: Hashable, Sendable {
    package var name: String
    package var correlation: Double
    package var sharpe: Double

    package init(name: String, correlation: Double, sharpe: Double) {
      self.name = name
      self.correlation = correlation
      self.sharpe = sharpe
    }
  }

  /// The most correlated first.
  package var records: [Record]
  /// Entries with too few common rows, or without variation.
  package var incomparable: [String]

  package init(records: [Record], incomparable: [String]) {
    self.records = records
    self.incomparable = incomparable
  }

  package var largest: Double? { records.first?.correlation }
  package var smallest: Double? { records.last?.correlation }
}
