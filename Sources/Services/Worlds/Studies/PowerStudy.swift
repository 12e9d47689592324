import Dispatch
package import Essentials
package import Mathematics
import Synchronization
package import Worlds

/// Whom a policy lets go live where the truth is known: strategies with a planted Sharpe ratio, and
/// strategies without any skill that were the best of many.
///
/// Each strategy is entered with a history, goes through the phases as in a world, and is looked at
/// in every cycle by the real decision on real measures (``StudiedWorld``). Worlds hold
/// ``worldSize`` long strategies, which never compete for places: policies with fewer places for
/// longs are studied with fewer. A study is its settings: the same seed gives the same table on any
/// number of threads.
package struct PowerStudy: Sendable {
  /// What is planted, how often, and with what chance.
  package struct Settings: Hashable, Sendable {
    package var seed: UInt64 = 1
    /// Worlds for each row of the table; rows that the claims are about have ``claimFactor`` as many.
    package var worlds = 60
    /// Years of history before the strategy is entered.
    package var histories: [Double] = [0.5, 1, 2, 3]
    /// Planted annual Sharpe ratios; 0 is noise.
    package var sharpes: [Double] = [0, 0.5, 1, 1.5, 2]
    /// How often is decided; nil for every cycle of the policy.
    package var every: TimeSpan?
    /// Whether rows of the best of many are made, and rows whose returns have a memory.
    package var isWhole = true

    package init() {}
  }

  /// A row of the table before it is filled.
  package struct Plan: Hashable, Sendable {
    package var nature: PlantedReturns.Nature
    package var sharpe: Double
    package var history: Double
    /// How many noise strategies each one was the best of; 1 for none but itself.
    package var bestOf = 1
    /// How many trials the policy is told of.
    package var trials = 1
    package var worlds: Int
  }

  /// Strategies of a world.
  package static let worldSize = 5
  /// Years that strategies are followed.
  package static let years = 2
  /// The history that the claims are about, in years.
  package static let claimedHistory = 2.0
  /// The Sharpe ratio that the claim of power is about.
  package static let claimedSharpe = 1.5
  static let claimFactor = 4
  static let bestOf = 100

  package let policy: WorldPolicy
  package let settings: Settings
  package let plans: [Plan]
  /// How many strategies a world holds.
  package let size: Int

  /// Refuses a policy that cannot be studied.
  package init(
    _ policy: WorldPolicy, _ settings: Settings = Settings()
  ) throws(StudyRefusal) {
    try Self.check(policy)
    self.policy = policy
    self.settings = settings
    let places = policy.selection.topK
    size = max(
      1, min(Self.worldSize, places.spills ? places.total : min(places.long, places.total)))
    var plans: [Plan] = []
    for history in settings.histories {
      for sharpe in settings.sharpes {
        let isClaimed =
          sharpe == 0 || (sharpe == Self.claimedSharpe && history == Self.claimedHistory)
        plans.append(
          Plan(
            nature: .independent, sharpe: sharpe, history: history,
            worlds: isClaimed ? Self.claimFactor * settings.worlds : settings.worlds))
      }
    }
    if settings.isWhole {
      for sharpe in settings.sharpes {
        plans.append(
          Plan(
            nature: .persistent, sharpe: sharpe, history: Self.claimedHistory,
            worlds: settings.worlds))
      }
      for trials in [Self.bestOf, 1] {
        plans.append(
          Plan(
            nature: .independent, sharpe: 0, history: Self.claimedHistory, bestOf: Self.bestOf,
            trials: trials, worlds: settings.worlds))
      }
    }
    self.plans = plans
  }

  static func check(_ policy: WorldPolicy) throws(StudyRefusal) {
    guard policy.interval == .days(1) else { throw .intervalNotDaily(policy.interval) }
    let unknown = PolicyMeasures(policy, trials: 1).unknown
    guard unknown.isEmpty else { throw .unknownMeasures(unknown.map(\.description)) }
  }

  /// All worlds of all rows.
  package var worldCount: Int { plans.reduce(0) { $0 + $1.worlds } }

  /// Follows all worlds on `threads` threads.
  ///
  /// - Parameter progress: called from any thread with the number of worlds that are done.
  package func run(threads: Int, progress: (@Sendable (Int) -> Void)? = nil) -> PowerTable {
    let jobs = plans.indices.flatMap { row in
      (0..<plans[row].worlds).map { (row: row, world: $0) }
    }
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let counts = Mutex<[PowerTable.Row]>(
      plans.map { PowerTable.Row(plan: $0, strategies: 0, inOneYear: 0, inAll: 0) })
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, jobs.count))) { _ in
      while true {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < jobs.count else { return }
        let (row, world) = jobs[turn]
        let ages = follow(row: row, world: world)
        // Sums of counts do not depend on the order in which worlds end.
        counts.withLock { rows in
          rows[row].strategies += ages.count
          rows[row].inOneYear += ages.count { $0.map { $0 <= year } ?? false }
          rows[row].inAll += ages.count { $0 != nil }
        }
        progress?(done.wrappingAdd(1, ordering: .relaxed).newValue)
      }
    }
    return PowerTable(
      rows: counts.withLock { $0 }, worldSize: size, every: cadence, year: year,
      seed: settings.seed)
  }

  /// Periods of a year.
  private var year: Int { max(1, Int(policy.metrics.annualise.rounded())) }

  private var cadence: TimeSpan {
    max(policy.interval, settings.every ?? policy.evaluation.every ?? policy.interval)
  }

  /// Follows one world; returns for each strategy the rows from its entry to its first promotion.
  private func follow(row: Int, world: Int) -> [Int?] {
    let plan = plans[row]
    let historyRows = Int((plan.history * Double(year)).rounded())
    var walks: [PlantedReturns.Walk] = []
    var histories: [[Double]] = []
    for place in 0..<size {
      // Rows of one history share their chance where only the trials that are told differ.
      let stream = UInt64(row - (plan.bestOf > 1 && plan.trials == 1 ? 1 : 0)) << 40
      let (walk, history) = chosen(
        plan, rows: historyRows, stream: stream + UInt64(world) << 16 + UInt64(place) << 10)
      walks.append(walk)
      histories.append(history)
    }
    var rehearsed = StudiedWorld(
      sides: [TradingSide](repeating: .long, count: size), under: policy, trials: plan.trials)
    for moment in 0..<historyRows { rehearsed.take(histories.map { $0[moment] }) }
    var ages = [Int?](repeating: nil, count: size)
    let step = max(1, Int(cadence.milliseconds / policy.interval.milliseconds))
    var returns = [Double](repeating: 0, count: size)
    for age in 1...(Self.years * year) {
      for place in walks.indices { returns[place] = walks[place].next() }
      rehearsed.take(returns)
      guard age % step == 0 else { continue }
      for step in rehearsed.decide().steps where step.kind == .promote {
        if let place = rehearsed.instances.firstIndex(where: { $0.id == step.instance }),
          ages[place] == nil
        {
          ages[place] = age
        }
      }
      if !ages.contains(nil) { break }
    }
    return ages
  }

  /// The best of the candidates by the Sharpe ratio of their histories, with how it goes on.
  private func chosen(
    _ plan: Plan, rows: Int, stream: UInt64
  ) -> (PlantedReturns.Walk, [Double]) {
    let planted = PlantedReturns(
      plan.nature, annualSharpe: plan.sharpe, periodsPerYear: policy.metrics.annualise)
    var best: (walk: PlantedReturns.Walk, history: [Double])?
    var bestRatio = -Double.infinity
    for candidate in 0..<plan.bestOf {
      var walk = planted.walk(seed: settings.seed, stream: stream + UInt64(candidate))
      let history = (0..<rows).map { _ in walk.next() }
      let moments = Moments(of: history)
      let ratio = moments.mean / moments.sampleDeviation
      if best == nil || ratio > bestRatio {
        best = (walk, history)
        bestRatio = ratio
      }
    }
    guard let best else { preconditionFailure("the best of no candidates") }
    return best
  }
}

/// What a study of power found.
package struct PowerTable: Hashable, Sendable {
  /// What became of the strategies of one row.
  package struct Row: Hashable, Sendable {
    package var plan: PowerStudy.Plan
    package var strategies: Int
    /// How many were promoted within one year, and within all that were followed.
    package var inOneYear: Int
    package var inAll: Int

    package var withinOneYear: Proportion { Proportion(inOneYear, of: strategies) }
    package var withinAll: Proportion { Proportion(inAll, of: strategies) }
  }

  package var rows: [Row]
  package var worldSize: Int
  package var every: TimeSpan
  /// Rows of a year.
  package var year: Int
  package var seed: UInt64

  /// The largest share of noise that may be promoted in a year.
  package static let noiseMax = 0.05
  /// The least share of skill that shall be promoted in two years.
  package static let powerMin = 0.8

  /// Noise of any history that was chosen by nobody, the row of the largest share; nil where the
  /// study has none.
  package var noise: Row? {
    rows.filter { $0.plan.sharpe == 0 && $0.plan.bestOf == 1 && $0.plan.nature == .independent }
      .max { $0.withinOneYear.share < $1.withinOneYear.share }
  }

  /// Skill with the history that the claim is about; nil where the study has none.
  package var skill: Row? {
    rows.first {
      $0.plan.sharpe == PowerStudy.claimedSharpe && $0.plan.history == PowerStudy.claimedHistory
        && $0.plan.nature == .independent
    }
  }

  /// Whether the policy keeps both claims; nil where the study has not the rows to tell.
  package var keepsClaims: Bool? {
    guard let noise, let skill else { return nil }
    return noise.withinOneYear.share <= Self.noiseMax && skill.withinAll.share >= Self.powerMin
  }
}
