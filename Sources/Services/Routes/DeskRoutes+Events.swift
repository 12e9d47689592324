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
        let run = try summary(for: call).run
        let head = try journal.head.seq
        let limit = call[Self.limit]
        var events = try journal.events(
          after: Int64(call[Self.after]), limit: limit + 1,
          filter: JournalFilter(run: run, kind: call[Self.kind]))
        let hasMore = events.count > limit
        if hasMore { events.removeLast() }
        let next = hasMore ? events.last?.seq : nil
        let glance = setup.sight.glance()
        events = try events.filter { try glance.shows($0, to: call.caller) }
        return .json([
          "run_id": .string(run), "events": .array(events.map(Self.envelope)),
          "next": .orNull(next.map { Int($0) }),
          "head": .integer(Int(head)),
        ]).live
      },
      Route(
        .get, "/api/events/recent", "Lists the latest events, the oldest of them first.",
        group: Group.desk, parameters: [Self.recentLimit.contract, Self.anyRun.contract],
        answers: [.of("RecentEvents", "The events.")]
      ) { call in
        let events = try latest(
          call[Self.recentLimit], of: call[Self.anyRun], for: call.caller)
        return .json([
          "count": .integer(events.count), "events": .array(events.map(Self.envelope)),
        ]).live
      },
    ]
  }

  /// The latest events that somebody may be told of. Where most are of worlds that somebody may not
  /// read, fewer come than are wanted: no more than ``lookBackMax`` are looked at for each.
  private func latest(
    _ count: Int, of run: String?, for caller: Caller?
  ) throws -> [JournalEvent] {
    let glance = setup.sight.glance()
    var lookBack = count
    while true {
      let events = try journal.lastEvents(lookBack, filter: JournalFilter(run: run))
      let visible = try events.filter { try glance.shows($0, to: caller) }
      guard visible.count < count, events.count == lookBack, lookBack < count * Self.lookBackMax
      else { return visible.suffix(count) }
      lookBack *= 4
    }
  }

  /// Events that are looked at for each that is wanted.
  private static let lookBackMax = 16

  /// The envelope of an event with its number.
  static func envelope(_ event: JournalEvent) -> JSONValue {
    .object(
      EventEnvelope(telling: event).json.memberList + [.init("seq", .integer(Int(event.seq)))])
  }
}
