import Backtesting
import Essentials
import Foundation
import Markets
import Mathematics
import Networking
import Research
import Services
import Storage
import Synchronization
import TestKit
import Worlds

/// A real desk with a server: a small panel, a journal, pages, jobs and a clock that a test moves.
///
/// Campaigns are run in this process, by the offline proposer.
final class ServedDesk: Sendable {
  let journal: Journal
  private let folder: ScratchFolder
  private let server: DeskServer
  private let port: Int
  private let clock: DeskClock
  private let isHeld = Mutex(false)
  private let library: PanelLibrary

  /// What campaigns and gauges are held against: the third idea of a campaign does not fit any more.
  static let budget: BudgetConfiguration = {
    var budget = BudgetConfiguration()
    budget.batch = BudgetConfiguration.PeriodCeilings(tokens: 9_000)
    return budget
  }()

  private final class DeskClock: Sendable {
    private let moved = Mutex<Int64>(0)
    private let start = ContinuousClock.now

    var now: Timestamp {
      let real = Int64(Date().timeIntervalSince1970 * 1000)
      return Timestamp(millisecondsSinceEpoch: real + moved.withLock { $0 })
    }

    var elapsed: Duration { ContinuousClock.now - start }

    func move(seconds: Double) { moved.withLock { $0 += Int64(seconds * 1000) } }
  }

  init() throws {
    folder = try ScratchFolder()
    let home = folder.url.path
    let clock = DeskClock()
    self.clock = clock
    let folders = try DeskFolders(
      environment: [
        "ATHANOR_HOME": home,
        "ATHANOR_EXAMPLES": checkoutFolder.appendingPathComponent("Examples").path,
        "ATHANOR_PAGES": checkoutFolder.appendingPathComponent("Web").path,
      ], executable: "")
    library = PanelLibrary(folders: folders)
    let bars = folder.url.appendingPathComponent("bars.csv")
    try Self.bars.write(to: bars, atomically: true, encoding: .utf8)
    _ = try PanelImport(name: "small", source: .longTable(path: bars.path)).run(
      into: library.store)
    let path = home + "/journal.sqlite"
    journal = try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "browser", at: clock.now), patienceMilliseconds: 10_000),
      models: [BudgetIndex(), WorldBook()])
    guard let origins = OriginPolicy(others: []), let pages = folders.pages else {
      preconditionFailure("no other origin is no mistake, and the checkout has pages")
    }
    var configuration = ServerConfiguration(port: 0)
    configuration.folders = [StaticFolder(prefix: "/ui", folder: pages)]
    let chance = Mutex(SplitMix64(seed: 1))
    var setup = DeskServer.Setup(
      journal: journal, budget: Self.budget, library: library,
      jobs: JobDeskSettings(
        executable: "/bin/false", jobs: home + "/jobs", knowledge: home + "/knowledge",
        journal: path, environment: [:]),
      server: configuration, access: AccessFile(besideJournal: path), origins: origins,
      version: "test")
    setup.worlds = WorldServiceSetup(evidence: PanelEvidence { [library] in try library.open($0) })
    server = try DeskServer(
      setup,
      DeskServer.Effects(
        jobs: JobDeskEffects(
          now: { clock.now }, elapsed: { clock.elapsed },
          chance: { chance.withLock { $0.next() } },
          pause: { Thread.sleep(forTimeInterval: $0 / .seconds(1)) }, report: { _ in }),
        log: { _ in }))
    port = try server.start()
  }

  deinit { _ = server.stop(grace: .zero) }

  /// The address of a page, such as `reactor?run_id=a`.
  func page(_ place: String) -> String { "http://127.0.0.1:\(port)/ui/\(place)" }

  /// Lets time pass for the desk.
  func move(seconds: Double) { clock.move(seconds: seconds) }

  /// Lets campaigns that rest between their steps wait until they are let go.
  func hold() { isHeld.withLock { $0 = true } }

  func letGo() { isHeld.withLock { $0 = false } }

  /// Runs a campaign over the first of the bundled ideas; returns its run.
  @discardableResult
  func campaign(
    ideas: Int = 3, seed: UInt64 = 1, pace: Duration = .zero, named name: String? = nil
  ) async throws -> String {
    let path = checkoutFolder.appendingPathComponent("Examples/Ideas/ideas.json").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var settings = SimulationSettings()
    settings.neutralization = .market
    var plan = CampaignPlan(
      ideas: Array(try IdeaFile.ideas(text: text, path: path).prefix(ideas)), settings: settings,
      limits: .standard(for: .user, delay: 1))
    plan.proposals = 4
    plan.children = 4
    plan.seed = seed
    var setup = CampaignSetup(
      plan: plan, panel: try library.open("small"), budget: Self.budget, prices: .empty,
      estimator: PromptEstimator(bound: .calibrated), model: OfflineProposer(), resume: nil,
      version: "test")
    setup.pace = pace
    setup.wantedName = name
    let (clock, prepared) = (clock, setup)
    return try await onOwnThread { [self] in
      try await prepared.run(
        in: journal, now: { clock.now },
        pause: { [self] pause in
          Thread.sleep(forTimeInterval: pause / .seconds(1))
          while isHeld.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.01) }
        }, progress: { _ in }
      ).run
    }
  }

  /// Leads a world of a policy through the history of the panel, as far as row `rows`.
  func lead(_ policy: WorldPolicy, rows: Int = 88) throws {
    let from = Timestamp(startOf: CalendarDate(daysSinceEpoch: 17_001))
    let to = from + .days(Int64(rows))
    _ = try WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { from },
        evidence: PanelEvidence { [library] in try library.open($0) })
    ).publish(policy, reason: "to see it", by: .commandLine(user: "eve"))
    _ = try WorldReplay(
      policy.world, through: ReplayPlan(from: from, to: to), in: journal
    ) { [library] in try library.open($0) }.run()
  }

  /// Records so many events of a run, as a busy desk does.
  func chatter(_ count: Int, in run: String) throws {
    try journal.append(
      (0..<count).map { number in
        JournalDraft(
          "bench.tick", at: clock.now, run: run, payload: ["number": .integer(number)])
      })
  }

  /// Records again the last event of a kind, now.
  func again(_ kind: String, in run: String) throws {
    for event in try journal.lastEvents(1, filter: JournalFilter(run: run, kind: kind)) {
      try journal.append(
        JournalDraft(
          kind, at: clock.now, run: run, subject: event.subject, payload: event.payload ?? .null))
    }
  }

  private static let bars: String = {
    var generator = SplitMix64(seed: 3)
    var lines = ["date,symbol,open,high,low,close,volume"]
    for symbol in ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"] {
      var price = 100.0
      for day in 0..<90 {
        let open = price * Double.random(in: 0.99...1.01, using: &generator)
        price = open * Double.random(in: 0.98...1.02, using: &generator)
        let date = CalendarDate(daysSinceEpoch: Int32(17_000 + day))
        lines.append(
          "\(date),\(symbol),\(open),\(max(open, price) + 1),\(min(open, price) - 1),\(price),"
            + "\(Int.random(in: 1_000...9_000, using: &generator))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }()
}
