import Essentials

/// How widely and how newly a run searches.
struct SearchTally: Hashable, Sendable {
  struct Point: Hashable, Sendable {
    let at: Timestamp
    let value: Double
  }

  private(set) var exploitCandidates = 0
  private(set) var exploreCandidates = 0
  private(set) var packs = 0
  /// Subcategories by the order in which they were first met.
  private var sectors: [String: Int] = [:]
  /// Subcategories for a region and a delay that packs were built from.
  private var cells: Set<String> = []
  private var availableCells: Int?
  /// The novelty of the latest candidates that were measured.
  private var novelties = RecentPoints<Double>(capacity: 16)
  private(set) var isNoveltyLow = false
  private(set) var isCoverageLow = false
  private(set) var isExploreShareLow = false
  private(set) var coverageSeries = RecentPoints<Point>(capacity: 240)
  private(set) var noveltySeries = RecentPoints<Point>(capacity: 240)
  private(set) var exploreSeries = RecentPoints<Point>(capacity: 240)

  /// The share of the catalogue's cells that packs were built from, at most 1; nil where nobody said
  /// how many there are.
  var coverage: Double? {
    guard let availableCells, availableCells > 0 else { return nil }
    return min(1, Double(cells.count) / Double(availableCells))
  }

  /// The mean novelty of the latest candidates, nil where none was measured.
  var novelty: Double? {
    let values = novelties.elements
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The share of candidates that explore, nil before the first of a lane.
  var exploreRatio: Double? {
    let total = exploitCandidates + exploreCandidates
    return total == 0 ? nil : Double(exploreCandidates) / Double(total)
  }

  var isEmpty: Bool { packs == 0 && exploreRatio == nil && novelty == nil }

  mutating func take(_ pack: PackFacts, at now: Timestamp) {
    packs += 1
    if let available = pack.available {
      let (cells, overflow) = available.subcategories.multipliedReportingOverflow(
        by: available.targets)
      availableCells = overflow ? nil : cells
    }
    for name in pack.selectedSubcategories where cells.count < RunGauges.membersMax {
      cells.insert("\(name)\u{1F}\(pack.target.region)\u{1F}\(pack.target.delay)")
    }
    guard let coverage else { return }
    coverageSeries.append(Point(at: now, value: coverage))
    isCoverageLow =
      packs >= GaugeRules.coverageJudgedFrom
      && GaugeRules.isLow(
        coverage, was: isCoverageLow, enters: GaugeRules.lowCoverageEnters,
        leaves: GaugeRules.lowCoverageLeaves)
  }

  /// Takes in a candidate; one of no lane does not count in the explore share.
  mutating func take(_ lane: Lane?, novelty: Double?, target: Double, at now: Timestamp) {
    if lane == .exploit { exploitCandidates += 1 }
    if lane == .explore { exploreCandidates += 1 }
    if lane == .exploit || lane == .explore, let exploreRatio {
      exploreSeries.append(Point(at: now, value: exploreRatio))
      judge(exploreRatio, target: target)
    }
    guard let novelty else { return }
    novelties.append(novelty)
    guard let mean = self.novelty else { return }
    noveltySeries.append(Point(at: now, value: mean))
    isNoveltyLow = GaugeRules.isLow(
      mean, was: isNoveltyLow, enters: GaugeRules.lowNoveltyEnters,
      leaves: GaugeRules.lowNoveltyLeaves)
  }

  private mutating func judge(_ ratio: Double, target: Double) {
    // Too few candidates to expect a single one that explores cannot break a share.
    guard Double(exploitCandidates + exploreCandidates) * target >= 1 else { return }
    isExploreShareLow = GaugeRules.isLow(
      ratio, was: isExploreShareLow, enters: max(0, target - GaugeRules.exploreSlackEnters),
      leaves: max(0, target - GaugeRules.exploreSlackLeaves))
  }

  /// The sector to name for a list of subcategories: the first that is new, otherwise the first.
  mutating func sector(of names: [String]) -> Scan.Sector? {
    var newest: String?
    for name in names where sectors[name] == nil && sectors.count < RunGauges.membersMax {
      sectors[name] = sectors.count + 1
      newest = newest ?? name
    }
    guard let name = newest ?? names.first, let number = sectors[name] else { return nil }
    return Scan.Sector(number: number, name: name)
  }
}
