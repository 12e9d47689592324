import Essentials
import Execution
import Foundation
import Markets
import Services
import Storage
import Worlds

/// `athanor world run`: a world is led through history.
enum WorldRunCommand {
  private static let replay = Option<Timestamp>.required(
    "replay", .instant, help: "Where history begins.")
  private static let to = Option<Timestamp>.required(
    "to", .instant, help: "Where it ends.")
  private static let policy = Option<String?>.optional(
    "policy", .file(), help: "Bring this policy into force first; it may create the world.")
  private static let scratch = Option<String?>.optional(
    "scratch", .file(), help: "Play in this journal, with a copy of the world.")
  private static let gaps = Option<[PanelEvidence.Gap]>.repeated(
    "gap", .gap, help: "No data arrives between these instants, to watch a world with stale data.")
  private static let top = Option(
    "top", .whole("count", in: 0...10_000), default: 40,
    help: "How many of the latest moves to show.")

  private static let capital = Option(
    "capital", .number("money", in: 1...1e9), default: 1e6,
    help: "What each instance has on paper, and the account that stands for money.")
  private static let fee = Option(
    "fee-bp", .number("bp", in: 0...1000), default: 5,
    help: "The fee, in basis points of what is traded.")
  private static let lot = Option(
    "lot", .number("units", in: 1e-6...1e6), default: 0.001,
    help: "The least that is traded; with larger lots, smaller changes are not.")

  static let command: Command = Command(
    "run", summary: "Lead a world through history and watch who moves",
    discussion: [
      """
      Plays the rows of the panels one by one as though they were the present: orders are filled, \
      risk is judged, the world is evaluated by its schedule, cutovers are carried out, and \
      instances trade on paper or, through their gates, on an account that stands for money. \
      Nothing later than a row is used. Everything is recorded as it would be.
      """,
      """
      A world that was evaluated already cannot go back: its policy and instances are then copied \
      into the journal of --scratch, or history is played up to there in a journal of its own.
      """,
    ],
    positionals: [WorldOptions.world.definition],
    options: [
      replay.definition, to.definition, policy.definition, scratch.definition, gaps.definition,
      capital.definition, fee.definition, lot.definition, top.definition,
      JournalOptions.journal.definition, PanelOptions.store.definition,
    ],
    examples: [
      Command.Example(
        "athanor world run demo --replay 2015-01-01 --to 2016-12-31",
        "Leads a new world through two years"),
      Command.Example(
        "athanor world run demo --replay 2015-01-01 --to 2016-12-31 --policy other.yml "
          + "--scratch try.sqlite", "Tries another policy in a journal of its own"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let world = invocation[WorldOptions.world]
    let policy = try invocation[policy].map { try invocation.policyFile($0).policy() }
    let from = invocation[replay]
    let journal = try journal(for: world, from: from, hasPolicy: policy != nil, invocation)
    if let policy {
      let evidence = try invocation.panelEvidence()
      try invocation.check(policy, by: evidence)
      _ = try WorldDesk(
        WorldDeskSetup(journal: journal, now: { from }, evidence: evidence)
      ).publish(policy, in: world, reason: "replay", by: invocation.worldActor)
    }
    var plan = ReplayPlan(from: from, to: invocation[to])
    plan.gaps = invocation[gaps]
    plan.capital = Money(invocation[capital]) ?? plan.capital
    plan.fee = Rate(basisPoints: invocation[fee]) ?? plan.fee
    plan.lot = LotSize(invocation[lot]) ?? plan.lot
    let page = try invocation.replay(world, through: plan, in: journal, top: invocation[top])
    return Answer(json: page.json) { page.text($0) }
  }

  /// The journal that history is played in.
  private static func journal(
    for world: String, from: Timestamp, hasPolicy: Bool, _ invocation: Invocation
  ) throws -> Journal {
    guard let path = invocation[scratch] else {
      return try Journal.open(
        path: invocation.journalPath(), access: invocation.journalWriting, models: [WorldBook()])
    }
    let journal = try Journal.open(
      path: path, access: invocation.journalWriting, models: [WorldBook()])
    guard let state = try? invocation.readingWorldDesk().existing(world) else {
      if hasPolicy { return journal }
      throw WorldRefusal.noWorld(world)
    }
    try WorldReplay.seed(journal, from: state, at: from)
    return journal
  }
}

extension ValueForm where Value == PanelEvidence.Gap {
  /// Two instants with two dots between.
  fileprivate static var gap: Self {
    ValueForm(
      placeholder: "from..to",
      expectation: "two instants such as 2016-03-01..2016-03-15", completion: .nothing,
      read: { text in
        let parts = text.components(separatedBy: "..")
        guard parts.count == 2, let from = Timestamp(typed: parts[0]),
          let to = Timestamp(typed: parts[1]), from < to
        else { return nil }
        return PanelEvidence.Gap(from: from, to: to)
      }, show: { "\($0.from)..\($0.to)" })
  }
}

extension Invocation {
  /// Leads a world through history with a progress line.
  ///
  /// - Parameter top: how many of the latest moves are shown.
  func replay(
    _ world: String, through plan: ReplayPlan, in journal: Journal, top: Int
  ) throws -> WorldRunPage {
    let library = try library()
    let known = try WorldDesk(
      WorldDeskSetup(journal: journal, now: { plan.from }, evidence: NoEvidence())
    ).existing(world)
    // What was lived through would be played again without being judged.
    if let last = known.evaluation?.at, plan.from < last {
      throw WorldRefusal.clockWentBack(at: plan.from, last: last)
    }
    let replay = try WorldReplay(world, through: plan, in: journal) { try library.open($0) }
    let report = try withProgress("Replaying", total: 0, unit: "rows") { reporter in
      try replay.run { progress in
        reporter.advance(to: progress.rows, of: progress.total)
        return true
      }
    }
    return try WorldRunPage(
      report: report, of: world, at: replay.desk, since: plan.from, top: top)
  }
}
