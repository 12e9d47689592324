import Essentials
import Networking
import Research
import Storage

/// The four gauges of a run, and how they stood at its moments.
extension DeskRoutes {
  private static let frames = RouteParameter<Int>.whole(
    "frames", in: 2...ReplayTape.framesMax, default: 240,
    "The most moments, evenly spaced by events.")

  var gaugeRoutes: [Route] {
    [
      gauge("budget", "Tells what the run has used of its ceilings", "BudgetGauges") {
        gauges, now, desk in gauges.budget(at: now, desk: desk)
      },
      gauge("kpi", "Tells how widely and how newly the run searches", "SearchGauges") {
        gauges, _, _ in gauges.kpi
      },
      gauge("validation_kpi", "Tells how validation went, by attempt", "ValidationGauges") {
        gauges, _, _ in gauges.validationKPI
      },
      Route(
        .get, "/api/runs/{run_id}/reactor_status",
        "Tells what the reactor shows: pressure, state, velocities, budget and search.",
        group: Group.gauges, parameters: [Self.run.contract],
        answers: [.of("ReactorStatus", "The reactor; empty series for an unknown run.")]
      ) { call in
        let now = setup.now()
        let desk = try GaugeBoard.desk(in: journal, at: now)
        let text = try gauges(for: call) { $0.reactorText(at: now, desk: desk) }
        return .text(text, type: "application/json").live
      },
      Route(
        .get, "/api/runs/{run_id}/replay",
        "Tells how the gauges stood at many moments of the run, each as of its own instant.",
        group: Group.gauges, parameters: [Self.run.contract, Self.frames.contract],
        answers: [.of("Replay", "The frames in order, and the reactor at the newest event.")]
      ) { call in
        let summary = try summary(for: call)
        return try answer(call, about: summary) {
          let text = try tapes.with(summary.run) { $0.text(frames: call[Self.frames]) }
          return .text(text, type: "application/json")
        }
      },
    ]
  }

  /// Hands out the gauges of the run of a call: those of no event where the caller may not read it.
  private func gauges<Result: Sendable>(
    for call: RouteCall, _ body: (inout LiveGauges) throws -> Result
  ) throws -> Result {
    let run = call[Self.run]
    guard try setup.sight.glance().shows(EventPlace(run: run), to: call.caller) else {
      var empty = LiveGauges(run: run, configuration: setup.budget)
      return try body(&empty)
    }
    return try gauges.with(run, body)
  }

  private func gauge(
    _ name: String, _ summary: String, _ schema: String,
    _ payload: @escaping @Sendable (RunGauges, Timestamp, DeskUse?) -> JSONValue
  ) -> Route {
    Route(
      .get, "/api/runs/{run_id}/\(name)", "\(summary).", group: Group.gauges,
      parameters: [Self.run.contract],
      answers: [.of(schema, "The gauges; empty series for an unknown run.")]
    ) { call in
      let now = setup.now()
      let desk = try GaugeBoard.desk(in: journal, at: now)
      let gauges = try gauges(for: call) { $0.gauges }
      return .json(payload(gauges, now, desk)).live
    }
  }
}
