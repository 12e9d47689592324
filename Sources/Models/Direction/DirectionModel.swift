/// The chance that a price will rise, from what the models of flow and state say.
///
/// The first of these that is there speaks: the boosted trees of the regime, those for all regimes,
/// the part of the regime, that of the default regime, and the one for all.
package struct DirectionModel: Hashable, Sendable {
  package let featureNames: [String]
  package let global: DirectionPart
  package let byRegime: [RegimeTag: DirectionPart]
  /// Whose part speaks where the regime is unknown or has none.
  package let defaultRegime: RegimeTag?
  /// The trees that take the place of the logistic parts; nil where there are none or they were not
  /// asked for.
  package var trees: DirectionTrees? {
    didSet { order = trees.flatMap { Self.order($0, among: featureNames) } }
  }
  /// The trees that take the place of ``trees`` in a regime. They name our features, in our order.
  package private(set) var treesByRegime: [RegimeTag: DirectionTrees] = [:]
  /// The place of each of the features of ``trees`` among ours.
  private var order: [Int]?

  /// The share of features without which nothing is said.
  package static let missingShareMax = 0.5

  /// Nil where a part is not of as many features as there are names, or a name comes twice.
  package init?(
    featureNames: [String], global: DirectionPart, byRegime: [RegimeTag: DirectionPart] = [:],
    defaultRegime: RegimeTag? = .chop, trees: DirectionTrees? = nil
  ) {
    let parts = [global] + byRegime.values
    guard !featureNames.isEmpty, Set(featureNames).count == featureNames.count,
      parts.allSatisfy({ $0.scale.means.count == featureNames.count })
    else { return nil }
    self.init(
      named: featureNames, global: global, byRegime: byRegime, defaultRegime: defaultRegime)
    take(trees)
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

  /// A method, so that the observer of ``trees`` is told within initializers too.
  private mutating func take(_ trees: DirectionTrees?) { self.trees = trees }

  /// Takes trees for a regime; false, and nothing changes, where they name other features or in
  /// another order.
  @discardableResult
  mutating func adopt(_ trees: DirectionTrees, in regime: RegimeTag) -> Bool {
    guard trees.trees.featureNames == featureNames else { return false }
    treesByRegime[regime] = trees
    return true
  }

  /// Whether trees for all regimes are there and know our features; only then they speak.
  package var usesTrees: Bool { order != nil }

  /// Returns what is foretold from one value for each feature, NaN for what is missing. Nil where
  /// the number is another or more than half of the values are missing.
  package func forecast(_ values: [Double], regime: RegimeTag?) -> DirectionForecast? {
    guard values.count == featureNames.count else { return nil }
    let missing = values.count { !$0.isFinite }
    guard Double(missing) <= Self.missingShareMax * Double(values.count) else { return nil }
    let known = values.map { $0.isFinite ? $0 : .nan }
    if let regime, let chance = treesByRegime[regime]?.chance(known) {
      return DirectionForecast(chanceLong: chance, speaker: .treesOfRegime(regime))
    }
    if let trees, let order, let chance = trees.chance(order.map { known[$0] }) {
      return DirectionForecast(chanceLong: chance, speaker: .trees)
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

  private static func order(_ trees: DirectionTrees, among names: [String]) -> [Int]? {
    let places = trees.trees.featureNames.compactMap { names.firstIndex(of: $0) }
    return places.count == trees.trees.featureNames.count ? places : nil
  }
}
