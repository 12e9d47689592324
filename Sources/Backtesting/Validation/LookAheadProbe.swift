/// Whether an evaluation of rows changes when later rows are taken away.
///
/// A formula that only sees the past has the same values in rows 0 ..< t whether it is given t rows
/// or all of them. The probe evaluates both and compares every cell. It proves a leak; without one
/// it shows that none of its truncations found any.
package struct LookAheadProbe: Hashable, Sendable {
  /// The numbers of rows to truncate to, ascending and different.
  package let truncations: [Int]
  /// The relative difference that two evaluations of the same cell may have; 0 asks for equality.
  package let tolerance: Double

  /// Probes at the given numbers of rows; those that are not positive are left out.
  package init(truncations: [Int], tolerance: Double = 0) {
    self.truncations = Set(truncations.filter { $0 > 0 }).sorted()
    self.tolerance = tolerance
  }

  /// Probes at `count` numbers of rows spread evenly from the middle of the sample to its last but
  /// one row, where look-back windows are filled.
  package init(rows: Int, count: Int, tolerance: Double = 0) {
    let first = (rows + 1) / 2
    let span = rows - 1 - first
    self.init(
      truncations: span < 0
        ? []
        : (0..<max(0, count)).map { first + (count > 1 ? span * $0 / (count - 1) : span) },
      tolerance: tolerance)
  }

  /// Compares the full evaluation with each truncated one.
  ///
  /// `evaluate` receives the rows 0 ..< t that it may use and returns t times `columns` values, row
  /// after row; a missing value is NaN and equal to another. Truncations at or beyond `rows` are
  /// skipped. Cost: one evaluation for the full sample and one for each truncation.
  package func examine<Failure: Error>(
    rows: Int, columns: Int, evaluate: (Range<Int>) throws(Failure) -> [Double]
  ) throws(Failure) -> LookAheadVerdict {
    let usable = truncations.filter { $0 < rows }
    guard !usable.isEmpty, columns > 0 else { return .notExamined }
    let full = try evaluate(0..<rows)
    precondition(full.count == rows * columns, "\(full.count) values for \(rows)x\(columns)")
    var cells = 0
    var leaking = 0
    var earliest: LookAheadVerdict.Leak?
    for truncation in usable {
      let part = try evaluate(0..<truncation)
      precondition(
        part.count == truncation * columns, "\(part.count) values for \(truncation)x\(columns)")
      cells += part.count
      guard let cell = part.indices.first(where: { differs(part[$0], full[$0]) }) else { continue }
      leaking += 1
      if let known = earliest, (known.row, known.column) <= (cell / columns, cell % columns) {
        continue
      }
      earliest = LookAheadVerdict.Leak(
        row: cell / columns, column: cell % columns, truncation: truncation,
        value: full[cell].isNaN ? nil : full[cell],
        truncatedValue: part[cell].isNaN ? nil : part[cell])
    }
    guard let earliest else { return .clean(probes: usable.count, cells: cells) }
    return .leaks(earliest, probes: usable.count, leakingProbes: leaking)
  }

  private func differs(_ one: Double, _ other: Double) -> Bool {
    if one == other || (one.isNaN && other.isNaN) { return false }
    let difference = (one - other).magnitude
    return !(difference <= tolerance * max(one.magnitude, other.magnitude))
  }
}

/// What a `LookAheadProbe` found.
package enum LookAheadVerdict: Hashable, Sendable {
  /// The earliest cell, by row and then column, whose value depends on later rows.
  package struct Leak: Hashable, Sendable {
    /// The row, from 0.
    package let row: Int
    /// The column, from 0: the instrument.
    package let column: Int
    /// The number of rows of the evaluation that differs.
    package let truncation: Int
    /// The value with all rows, nil for missing.
    package let value: Double?
    /// The value with the first `truncation` rows, nil for missing.
    package let truncatedValue: Double?

    /// Joins the facts.
    package init(
      row: Int, column: Int, truncation: Int, value: Double?, truncatedValue: Double?
    ) {
      self.row = row
      self.column = column
      self.truncation = truncation
      self.value = value
      self.truncatedValue = truncatedValue
    }
  }

  /// No truncation lies inside the sample.
  case notExamined
  /// None of the probes differs in any of the cells compared.
  case clean(probes: Int, cells: Int)
  case leaks(Leak, probes: Int, leakingProbes: Int)
}
