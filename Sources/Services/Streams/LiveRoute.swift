import Essentials
package import Networking

/// The path `/ws/live`.
package enum LiveRoute {
  private static let run = RouteParameter<String?>.text(
    "run_id", "The run whose events are sent, `desk` for those of no run; otherwise all events.")
  private static let replay = RouteParameter<Int>.whole(
    "replay", in: 0...500, default: 20,
    "How many of the last events come first, where no cursor is given.")
  private static let after = RouteParameter<Int64?>(
    ParameterContract(
      "after", in: .query,
      "The number of the last event that the subscriber has: exactly those behind it follow.",
      schema: ["type": "integer", "minimum": 0], isRequired: false
    ) { text throws(ParameterDefect) in
      guard let text else { return Int64?.none }
      guard let cursor = Int64(text), cursor >= 0 else {
        throw ParameterDefect("must be the number of an event, or 0")
      }
      return cursor
    })
  private static let includeReactor = RouteParameter<Bool>.flag(
    "include_reactor", "Whether snapshots of the reactor are sent.")
  private static let interval = RouteParameter<Double>.number(
    "reactor_interval_sec", in: LiveRequest.intervals, default: 1,
    "The seconds between two snapshots.")

  /// Serves a hub's stream.
  package static func route(to hub: LiveHub) -> SocketRoute {
    SocketRoute(
      "/ws/live", "Sends every event as it is recorded, and snapshots of the reactor.",
      group: "Live",
      parameters: [
        run.contract, replay.contract, after.contract, includeReactor.contract, interval.contract,
      ]
    ) { call, outlet in
      try hub.subscribe(
        LiveWish(
          run: call[run], after: call[after],
          replay: call[replay],
          snapshotsEvery: call[includeReactor]
            ? .milliseconds(Int64((call[interval] * 1000).rounded())) : nil,
          caller: call.caller), outlet)
    }
  }
}
