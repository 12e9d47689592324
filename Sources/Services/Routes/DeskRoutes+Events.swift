import Essentials
import Networking
import Research
import Storage

/// Events as they stand in the journal.
extension DeskRoutes {
  private static let after = RouteParameter<Int>.whole(
    "after", in: 0...EventCursor.max, default: 0, "Only events with a larger number.")
  private static let limit = RouteParameter<Int>.whole(
    "limit", in: 1...2000, default: 500, "The most events.")
  private static let recentLimit = RouteParameter<Int>.whole(
    "limit", in: 1...500, default: 100, "The most events.")
  private static let kind = RouteParameter<String?>.text(
    "kind", "Only events of this name, such as simulation.completed.")
  private static let anyRun = RouteParameter<String?>.text(
    "run_id", "Only events of this run.")

  var eventRoutes: [Route] {
    [
      Route(
        .get, "/api/runs/{run_id}/events",
        "Lists the events of a run in order, a page at a time.", group: Group.runs,
        parameters: [
          Self.run.contract, Self.after.contract, Self.limit.contract, Self.kind.contract,
        ], answers: [.of("EventPage", "The events, and the cursor behind them.")]
      ) { call in
        let run = try summary(of: call[Self.run]).run
        let head = try journal.head.seq
        let limit = call[Self.limit]
        var events = try journal.events(
          after: Int64(call[Self.after]), limit: limit + 1,
          filter: JournalFilter(run: run, kind: call[Self.kind]))
        let hasMore = events.count > limit
        if hasMore { events.removeLast() }
        return .json([
          "run_id": .string(run), "events": .array(events.map(Self.envelope)),
          "next": hasMore ? .orNull(events.last.map { Int($0.seq) }) : .null,
          "head": .integer(Int(head)),
        ]).live
      },
      Route(
        .get, "/api/events/recent", "Lists the latest events, the oldest of them first.",
        group: Group.desk, parameters: [Self.recentLimit.contract, Self.anyRun.contract],
        answers: [.of("RecentEvents", "The events.")]
      ) { call in
        let events = try journal.lastEvents(
          call[Self.recentLimit], filter: JournalFilter(run: call[Self.anyRun]))
        return .json([
          "count": .integer(events.count), "events": .array(events.map(Self.envelope)),
        ]).live
      },
    ]
  }

  /// The envelope of an event with its number.
  static func envelope(_ event: JournalEvent) -> JSONValue {
    .object(
      EventEnvelope(telling: event).json.memberList + [.init("seq", .integer(Int(event.seq)))])
  }
}
