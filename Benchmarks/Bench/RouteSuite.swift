import Essentials
import Foundation
import Networking
import Research
import Services
import Storage

/// The routes of the desk over a long journal: how long the first question about a long run takes,
/// and what the later ones cost while the journal grows.
struct RouteSuite {
  private let folder: String
  /// Events of the journal, a fifth of them in one research run.
  private let events: Int

  private static let run = "research-bench"
  private static let candidatesPerCall = 12

  init(arguments: [String]) {
    folder = arguments[0] + "/athanor-benchmark-routes"
    events = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
  }

  private struct Anybody: RequestGuard {
    func caller(of request: ServerRequest, for access: RouteAccess, opensSocket: Bool) -> Caller? {
      Caller(name: "bench", role: .viewer)
    }
  }

  func run() throws {
    try? FileManager.default.removeItem(atPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let journal = try Journal.open(
      path: "\(folder)/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "bench", at: Self.at(0)), patienceMilliseconds: 0),
      models: [BudgetIndex()])
    let own = try fill(journal)
    let now = Self.at(own)
    let router = Router(
      routes: DeskRoutes(
        DeskRoutes.Setup(
          journal: journal, budget: Self.budget,
          library: PanelLibrary(
            folders: try DeskFolders(
              environment: [:], executable: "/", store: folder + "/panels")),
          version: "bench", now: { now })
      ).routes(), guardian: Anybody())
    var figures: [(String, String)] = [
      ("suite", "\"routes\""), ("events", "\(events)"), ("events_of_run", "\(own)"),
    ]
    for view in ["reactor_status", "candidates", "replay"] {
      var parts: [Double] = []
      var status = 503
      while status == 503 {
        parts.append(
          try Benchmark.seconds {
            status = try ask(router, "/api/runs/\(Self.run)/\(view)").status
          })
      }
      figures.append(("\(view)_first_seconds", "\(parts.reduce(0, +))"))
      figures.append(("\(view)_first_questions", "\(parts.count)"))
      figures.append(("\(view)_first_longest_milliseconds", "\((parts.max() ?? 0) * 1e3)"))
    }
    for path in [
      "/api/runs/\(Self.run)/reactor_status", "/api/runs/\(Self.run)/budget",
      "/api/runs/\(Self.run)/kpi", "/api/runs/\(Self.run)/validation_kpi",
      "/api/runs/\(Self.run)/candidates", "/api/runs/\(Self.run)/replay", "/api/runs",
      "/api/desk", "/api/runs/\(Self.run)/events", "/api/events/recent", "/metrics",
    ] {
      let times = try (0..<101).map { _ in
        try Benchmark.seconds { _ = try ask(router, path) }
      }
      figures.append((Self.name(path) + "_milliseconds", "\(Benchmark.median(times) * 1e3)"))
    }
    var following: [Double] = []
    for number in 0..<101 {
      try journal.append(Self.candidate(own + number))
      following.append(
        try Benchmark.seconds { _ = try ask(router, "/api/runs/\(Self.run)/reactor_status") })
    }
    figures.append(
      ("reactor_status_after_7_events_milliseconds", "\(Benchmark.median(following) * 1e3)"))
    figures.append(("peak_mib", "\(Benchmark.peakMemory)"))
    Benchmark.answer(figures)
  }

  private func ask(_ router: Router, _ path: String) throws -> ServerResponse {
    guard let target = RequestTarget(path) else { preconditionFailure(path) }
    let response = router.answer(
      ServerRequest(.get, target, peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    guard [200, 503].contains(response.status) else {
      preconditionFailure(String(decoding: response.body, as: UTF8.self))
    }
    return response
  }

  private static func name(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != "api" && $0 != run }.joined(separator: "_")
  }

  /// Writes the journal; returns how many events the long run has.
  private func fill(_ journal: Journal) throws -> Int {
    let book = try BudgetBook.open(
      journal: journal, configuration: Self.budget, prices: BudgetRace.prices, at: Self.at(0))
    var number = 0
    var own = 0
    while number < events {
      if own < events / 5 {
        let request = CallRequest(
          run: Self.run, idea: "idea-\(own % 12)", stage: "alpha_maker", lane: .both,
          provider: "bench", model: "tiered", promptTokensMax: 4_500, completionTokensMax: 1_600)
        guard let call = try book.reserve(request, at: Self.at(own)).reservation else {
          preconditionFailure("the budget of the benchmark is too small")
        }
        try book.settle(
          call.id,
          UsagePoint(usage: TokenUsage(prompt: 4_400, completion: 400), source: .provider),
          at: Self.at(own))
        let drafts = (0..<Self.candidatesPerCall).flatMap { Self.candidate(own + $0) }
        try journal.append(drafts)
        own += drafts.count + 2
        number += drafts.count + 2
      }
      let others = (0..<400).map { Self.other(number + $0) }
      try journal.append(others)
      number += others.count
    }
    try journal.checkpoint()
    return own
  }

  private static var budget: BudgetConfiguration {
    var budget = BudgetConfiguration()
    budget.batch = .init()
    budget.day = .init()
    return budget
  }

  private static func at(_ number: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_795_132_800_000 + Int64(number))
  }

  private static func other(_ number: Int) -> JournalDraft {
    JournalDraft(
      "bench.point", at: at(number), run: "run-\(number / 1000)",
      payload: ["total_tokens": .integer(number % 3700), "provider": "mock"])
  }

  /// The life of one candidate.
  private static func candidate(_ number: Int) -> [JournalDraft] {
    let key = String(number, radix: 16)
    let text = "ts_decay_linear(rank(ts_corr(close, volume, \(number % 250 + 2))), 5)"
    var facts = CandidateFacts(
      key: key, lane: number % 3 == 0 ? .explore : .exploit,
      formula: .init(
        text: text, canonical: text, fingerprint: Fingerprint(of: text).hexadecimal))
    facts.usedFields = ["close", "volume"]
    facts.usedOperators = ["ts_decay_linear", "rank", "ts_corr"]
    facts.usedSubcategories = ["pv-prices", "pv-volume"]
    var ticket = SimulationTicket(
      candidate: facts, validationPassed: true, validationAttempts: 1, fingerprint: key)
    let enqueued = ticket
    ticket.mode = "multi"
    ticket.candidateCount = 120
    var metrics = RecordedMetrics()
    metrics.sharpe = Double(number % 400) / 100 - 2
    metrics.fitness = Double(number % 200) / 100
    metrics.turnover = 0.25
    var result = SimulationResultFacts(ticket: ticket, metrics: metrics)
    result.ticket.candidate.alphaID = "alpha-\(key)"
    let card = ScoreLine(
      alphaID: "alpha-\(key)", passed: false, score: metrics.sharpe, reasons: ["sharpe<1.25"],
      metrics: metrics)
    let life: [ResearchFact] = [
      .alphaGenerated(facts, novelty: 0.5),
      .validationStarted(
        facts, ValidationTerms(maxRepairAttempts: 3, stopsOnRepeatedError: true)),
      .validationPassed(facts, attempt: 0), .simulationEnqueued(enqueued),
      .simulationStarted(ticket), .simulationCompleted(result),
      .evaluationCompleted(EvaluationFacts([card])),
    ]
    return life.map {
      ResearchEvent(at: at(number), run: run, idea: "idea-\(number % 12)", $0).draft()
    }
  }
}
