package import Essentials

/// What is known of the instances of a world at an instant, from data alone.
package struct CycleEvidence: Hashable, Sendable {
  package var datasets: [WorldSnapshot.Dataset]
  /// What is known of each instance beside its measures.
  package var instances: [InstanceEvidence]
  /// Rows in the order of ``instances``.
  package var table: EvidenceTable
  /// In the order of ``instances``; nil where nothing is known of them.
  package var correlations: CorrelationTable?

  package init(
    datasets: [WorldSnapshot.Dataset], instances: [InstanceEvidence], table: EvidenceTable,
    correlations: CorrelationTable?
  ) {
    self.datasets = datasets
    self.instances = instances
    self.table = table
    self.correlations = correlations
  }
}

/// What data says of one instance beside its measures.
package struct InstanceEvidence: Hashable, Sendable {
  package var id: String
  /// How far back its data reaches.
  package var history: TimeSpan
  /// Whether the look-back of its formula is filled.
  package var isWarm: Bool
  /// What it holds, as shares of its weight.
  package var symbols: [WorldSnapshot.Share]
  package var sectors: [WorldSnapshot.Share]
  package var venues: [WorldSnapshot.Share]
  /// Standard deviation of its daily return at full weight; NaN where it is unknown.
  package var volatility: Double
  /// Why its history cannot be replayed, nil where it can.
  package var failure: String?

  package init(
    id: String, history: TimeSpan, isWarm: Bool, symbols: [WorldSnapshot.Share] = [],
    sectors: [WorldSnapshot.Share] = [], venues: [WorldSnapshot.Share] = [],
    volatility: Double = .nan, failure: String? = nil
  ) {
    self.id = id
    self.history = history
    self.isWarm = isWarm
    self.symbols = symbols
    self.sectors = sectors
    self.venues = venues
    self.volatility = volatility
    self.failure = failure
  }
}
