/// A share of what an instance holds.
package struct ExposureShare: Hashable, Sendable {
  package var name: String
  /// Of the gross position, in (0, 1].
  package var share: Double

  package init(name: String, share: Double) {
    self.name = name
    self.share = share
  }
}

/// What an instance holds, as shares of its gross position. The shares of each list sum to 1, or the
/// list is empty where nothing is held or the panel has no such classes; names ascend by their bytes.
package struct InstanceExposure: Hashable, Sendable {
  package var symbols: [ExposureShare]
  /// By the panel's grouping `sector`; instruments without a known class are `unknown`.
  package var sectors: [ExposureShare]
  /// By the panel's grouping `exchange`, or `market` where it has none.
  package var venues: [ExposureShare]

  package init(
    symbols: [ExposureShare], sectors: [ExposureShare], venues: [ExposureShare]
  ) {
    self.symbols = symbols
    self.sectors = sectors
    self.venues = venues
  }
}
