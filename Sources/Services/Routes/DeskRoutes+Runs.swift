import Essentials
import Networking
import Research
import Storage

/// The desk as a whole, and its runs.
extension DeskRoutes {
  private static let limit = RouteParameter<Int>.whole(
    "limit", in: 1...200, default: 50, "The most runs.")
  private static let before = RouteParameter<Int>.whole(
    "before", in: 1...EventCursor.max, default: EventCursor.max,
    "Only runs whose last event has a smaller number: the last_seq of the last run of a page.")

  var runRoutes: [Route] {
    [
      Route(
        .get, "/api/desk", "Tells what desk this is and who is asking.", group: Group.desk,
        answers: [.of("Desk", "The desk.")]
      ) { call in
        .json(try desk(call.caller)).live
      },
      Route(
        .get, "/api/runs", "Lists runs, the one that recorded something last first.",
        group: Group.runs, parameters: [Self.limit.contract, Self.before.contract],
        answers: [.of("RunList", "The runs.")]
      ) { call in
        let now = setup.now()
        let runs = try latest(call[Self.limit], before: call[Self.before], for: call.caller)
          .map { try RunOverview($0, in: journal, at: now).json }
        return .json(["count": .integer(runs.count), "runs": .array(runs)]).live
      },
      Route(
        .get, "/api/runs/{run_id}", "Tells what the journal knows of a run.", group: Group.runs,
        parameters: [Self.run.contract], answers: [.of("Run", "The run.")]
      ) { call in
        let summary = try summary(for: call)
        return .json(try RunOverview(summary, in: journal, at: setup.now()).json).live
      },
    ]
  }

  /// Runs with a name, the latest first; events of no run are nobody's.
  private func latest(
    _ count: Int, before seq: Int, for caller: Caller?
  ) throws -> [RunSummary] {
    let glance = setup.sight.glance()
    var found: [RunSummary] = []
    var cursor = Int64(seq)
    while found.count < count {
      let before = cursor
      let part = try journal.read { tables throws(JournalFailure) in
        try RunIndex().latest(count + 1, before: before, in: tables)
      }
      found += try part.filter {
        try !$0.run.isEmpty && glance.shows(EventPlace(run: $0.run), to: caller)
      }
      guard part.count > count, let last = part.last else { break }
      cursor = last.last
    }
    return Array(found.prefix(count))
  }

  private func desk(_ caller: Caller?) throws -> JSONValue {
    let now = setup.now()
    let head = try journal.head
    let runs = try latest(100, before: EventCursor.max, for: caller)
    // A page opens on research, and where there is none on whatever there is.
    let latest =
      runs.first { run in
        run.kinds.contains { $0.kind == ResearchEventKind.alphaStarted.rawValue }
      } ?? runs.first
    return [
      "version": .string(setup.version),
      "journal": [
        "id": .string(journal.birth.id), "head": .integer(Int(head.seq)),
        "archived_through": .integer(Int(try journal.archivedThrough)),
      ],
      "latest_run": try latest.map { try RunOverview($0, in: journal, at: now).json } ?? .null,
      "caller": caller.map {
        ["name": .string($0.name), "role": .string($0.role.rawValue)]
      } ?? .null,
      "demo": .bool(setup.isDemo),
      "budget": try GaugeBoard.desk(in: journal, at: now).map(budget) ?? .null,
    ]
  }

  private func budget(_ use: DeskUse) -> JSONValue {
    func period(_ period: DeskUse.Period, _ ceilings: BudgetConfiguration.PeriodCeilings)
      -> JSONValue
    {
      [
        "tokens": .integer(period.consumed.tokens),
        "tokens_reserved": .integer(period.reserved.tokens),
        "tokens_limit": .orNull(ceilings.tokens),
        "cost_usd": .number(period.consumed.cost.dollarsToEightPlaces),
        "cost_usd_reserved": .number(period.reserved.cost.dollarsToEightPlaces),
        "cost_usd_limit": .optional(ceilings.cost?.dollarsToEightPlaces),
      ]
    }
    return [
      "day": period(use.day, setup.budget.day), "week": period(use.week, setup.budget.week),
    ]
  }
}

/// Numbers of events as they stand in a query.
enum EventCursor {
  /// The largest whole number that JavaScript counts exactly.
  static let max = 9_007_199_254_740_991
}
