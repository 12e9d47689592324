/// Splits that only ever learn from the past.
///
/// R. Pardo, "The Evaluation and Optimization of Trading Strategies" (2008), chapter 11. Each fold
/// learns from rows before its test rows; the test rows of successive folds follow one another
/// without overlap, and the last fold ends at the last row.
package struct WalkForward: Hashable, Sendable {
  /// Where learning begins.
  package enum Window: String, Hashable, Sendable, CaseIterable {
    /// Every fold learns from the first row on.
    case anchored
    /// Every fold learns from the same number of rows.
    case rolling
  }

  /// Where learning begins.
  package var window: Window
  /// The rows that a rolling fold learns from, and the fewest of an anchored one.
  package var trainLength: Int
  /// The rows of each test.
  package var testLength: Int
  /// Rows between learning and test that belong to neither: the reach of what is being predicted.
  package var gap: Int

  /// Makes a plan; it is checked when rows are split.
  package init(window: Window = .anchored, trainLength: Int, testLength: Int, gap: Int = 0) {
    self.window = window
    self.trainLength = trainLength
    self.testLength = testLength
    self.gap = gap
  }

  /// Makes as many folds of `testLength` rows as fit behind the first training rows, in the order of
  /// time. Rows that fill no fold are left out of the tests at the beginning.
  package func splits(rows: Int) throws(ValidationFailure) -> [RowSplit] {
    guard trainLength > 0 else {
      throw .unusableSetting(name: "trainLength", value: trainLength, allowed: "positive")
    }
    guard testLength > 0 else {
      throw .unusableSetting(name: "testLength", value: testLength, allowed: "positive")
    }
    guard gap >= 0 else {
      throw .unusableSetting(name: "gap", value: gap, allowed: "zero or positive")
    }
    let folds = (rows - trainLength - gap) / testLength
    guard rows >= trainLength + gap + testLength else {
      throw .tooFewRows(
        rows: rows, needed: trainLength + gap + testLength, purpose: "one walk-forward fold")
    }
    return (0..<folds).map { fold in
      let testStart = rows - (folds - fold) * testLength
      let trainEnd = testStart - gap
      let trainStart = window == .anchored ? 0 : trainEnd - trainLength
      return RowSplit(train: [trainStart..<trainEnd], test: testStart..<testStart + testLength)
    }
  }
}
