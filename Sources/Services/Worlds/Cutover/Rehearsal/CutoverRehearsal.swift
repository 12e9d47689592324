import Essentials
import Execution
import Mathematics
import Synchronization
package import Worlds

/// A switch that is rehearsed: in a world in memory, at paper venues, with everything that can go
/// wrong.
///
/// The rehearsal plays all parts: those who hold gates, the broker, traders who want to order all the
/// time, and a process that dies after any number of writes and is begun again. While it plays it
/// watches what must never be:
///
/// - an order that leaves though its gate is closed to it, or a second order for the same thing;
/// - more live instances, or more open gates, than there are places;
/// - an epoch that does not grow; a run that has two outcomes, or none in the end;
/// - phases or weights that a run changed which did not switch;
/// - a gate that opens in a halted world; holders who believe something else than the world.
///
/// The same script plays the same way, to the last order.
package struct CutoverRehearsal: Sendable {
  /// What is switched.
  package enum Play: String, Hashable, Sendable, CaseIterable {
    case promote, demote, swap, mirror, closeAndReopen, market, twap, watched, reweight
  }

  /// What goes wrong all along.
  package enum Fault: String, Hashable, Sendable, CaseIterable {
    case none
    /// The event of the switch cannot be written.
    case unrecordableSwitch
    case permissionMissing
    /// The broker cannot say how an open order stands.
    case unknownOrder
    /// A holder hears nothing, and its lease ends.
    case deafHolder
    /// A holder renews its lease and confirms nothing.
    case stubbornHolder
  }

  package var play: Play
  package var fault: Fault
  /// After how many writes the process dies, one number for each life.
  package var deaths: [Int]
  /// Nil where nothing happens by chance.
  package var seed: UInt64?

  package init(_ play: Play, fault: Fault = .none, deaths: [Int] = [], seed: UInt64? = nil) {
    self.play = play
    self.fault = fault
    self.deaths = deaths
    self.seed = seed
  }

  /// A script of chance: play, fault, deaths, halts, lost answers and lost notices.
  package static func drawn(by seed: UInt64) -> CutoverRehearsal {
    var chance = SplitMix64(seed: seed)
    func draw(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }
    let play = Play.allCases[draw(Play.allCases.count)]
    let fault = draw(3) == 0 ? Fault.allCases[draw(Fault.allCases.count)] : .none
    let deaths = (0..<draw(4)).map { _ in draw(30) }
    return CutoverRehearsal(play, fault: fault, deaths: deaths, seed: chance.next())
  }

  /// What a rehearsal came to.
  package struct Report: Hashable, Sendable {
    /// Nil where the run was refused because the world had changed before it began.
    package var outcome: CutoverOutcome?
    /// What must never be, and was; empty in a world that is in order.
    package var violations: [String]
    /// Writes of the last life.
    package var writes: Int
    package var deaths: Int
    /// Client ids of orders of the transition, in the order in which the broker saw them.
    package var transitionOrders: [String]
    /// Orders of traders that left for the broker.
    package var tradedOrders: Int
    /// Orders that would have left, had their gates been open.
    package var notedOrders: Int
    package var kinds: [String]
  }

  /// Plays the script.
  package func perform() -> Report {
    let stage = RehearsalStage(self)
    return stage.perform()
  }

  // MARK: - The cast

  static let world = "rehearsal"
  static let symbol = "BTCUSDT"
  static let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
  static let old = GateKey("old", .long)
  static let stay = GateKey("stay", .long)
  static let new = GateKey("new", .long)

  var rules: CutoverRules {
    var rules = CutoverRules()
    rules.monitorTicks = play == .watched ? 3 : 0
    switch play {
    case .mirror: rules.onPromote = .mirror
    case .closeAndReopen: rules.onPromote = .closeAndReopen
    case .market: rules.onDemote = .market
    case .twap:
      rules.onDemote = .twap
      rules.twapOver = .seconds(30)
      rules.twapSlices = 6
    case .promote, .demote, .swap, .watched, .reweight: break
    }
    return rules
  }

  /// Two are live. There is a place left, unless one is to take another's.
  var initial: RehearsalRecords.State {
    let standings = [
      CutoverStanding(Self.old, phase: .live, weight: 0.5, gate: .open(weight: 0.5)),
      CutoverStanding(Self.stay, phase: .live, weight: 0.25, gate: .open(weight: 0.25)),
      CutoverStanding(Self.new, phase: .dryrun, weight: 0, gate: .closed),
    ]
    return RehearsalRecords.State(
      world: Self.world, rules: rules,
      liveMax: CutoverWorld.LiveMax(total: play == .swap ? 2 : 3), epoch: 7,
      standings: Dictionary(uniqueKeysWithValues: standings.map { ($0.key, $0) }),
      isSwitchUnrecordable: fault == .unrecordableSwitch)
  }

  var plan: CutoverPlan {
    let demotes: Set<Play> = [.demote, .swap, .market, .twap]
    let promotes: Set<Play> = [.promote, .swap, .mirror, .closeAndReopen, .watched]
    return CutoverPlan(
      run: "run", world: Self.world, planID: "plan", baseEpoch: 7,
      demote: demotes.contains(play) ? [Self.old] : [],
      promote: promotes.contains(play) ? [CutoverPlan.Weighted(Self.new, weight: 1)] : [],
      reweight: play == .reweight
        ? [
          CutoverPlan.Weighted(Self.old, weight: 0.25),
          CutoverPlan.Weighted(Self.stay, weight: 0.5),
        ] : [])
  }
}
