package import Essentials

/// How the data of a snapshot relates to its instant.
package struct DataCurrency: Hashable, Sendable {
  /// Whether data may be acted upon.
  package enum Standing: String, Hashable, Sendable, CaseIterable {
    case current = "CURRENT"
    case stale = "STALE"
    /// Later than the evaluation: a clock or a feed is wrong.
    case future = "FUTURE"
    /// There is no dataset, which is as bad as a stale one.
    case unknown = "UNKNOWN"
  }

  package var standing: Standing
  /// The one that settles the standing: of those from the future the furthest ahead, otherwise the
  /// one furthest behind what it is allowed. Nil without any.
  package var dataset: String?
  package var lag: TimeSpan
  /// Whether live gates close for it.
  package var isHalting: Bool

  package init(standing: Standing, dataset: String?, lag: TimeSpan, isHalting: Bool) {
    self.standing = standing
    self.dataset = dataset
    self.lag = lag
    self.isHalting = isHalting
  }
}

extension DataCurrency {
  /// Judges the datasets of a snapshot.
  ///
  /// One dataset from the future makes all of them FUTURE, one that is behind makes them STALE. A
  /// dataset with a lag of its own closes gates after the same grace, `haltAfter` less the common
  /// lag. Nobody knows how old data without a dataset is, so it closes gates at once.
  init(of snapshot: WorldSnapshot, under rules: CurrencyRules) {
    guard !snapshot.datasets.isEmpty else {
      self.init(standing: .unknown, dataset: nil, lag: .zero, isHalting: true)
      return
    }
    let grace = max(.zero, rules.haltAfter - rules.lagMax)
    var behind: (id: String, lag: TimeSpan, excess: TimeSpan)?
    var ahead: (id: String, lag: TimeSpan)?
    for dataset in snapshot.datasets {
      let lag = snapshot.at - dataset.dataEnd
      let own = rules.datasets.first { $0.id == dataset.id }?.lagMax
      let excess = lag - (own ?? rules.lagMax)
      if behind.map({ excess > $0.excess }) ?? true { behind = (dataset.id, lag, excess) }
      if lag < .zero - rules.clockSkew, ahead.map({ lag < $0.lag }) ?? true {
        ahead = (dataset.id, lag)
      }
    }
    let excess = behind?.excess ?? .zero
    let standing: Standing = ahead != nil ? .future : excess > .zero ? .stale : .current
    let settling = ahead ?? behind.map { ($0.id, $0.lag) }
    self.init(
      standing: standing, dataset: settling?.id, lag: settling?.lag ?? .zero,
      isHalting: excess > grace || (standing != .current && rules.onStale == .freeze))
  }
}
