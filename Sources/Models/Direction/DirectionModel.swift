/// The chance that a price will rise, from what the models of flow and state say.
///
/// The boosted trees speak where there are some, otherwise the part of the regime, otherwise that of
/// the default regime, otherwise the one for all.
package struct DirectionModel: Hashable, Sendable {
  package let featureNames: [String]
  package let global: DirectionPart
  package let byRegime: [RegimeTag: DirectionPart]
  /// Whose part speaks where the regime is unknown or has none.
  package let defaultRegime: RegimeTag?
  /// The trees that take the place of the logistic parts; nil where there are none or they were not
  /// asked for.
  package var booster: BoostedTrees? {
    didSet { order = booster.map { Self.order($0, among: featureNames) } ?? nil }
  }
  /// The place of each of the booster's features among ours.
  private var order: [Int]?

  /// The share of features without which nothing is said.
  package static let missingShareMax = 0.5

  /// Nil where a part is not of as many features as there are names, or a name comes twice.
  package init?(
    featureNames: [String], global: DirectionPart, byRegime: [RegimeTag: DirectionPart] = [:],
    defaultRegime: RegimeTag? = .chop, booster: BoostedTrees? = nil
  ) {
    let parts = [global] + byRegime.values
    guard !featureNames.isEmpty, Set(featureNames).count == featureNames.count,
      parts.allSatisfy({ $0.scale.means.count == featureNames.count })
    else { return nil }
    self.init(
      named: featureNames, global: global, byRegime: byRegime, defaultRegime: defaultRegime)
    self.booster = booster
    order = booster.map { Self.order($0, among: featureNames) } ?? nil
  }

  /// For parts that are known to have as many features as there are names.
  init(
    named featureNames: [String], global: DirectionPart, byRegime: [RegimeTag: DirectionPart],
    defaultRegime: RegimeTag?
  ) {
    self.featureNames = featureNames
    self.global = global
    self.byRegime = byRegime
    self.defaultRegime = defaultRegime
  }

  /// Whether the trees are there and know our features; only then they speak.
  package var usesBooster: Bool { order != nil }

  /// Returns what is foretold from one value for each feature, NaN for what is missing. Nil where
  /// the number is another or more than half of the values are missing.
  package func forecast(_ values: [Double], regime: RegimeTag?) -> DirectionForecast? {
    guard values.count == featureNames.count else { return nil }
    let missing = values.count { !$0.isFinite }
    guard Double(missing) <= Self.missingShareMax * Double(values.count) else { return nil }
    let known = values.map { $0.isFinite ? $0 : .nan }
    if let booster, let order, let chance = booster.chance(order.map { known[$0] }) {
      return DirectionForecast(chanceLong: chance, speaker: .booster)
    }
    for tag in [regime, defaultRegime] {
      if let tag, let part = byRegime[tag] {
        return DirectionForecast(chanceLong: part.chanceLong(known), speaker: .regime(tag))
      }
    }
    return DirectionForecast(chanceLong: global.chanceLong(known), speaker: .global)
  }

  /// Returns what is foretold from values by name; a name that is not there is missing.
  package func forecast(
    named values: [String: Double], regime: RegimeTag?
  ) -> DirectionForecast? {
    forecast(featureNames.map { values[$0] ?? .nan }, regime: regime)
  }

  private static func order(_ booster: BoostedTrees, among names: [String]) -> [Int]? {
    let places = booster.featureNames.compactMap { names.firstIndex(of: $0) }
    return places.count == booster.featureNames.count && booster.isChance ? places : nil
  }
}
