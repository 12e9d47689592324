import AlphaLanguage
import Backtesting
package import Essentials
import Markets
import Mathematics
package import Research
package import Storage

/// A research campaign: for every idea proposals within the budget, then validation, simulation,
/// judgment and mutation, everything in the journal.
///
/// ```
/// run.started
///   for each idea   pack ─> prompt ─> budget ─> model ─> answer ─> candidates
///   each candidate  check ⇄ repair ─> known? ─> queue
///   the queue       simulate ─> judge                        (all ideas together)
///   generations     mutate ─> check ─> simulate ─> judge     (as often as asked)
/// judge with trust ─> low correlation ─> run.summary
/// ```
///
/// Everything but the instants follows from the plan, the panel and the model's answers. A campaign
/// that was interrupted is run again from its beginning: the recorder walks over what is recorded and
/// the desk has the answers, so nothing is paid for or recorded twice; simulations are repeated,
/// which takes milliseconds each.
///
/// Not for use by two tasks at once.
package final class Campaign {
  /// Everything that a campaign works with.
  package struct Tools {
    package var desk: ModelDesk
    package var recorder: RunRecorder
    package var journal: Journal
    package var bench: SimulatorBench
    package var packs: PackBuilder
    package var prompts: PromptCompiler
    package var now: @Sendable () -> Timestamp

    package init(
      desk: ModelDesk, recorder: RunRecorder, journal: Journal, bench: SimulatorBench,
      packs: PackBuilder, prompts: PromptCompiler, now: @escaping @Sendable () -> Timestamp
    ) {
      self.desk = desk
      self.recorder = recorder
      self.journal = journal
      self.bench = bench
      self.packs = packs
      self.prompts = prompts
      self.now = now
    }
  }

  /// How far a campaign is: what it does, and how much of that is done.
  package struct Progress: Sendable {
    package let work: String
    package let done: Int
    package let total: Int
    package let unit: String
  }

  let plan: CampaignPlan
  let tools: Tools
  let report: @Sendable (Progress) -> Void
  let checker: FormulaChecker
  let validator: FormulaValidator
  let base: CandidateSettings
  let events: ResearchRecord
  let questions: ProposalDesk
  var entries: [CampaignEntry] = []
  var outcomes: [IdeaOutcome] = []
  var retrieved: [RetrievalPack] = []
  var known = KnownFormulas()
  var keys: Set<String> = []
  var tally = CampaignTally()
  var novelty = FormulaNovelty()
  var bandit: LaneBandit
  var lineage = Lineage()

  package init(
    plan: CampaignPlan, tools: Tools, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.plan = plan
    self.tools = tools
    report = progress
    events = ResearchRecord(
      run: tools.recorder.run, recorder: tools.recorder, now: tools.now)
    questions = ProposalDesk(
      desk: tools.desk, prompts: tools.prompts, seed: plan.seed,
      maxOutputTokens: plan.maxOutputTokens,
      subcategoriesAvailable: tools.packs.catalogue.subcategories.count)
    checker = FormulaChecker(schema: tools.bench.panel.schema)
    validator = FormulaValidator(checker: checker)
    base = CandidateSettings(plan.settings)
    bandit = LaneBandit(exploreFloor: tools.desk.book.snapshot.configuration.exploreRatio)
  }

  /// Runs the campaign to its end. An error leaves everything recorded that was done so far.
  ///
  /// - Parameter start: the payload of `run.started`; what is said there must be the same when the
  ///   run is resumed.
  package func run(start: JSONValue) async throws -> CampaignReport {
    // What the panel cannot simulate is refused before anything is recorded or paid for.
    _ = try tools.bench.simulator(plan.settings)
    let started = try events.begin(start)
    for place in plan.ideas.indices {
      tell("Proposing", place, plan.ideas.count, "ideas")
      try await propose(place, cause: started)
    }
    try simulateQueue("Simulating")
    for generation in 0..<plan.generations {
      try mutate(generation)
      try simulateQueue("Simulating children")
    }
    return try conclude(cause: started)
  }

  func tell(_ work: String, _ done: Int, _ total: Int, _ unit: String) {
    report(Progress(work: work, done: done, total: total, unit: unit))
  }

  var run: String { events.run }

  /// Records a fact about an idea; returns its number.
  @discardableResult
  func record(_ fact: ResearchFact, idea: String, cause: Int64?) throws -> Int64 {
    try events.record(fact, idea: idea, cause: cause)
  }
}

/// What a campaign counted.
package struct CampaignTally: Hashable, Sendable {
  /// Candidates that models proposed, and children that the search made.
  package internal(set) var proposed = 0
  package internal(set) var children = 0
  /// Candidates that did not check at first, and how many of them did in the end.
  package internal(set) var broken = 0
  package internal(set) var repaired = 0
  /// Candidates that mean the same as another.
  package internal(set) var duplicates = 0
  /// Elements of answers, or whole answers, that could not be read.
  package internal(set) var unreadable = 0
}
