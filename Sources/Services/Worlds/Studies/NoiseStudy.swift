import Backtesting
import Dispatch
import Essentials
import Mathematics
import Synchronization
package import Worlds

/// How much a policy moves by chance alone: instances' records are resampled in blocks, which keeps
/// their memory and what they share, and decided on as though they were new.
///
/// Resamples are those of the stationary bootstrap (``BlockBootstrap``); all instances of a draw are
/// resampled by the same blocks. The same draws are decided with the policy's hysteresis and without
/// any, so that the difference is what hysteresis is worth.
package struct NoiseStudy: Sendable {
  /// A record of returns.
  package struct Series: Hashable, Sendable {
    package var name: String
    package var side: TradingSide
    /// One a row, all series equally long; NaN where one is missing.
    package var returns: [Double]

    package init(name: String, side: TradingSide = .long, returns: [Double]) {
      self.name = name
      self.side = side
      self.returns = returns
    }
  }

  /// Rows below which blocks say nothing.
  package static let rowsMin = 60
  /// A move that is undone within so many days is flicker.
  package static let flickerDays = 30.0

  package let policy: WorldPolicy
  package let series: [Series]
  /// Rows that are decided on in each draw.
  package let days: Int
  package let draws: Int
  package let seed: UInt64
  /// The mean length of a block.
  package let blockLength: Double
  /// Rows that instances are entered with, so that they may go on paper at once.
  private let historyRows: Int

  /// - Parameter blockLength: nil for the longest that any series asks for.
  package init(
    _ policy: WorldPolicy, series: [Series], days: Int = 730, draws: Int = 100, seed: UInt64 = 1,
    blockLength: Double? = nil
  ) throws(StudyRefusal) {
    try PowerStudy.check(policy)
    guard let first = series.first else {
      throw .noSeries(name: policy.world, reason: "there is none")
    }
    for one in series {
      let present = one.returns.count { $0.isFinite }
      guard present >= Self.rowsMin else {
        throw .tooFewRows(name: one.name, rows: present, least: Self.rowsMin)
      }
    }
    precondition(
      series.allSatisfy { $0.returns.count == first.returns.count }, "series of one length")
    self.policy = policy
    self.series = series
    self.days = max(1, days)
    self.draws = max(1, draws)
    self.seed = seed
    let lengths = series.compactMap {
      OptimalBlockLength(of: $0.returns.filter(\.isFinite))?.stationary
    }
    self.blockLength = max(1, blockLength ?? lengths.max() ?? 1)
    historyRows = Int(
      (policy.currency.historyMin.milliseconds + policy.interval.milliseconds - 1)
        / policy.interval.milliseconds)
  }

  /// Noise that was planted, where there is no record.
  package static func planted(
    count: Int, years: Int, seed: UInt64, periodsPerYear: Double
  ) -> [Series] {
    let rows = years * Int(periodsPerYear.rounded())
    return (0..<count).map { place in
      var walk = PlantedReturns(annualSharpe: 0, periodsPerYear: periodsPerYear)
        .walk(seed: seed, stream: 1 << 60 + UInt64(place))
      return Series(name: "noise \(place + 1)", returns: (0..<rows).map { _ in walk.next() })
    }
  }

  /// Decides on all draws on `threads` threads; the result does not depend on their number.
  ///
  /// - Parameter progress: called from any thread with the number of draws that are done.
  package func run(threads: Int, progress: (@Sendable (Int) -> Void)? = nil) -> NoiseReport {
    let bare = policy.withoutHysteresis
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let results = Mutex<[(NoiseReport.Tally, NoiseReport.Tally)?]>(
      Array(repeating: nil, count: draws))
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, draws))) { _ in
      while true {
        let draw = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard draw < draws else { return }
        let rows = resample(draw)
        let pair = (tally(rows, under: policy), tally(rows, under: bare))
        results.withLock { $0[draw] = pair }
        progress?(done.wrappingAdd(1, ordering: .relaxed).newValue)
      }
    }
    var with = NoiseReport.Tally()
    var without = NoiseReport.Tally()
    for case let pair? in results.withLock({ $0 }) {
      with.add(pair.0)
      without.add(pair.1)
    }
    return NoiseReport(
      series: series.count, rows: series[0].returns.count, days: days, draws: draws, seed: seed,
      blockLength: blockLength, withHysteresis: with, withoutHysteresis: without)
  }

  private func resample(_ draw: Int) -> [Int] {
    BlockBootstrap(meanBlockLength: blockLength, resamples: draws, seed: seed)
      .rows(of: series[0].returns.count, count: historyRows + days, resample: draw)
  }

  private func tally(_ rows: [Int], under policy: WorldPolicy) -> NoiseReport.Tally {
    var world = StudiedWorld(sides: series.map(\.side), under: policy)
    for row in rows.prefix(historyRows) { world.take(series.map { $0.returns[row] }) }
    let every = max(policy.interval, policy.evaluation.every ?? policy.interval)
    let step = max(1, Int(every.milliseconds / policy.interval.milliseconds))
    var liveRows = 0
    for (age, row) in rows.dropFirst(historyRows).enumerated() {
      world.take(series.map { $0.returns[row] })
      if (age + 1) % step == 0 { _ = world.decide() }
      liveRows += world.instances.count { $0.phase == .live }
    }
    return NoiseReport.Tally(
      moves: world.rehearsal.moves, liveRows: liveRows, rows: series.count * days)
  }
}

extension WorldPolicy {
  /// The policy as it would be if nothing held anybody back: no streaks, no dwelling, no rest, and no
  /// looser demands on incumbents.
  package var withoutHysteresis: WorldPolicy {
    var policy = self
    policy.selection.hysteresis.promoteAfter = 1
    policy.selection.hysteresis.demoteAfter = 1
    policy.selection.hysteresis.dwellMin = .zero
    policy.selection.hysteresis.cooldown = .zero
    policy.selection.hysteresis.rankMargin = 0
    policy.selection.keep = nil
    return policy
  }
}

/// What a study of noise found.
package struct NoiseReport: Hashable, Sendable {
  /// How many series were resampled, how long they are, and how.
  package var series: Int
  package var rows: Int
  package var days: Int
  package var draws: Int
  package var seed: UInt64
  package var blockLength: Double
  package var withHysteresis: Tally
  package var withoutHysteresis: Tally

  /// What moved in all draws together.
  package struct Tally: Hashable, Sendable {
    /// Days of instances that were decided on, and those of them that were spent live.
    package private(set) var days = 0
    package private(set) var liveDays = 0
    package private(set) var promotions = 0
    package private(set) var demotions = 0
    /// Promotions and demotions that were undone within ``NoiseStudy/flickerDays``.
    package private(set) var flickers = 0
    /// How long those stayed live who were demoted, in days, in the order of the draws.
    package private(set) var dwells: [Double] = []

    init() {}

    init(moves: [PhaseRehearsal.Move], liveRows: Int, rows: Int) {
      days = rows
      liveDays = liveRows
      var last: [String: Timestamp] = [:]
      for move in moves where move.from == .live || move.to == .live {
        if move.to == .live {
          promotions += 1
        } else {
          demotions += 1
          dwells.append(move.stayed.days)
        }
        if let before = last[move.instance], (move.at - before).days <= NoiseStudy.flickerDays {
          flickers += 1
        }
        last[move.instance] = move.at
      }
    }

    mutating func add(_ other: Tally) {
      days += other.days
      liveDays += other.liveDays
      promotions += other.promotions
      demotions += other.demotions
      flickers += other.flickers
      dwells += other.dwells
    }

    /// Promotions and demotions of one instance in 30 days.
    package var movesPerMonth: Double { Double(promotions + demotions) * 30 / Double(days) }
    /// The share of moves that were undone soon; NaN without moves.
    package var flickerShare: Double { Double(flickers) / Double(promotions + demotions) }
    /// The share of days that instances are live.
    package var liveShare: Double { Double(liveDays) / Double(days) }

    /// The days that a share of those who were demoted had at most been live; NaN without any.
    package func dwellQuantile(_ share: Double) -> Double {
      dwells.isEmpty ? .nan : SortedSample(dwells).quantile(share)
    }
  }
}
