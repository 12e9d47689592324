import Essentials

/// The settings that a simulator accepts: choices that depend on one another, so that a universe of
/// Europe is not taken for one of the United States.
package struct AllowedSettings: Hashable, Sendable {
  /// What may be combined with one instrument type and region.
  package struct Market: Hashable, Sendable {
    package var instrumentType: String
    package var region: String
    package var universes: [String]
    package var delays: [Int]
    package var neutralizations: [String]

    package init(
      instrumentType: String, region: String, universes: [String], delays: [Int],
      neutralizations: [String]
    ) {
      self.instrumentType = instrumentType
      self.region = region
      self.universes = universes
      self.delays = delays
      self.neutralizations = neutralizations
    }
  }

  package var markets: [Market]
  package var languages: [String]

  package init(markets: [Market], languages: [String] = ["FASTEXPR"]) {
    self.markets = markets
    self.languages = languages
  }

  /// A setting whose value is not among those allowed.
  package struct Violation: Hashable, Sendable {
    /// The setting's name, such as `universe`.
    package let name: String
    /// One sentence with the value.
    package let message: String
    /// What to write instead.
    package let remedy: String
  }

  /// Returns what is not allowed, in the order region, universe, delay, neutralization, language. A
  /// region that is unknown is said alone, for the rest depends on it.
  package func violations(of settings: CandidateSettings) -> [Violation] {
    var violations: [Violation] = []
    func require(_ name: String, _ value: String, among allowed: [String]) {
      guard !allowed.contains(value) else { return }
      let near = nearestName(to: value, among: allowed)
      violations.append(
        Violation(
          name: name, message: "The setting \(name) is \(value), which is not offered.",
          remedy: near.map { "Write \($0)." }
            ?? "Write one of \(allowed.joined(separator: ", "))."))
    }
    let ofType = markets.filter { $0.instrumentType == settings.instrumentType }
    if ofType.isEmpty {
      require(
        "instrumentType", settings.instrumentType, among: unique(markets.map(\.instrumentType)))
    } else if let market = ofType.first(where: { $0.region == settings.region }) {
      require("universe", settings.universe, among: market.universes)
      require("delay", String(settings.delay), among: market.delays.map { String($0) })
      require("neutralization", settings.neutralization, among: market.neutralizations)
    } else {
      require("region", settings.region, among: unique(ofType.map(\.region)))
    }
    require(
      "language", settings.language.uppercased(), among: languages.map { $0.uppercased() })
    return violations
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
