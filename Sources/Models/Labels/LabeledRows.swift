import Essentials

/// A sample as a model learns from it and is judged by it.
package struct LabeledRow: Hashable, Sendable {
  package let values: [Double]
  package let symbol: String
  package let regime: RegimeTag?
  /// From when the features were known until the label was.
  package let interval: LabelInterval
  /// What decides the class.
  package let target: Double
  /// The log return over the time of the label, before costs.
  package let move: Double
  /// The class; nil in the neutral band. Such a row teaches nothing, but whoever acted on it is
  /// charged for it: which rows are neutral is known only afterward.
  package let isUp: Bool?

  package init(
    values: [Double], symbol: String, regime: RegimeTag?, interval: LabelInterval, target: Double,
    move: Double, isUp: Bool?
  ) {
    self.values = values
    self.symbol = symbol
    self.regime = regime
    self.interval = interval
    self.target = target
    self.move = move
    self.isUp = isUp
  }
}

/// The selected rows, by time and then symbol, and what became of the others.
package struct LabeledRows: Hashable, Sendable {
  package let source: LabelSource
  package internal(set) var rows: [LabeledRow] = []
  /// The share of all samples whose target is not zero.
  package internal(set) var activeShare = 0.0
  /// Samples that have no label of the source.
  package internal(set) var unlabeled = 0
  package internal(set) var contaminated = 0
  /// Rows that are kept without a class.
  package internal(set) var neutral = 0

  init(source: LabelSource) {
    self.source = source
  }

  /// How many labels of a symbol are open at once, on average over the labeled time; 1 without
  /// overlap, NaN without rows.
  package var overlap: Double {
    Double(rows.count) / Double(Self.independentCount(of: rows))
  }

  /// The number of labels of each symbol that can be picked without overlap, first come first kept.
  /// That many of the rows, which come by time, tell something of their own.
  package static func independentCount(of rows: some Sequence<LabeledRow>) -> Int {
    var ends: [String: Timestamp] = [:]
    var count = 0
    for row in rows {
      if let end = ends[row.symbol], row.interval.start < end { continue }
      ends[row.symbol] = row.interval.end
      count += 1
    }
    return count
  }
}
