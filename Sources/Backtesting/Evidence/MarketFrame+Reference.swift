package import Essentials
import Markets

extension MarketFrame {
  /// Returns the record of holding one instrument without costs, for betas: a row for each row of
  /// the panel but the first, not valid where the instrument has no return. `ends` are the ends of
  /// the panel's rows.
  package func reference(column: Int, ends: [Timestamp]) -> EvidenceSeries {
    precondition(
      column >= 0 && column < panel.columns && ends.count == panel.rows,
      "column \(column) of \(panel.columns), \(ends.count) ends for \(panel.rows) rows")
    var series = EvidenceSeries()
    for row in 1..<max(1, panel.rows) {
      let change = returns.value(row: row, column: column)
      do {
        try series.append(
          EvidenceRow(instant: ends[row], netReturn: change, isValid: change.isFinite))
      } catch {
        preconditionFailure("the rows of a panel ascend, but: \(error)")
      }
    }
    return series
  }
}
