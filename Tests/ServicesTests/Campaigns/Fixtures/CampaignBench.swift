import Backtesting
import Essentials
import Foundation
import Markets
import Research
import Services
import Storage
import Synchronization
import TestKit

/// A clock that somebody moves: every look at it is a step later than the one before.
final class SteppingClock: Sendable {
  private let milliseconds: Mutex<Int64>
  private let step: Int64

  /// 2026-11-20, a Friday.
  static let friday: Int64 = 1_795_132_800_000

  init(at start: Int64 = SteppingClock.friday, step: Int64 = 0) {
    milliseconds = Mutex(start)
    self.step = step
  }

  func now() -> Timestamp {
    milliseconds.withLock {
      $0 += step
      return Timestamp(millisecondsSinceEpoch: $0)
    }
  }

  func set(_ instant: Timestamp) {
    milliseconds.withLock { $0 = instant.millisecondsSinceEpoch }
  }

  func advance(hours: Int64) { milliseconds.withLock { $0 += hours * 3_600_000 } }
}

/// A model that hands every call on and counts them.
final class CountedModel: LanguageModel {
  private let model: any LanguageModel
  private let asked = Mutex<[ModelCall]>([])

  var identity: ModelIdentity { model.identity }
  var calls: [ModelCall] { asked.withLock { $0 } }

  init(_ model: any LanguageModel) {
    self.model = model
  }

  func answer(_ call: ModelCall) async -> ModelOutcome {
    asked.withLock { $0.append(call) }
    return await model.answer(call)
  }
}

/// Everything that a small campaign needs, to be changed where a test wants it otherwise.
struct CampaignBench {
  var plan: CampaignPlan
  var panel: Panel
  var budget = BudgetConfiguration()
  var prices: PriceTable
  var model: any LanguageModel = OfflineProposer()
  var resume: String?
  var clock = SteppingClock()

  /// A panel on which a formula takes a few milliseconds even without optimization.
  static let panel = RandomPanels.make(.init(rows: 130, columns: 6), seed: 5)

  /// A dollar for a million tokens of either kind.
  static let price = ModelPrice([
    ModelPrice.Tier(input: PicoDollars(1_000_000), output: PicoDollars(1_000_000))
  ])

  init(ideas: Int = 2) {
    panel = Self.panel
    var settings = SimulationSettings()
    settings.neutralization = .market
    plan = CampaignPlan(
      ideas: Self.ideas(ideas), settings: settings, limits: .standard(for: .user, delay: 1))
    plan.proposals = 3
    plan.children = 2
    plan.trust.resamples = 20
    plan.trust.blocks = 4
    prices = PriceTable(
      date: "2026-11", source: "bench",
      models: [("offline-proposer-1", Self.price), ("script-1", Self.price)])
  }

  static func ideas(_ count: Int) -> [IdeaSpec] {
    let hypotheses = [
      "Stocks that fell most over the past week rebound over the following days.",
      "Stocks that led over the past year keep leading.",
      "A price move on unusually heavy volume is undone within days.",
      "Stocks whose returns vary little earn more for their risk than wild ones.",
    ]
    return (0..<count).map { number in
      var idea = IdeaSpec(
        ideaID: "idea-\(number + 1)", hypothesis: hypotheses[number % hypotheses.count])
      idea.keywordsForRetrieval = ["close", "volume", "returns"]
      return idea
    }
  }

  var setup: CampaignSetup {
    CampaignSetup(
      plan: plan, panel: panel, budget: budget, prices: prices,
      estimator: PromptEstimator(bound: budget.promptBound), model: model, resume: resume,
      version: "1.0.0")
  }

  @discardableResult
  func run(in journal: Journal) async throws -> CampaignReport {
    let clock = clock
    return try await setup.run(
      in: journal, now: { clock.now() }, pause: { _ in }, progress: { _ in })
  }
}

/// A journal in a folder of its own that remembers where its commits ended.
final class CampaignJournal {
  let folder: ScratchFolder
  let journal: Journal
  private let marks = CommitMarks()

  /// - Parameter models: read models beside those of every journal of campaigns.
  init(models: [any JournalReadModel] = []) throws {
    folder = try ScratchFolder()
    journal = try Journal.open(
      path: folder.url.path + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(
          id: "bench", at: Timestamp(millisecondsSinceEpoch: SteppingClock.friday)),
        patienceMilliseconds: 0),
      models: [BudgetIndex(), marks] + models)
  }

  /// A journal that holds the events of another, as after a crash.
  convenience init(holding events: some Collection<JournalEvent>) throws {
    try self.init()
    try journal.append(
      events.map { event in
        JournalDraft(
          event.kind, at: event.at, run: event.run, world: event.world, subject: event.subject,
          cause: event.cause.map { .draft(Int($0) - 1) } ?? .none, version: event.version,
          payload: try JSONValue(parsing: event.payloadText))
      })
  }

  var events: [JournalEvent] {
    get throws { try journal.events(limit: 100_000) }
  }

  /// How many events there were after each commit.
  var commits: [Int] { marks.ends }

  /// The lines of all events, as an export has them.
  var lines: [String] {
    get throws { try events.map { JournalLine.text(of: $0) } }
  }

  func payloads(_ kind: String) throws -> [JSONValue] {
    try events.filter { $0.kind == kind }.map { try JSONValue(parsing: $0.payloadText) }
  }

  /// The ledger that the events have led to.
  var ledger: LedgerState {
    get throws {
      try journal.read { tables throws(JournalFailure) in try BudgetIndex().state(in: tables) }
    }
  }
}

/// A read model without tables: it only sees where commits end.
private final class CommitMarks: JournalReadModel {
  let name = "commit_marks"
  let version = 1
  let tables: [JournalTable] = []
  let kinds: [String]? = nil
  private let seen = Mutex<[Int]>([])

  var ends: [Int] { seen.withLock { $0 } }

  func apply(_ events: [JournalEvent], to store: JournalTables) {
    guard let last = events.last else { return }
    seen.withLock { $0.append(Int(last.seq)) }
  }
}

/// A read model that refuses events of a kind until it relents, as a full disk would.
final class RefusingModel: JournalReadModel {
  let name = "refusing_model"
  let version = 1
  let tables: [JournalTable] = []
  let kinds: [String]? = nil
  private let refused: Mutex<String?>

  init(kind: String) {
    refused = Mutex(kind)
  }

  func relent() { refused.withLock { $0 = nil } }

  func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
    let kind = refused.withLock { $0 }
    if events.contains(where: { $0.kind == kind }) {
      throw .refused(model: name, reason: "there is no room for it")
    }
  }
}
