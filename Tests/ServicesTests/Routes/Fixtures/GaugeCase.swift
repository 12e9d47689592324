import Essentials
import Research
import Storage
import Testing

/// The budget of a run as the desk's own ledger writes it, at chosen seconds.
struct GaugeCase {
  let desk: DeskBench
  private let book: BudgetBook

  /// A dollar for a million tokens of either kind.
  private static let prices = PriceTable(
    date: "2026-11", source: "bench", models: [("plain", CampaignBench.price)])

  init(_ desk: DeskBench) throws {
    self.desk = desk
    book = try BudgetBook.open(
      journal: desk.journal, configuration: BudgetConfiguration(), prices: Self.prices,
      at: DeskBench.at(0))
  }

  /// Asks for a call; nil where the ledger refuses it.
  func ask(_ prompt: Int, _ completion: Int, model: String = "plain", at seconds: Double) throws
    -> Reservation?
  {
    var request = CallRequest(
      run: "r1", idea: "i1", stage: "alpha_maker", lane: .both, provider: "bench", model: model,
      promptTokensMax: prompt, completionTokensMax: completion)
    request.prompt = PromptFacts(
      selectedTopK: .init(subcategories: 4, datasets: 15, fields: 9, operators: 19),
      laneRatio: ["exploit_ratio": .number(0.68), "explore_ratio": .number(0.32)],
      coverageKPI: 4, noveltyKPI: 1, comboSample: [], fallbackCount: 1,
      exploreFloorPreserved: true)
    return try book.reserve(request, at: DeskBench.at(seconds)).reservation
  }

  /// Asks for a call that must be granted, and settles it.
  func call(
    _ prompt: Int, _ completion: Int, used: (Int, Int), model: String = "plain",
    at seconds: Double, until end: Double
  ) throws {
    let call = try #require(try ask(prompt, completion, model: model, at: seconds))
    try book.settle(
      call.id,
      UsagePoint(
        usage: TokenUsage(prompt: used.0, completion: used.1), source: .provider,
        promptCharacters: 40, completionCharacters: 80), at: DeskBench.at(end))
  }

  func shorten(at seconds: Double) throws {
    var step = FallbackStep(
      phase: "fields", factor: 0.85, count: 1, promptTokens: 15_000, completionTokens: 1_600,
      maxPromptTokens: 12_000, maxCompletionTokens: 1_600)
    step.exceeded = ["request_prompt"]
    step.laneRatio = ["explore_ratio": .number(0.32)]
    try desk.record(.fallbackApplied(step), at: seconds)
  }

  /// What the reactor shows of the run at a second.
  func status(at seconds: Double) throws -> JSONValue {
    desk.clock.set(DeskBench.at(seconds))
    return try desk.json("/api/runs/r1/reactor_status")
  }
}
