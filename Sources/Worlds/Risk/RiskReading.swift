/// The figures of risk of what would be live, before and after scaling.
package struct RiskReading: Hashable, Sendable {
  /// One limit and what was observed before scaling.
  package struct Line: Hashable, Sendable {
    /// `gross`, `net`, `side_long`, `side_short`, `leverage`, `margin_used`, `var_99_1d`,
    /// `es_975_1d`, `symbol:BTC`, `sector:tech`, `exchange:x`.
    package var name: String
    /// NaN where it is unknown.
    package var observed: Double
    /// Nil where the policy sets none.
    package var limit: Double?
    /// After scaling.
    package var after: Double

    package init(name: String, observed: Double, limit: Double?, after: Double) {
      self.name = name
      self.observed = observed
      self.limit = limit
      self.after = after
    }
  }

  package var lines: [Line]
  /// What every weight was multiplied by, at most 1.
  package var scale: Double
  /// `cov_missing`, `vol_missing`, `margin_unknown`.
  package var flags: [String]

  package static let nothing = RiskReading(lines: [], scale: 1, flags: [])

  package init(lines: [Line], scale: Double, flags: [String]) {
    self.lines = lines
    self.scale = scale
    self.flags = flags
  }
}
