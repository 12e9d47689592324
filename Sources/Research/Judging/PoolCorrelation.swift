package import Backtesting
package import Essentials

/// How closely an alpha resembles the one of a pool that it resembles most, whatever the sign: the
/// opposite of an accepted alpha is no new idea either.
package struct PoolCorrelation: Hashable, Sendable {
  /// The correlation that is largest in size; nil where nothing could be compared.
  package var largest: Double?
  /// The name of that alpha.
  package var nearest: String?
  /// Entries that were compared.
  package var compared: Int
  /// Entries with too few common rows, or without variation.
  package var incomparable: Int

  /// Compares a series with every entry of another name. Cost: rows times entries.
  package init(of series: PnLPool.Entry, with pool: PnLPool) {
    compared = 0
    incomparable = 0
    for entry in pool.entries where entry.name != series.name {
      guard let correlation = PairwiseCorrelation.of(series, entry) else {
        incomparable += 1
        continue
      }
      compared += 1
      if correlation.magnitude > largest?.magnitude ?? -1 {
        largest = correlation
        nearest = entry.name
      }
    }
  }

  /// Takes what a platform states.
  package init(largest: Double?, nearest: String? = nil, compared: Int = 0) {
    self.largest = largest?.ifFinite
    self.nearest = nearest
    self.compared = compared
    incomparable = 0
  }

  /// The object that reports show.
  package var json: JSONValue {
    [
      "largest": .optional(largest), "nearest": nearest.map(JSONValue.string) ?? .null,
      "compared": .integer(compared), "incomparable": .integer(incomparable),
    ]
  }
}
