import Essentials
package import Networking
import Storage
import Worlds

/// What is measured of worlds, for Prometheus and the alerts that are shipped with the program.
///
/// Counts and standings follow from the events of the journal; only how long things take is known to
/// this process alone. Labels name worlds and words of the program, never runs or instances; nobody is
/// told of a world that its policy does not let them read.
package struct WorldTelemetry: Sendable {
  private let routes: WorldRoutes
  private let meter: WorldMeter

  /// Worlds beyond are counted by `athanor_worlds_unread` and not told.
  package static let worldsMax = 256

  package init(_ routes: WorldRoutes, meter: WorldMeter) {
    self.routes = routes
    self.meter = meter
  }

  /// One world as it is measured.
  private struct Reading: Sendable {
    var state: WorldState
    var tally: WorldTally

    var world: String { state.world }
  }

  /// The metrics at this moment of the worlds that somebody may read, which are the only ones that are
  /// counted. Worlds whose events are still being read for the first time are left out until they are.
  package func metrics(for caller: Caller?) -> [Metric] {
    let actor = WorldRoutes.actor(caller)
    let names = (try? routes.desk.worlds()) ?? []
    var readings: [Reading] = []
    var unread = max(0, names.count - Self.worldsMax)
    for name in names.prefix(Self.worldsMax) {
      let reading = try? routes.chronicle(of: name) { Reading(state: $0.state, tally: $0.tally) }
      guard let reading else {
        unread += 1
        continue
      }
      if reading.state.rules.roles.role(of: actor) != nil { readings.append(reading) }
    }
    let living = readings.filter { !$0.state.isDeleted }
    return [
      .gauge("athanor_worlds", "Worlds of the journal that may be read.", readings.count),
      .gauge(
        "athanor_worlds_unread", "Worlds whose events are still being read.", unread),
    ] + standings(living) + switches(living) + measures(living)
  }

  // MARK: - How worlds stand

  private func standings(_ readings: [Reading]) -> [Metric] {
    let now = routes.setup.now()
    return [
      Metric(
        "athanor_world_mode", "Whether the world is in the mode.", .gauge,
        Self.samples(readings) { reading in
          WorldMode.allCases.map { ("mode", $0.rawValue, reading.state.mode == $0 ? 1 : 0) }
        }),
      Metric(
        "athanor_world_phase_instances", "Instances in the phase.", .gauge,
        Self.samples(readings) { reading in
          let counts = reading.state.counts
          return StrategyPhase.allCases.map { ("phase", $0.rawValue, Double(counts[$0] ?? 0)) }
        }),
      Metric(
        "athanor_world_epoch", "The epoch of the world's gates.", .gauge,
        Self.each(readings) { Double($0.state.epoch) }),
      Metric(
        "athanor_world_cycle", "The last cycle that was evaluated.", .gauge,
        Self.each(readings) { Double($0.state.cycle) }),
      Metric(
        "athanor_world_breaker_tripped", "Whether the breaker keeps gates closed.", .gauge,
        Self.each(readings) { $0.state.breaker.isArmed ? 0 : 1 }),
      Metric(
        "athanor_world_data_lag_seconds",
        "How far data was behind at the last evaluation; negative where it was ahead.", .gauge,
        Self.each(readings) { reading in
          let currency = reading.state.evaluation?.plan.currency
          return currency?.dataset == nil ? nil : currency?.lag.seconds
        }),
      Metric(
        "athanor_world_data_lag_limit_seconds", "How far that data may be behind.", .gauge,
        Self.each(readings) { reading in
          reading.state.rules.currency
            .lagMax(of: reading.state.evaluation?.plan.currency.dataset).seconds
        }),
      Metric(
        "athanor_world_data_current",
        "Whether data was current at the last evaluation; 0 also for data from the future.",
        .gauge,
        Self.each(readings) { reading in
          reading.state.evaluation.map { $0.plan.currency.standing == .current ? 1 : 0 }
        }),
      Metric(
        "athanor_world_evaluation_overdue_seconds",
        "Since when an evaluation is due that did not come; 0 where none is.", .gauge,
        Self.each(readings) { reading in
          WorldSchedule.dueInstant(of: reading.state, in: routes.desk.journal.birth.at).map {
            max(0, (now - $0).seconds)
          }
        }),
    ]
  }

  // MARK: - Switches, alerts and who was refused

  private func switches(_ readings: [Reading]) -> [Metric] {
    let ends: [CutoverStage] = [.completed, .aborted, .rolledBack]
    return [
      Metric(
        "athanor_world_cutovers_total", "Cutovers that came to the end.", .counter,
        Self.samples(readings) { reading in
          ends.map { ("outcome", $0.rawValue, Double(reading.tally.cutovers[$0] ?? 0)) }
        }),
      Metric(
        "athanor_world_cutover_failure_ratio",
        "The share of cutovers that were given up or rolled back; 0 before the first.", .gauge,
        Self.each(readings) { $0.tally.failureRatio ?? 0 }),
      Metric(
        "athanor_world_transition_delay_cycles",
        """
        Cycles from the first decision that wants a switch to its end: of the last one that was \
        completed, and of the oldest that waits.
        """, .gauge,
        Self.samples(readings) { reading in
          let waiting = Double(reading.tally.waitingCycles(at: reading.state.cycle))
          let last = reading.tally.lastDelay.map { [("standing", "completed", Double($0))] } ?? []
          return last + [("standing", "waiting", waiting)]
        }),
      Metric(
        "athanor_world_denied_total", "Commands that somebody was not allowed to give.", .counter,
        Self.each(readings) { Double($0.tally.deniedCount) }),
      Metric(
        "athanor_world_alerts_total", "Alerts that rules of the policy had told.", .counter,
        Self.samples(readings) { reading in
          AlertRule.Level.allCases.map {
            ("level", $0.rawValue, Double(reading.tally.alerts[$0] ?? 0))
          }
        }),
    ]
  }

  // MARK: - How long it takes

  private func measures(_ readings: [Reading]) -> [Metric] {
    let figures = readings.compactMap { reading in
      meter.figures(of: reading.world).map { (world: reading.world, figures: $0) }
    }
    return [
      Metric(
        "athanor_world_evaluation_seconds", "Time that an evaluation took.", .histogram,
        figures.map { Metric.Sample([Metric.Label("world", $0.world)], Self.histogram($0.figures)) }
      ),
      Metric(
        "athanor_world_evaluation_failures_total", "Evaluations that failed.", .counter,
        figures.map {
          Metric.Sample(
            [Metric.Label("world", $0.world)], .number(Double($0.figures.failures)))
        }),
      Metric(
        "athanor_world_metric_delay_seconds",
        "From when the last evaluation was due to when its measures were computed.", .gauge,
        figures.compactMap { item in
          item.figures.metricDelay.map {
            Metric.Sample([Metric.Label("world", item.world)], .number($0))
          }
        }),
    ]
  }

  private static func histogram(_ figures: WorldMeter.Figures) -> Metric.Reading {
    var sum = 0
    let buckets = zip(WorldMeter.bounds, figures.evaluations).map { bound, count in
      sum += count
      return Metric.Bucket(bound: bound, count: sum)
    }
    return .histogram(
      Metric.Histogram(buckets: buckets, sum: figures.seconds, count: figures.count))
  }

  // MARK: - Series

  private static func each(
    _ readings: [Reading], _ value: (Reading) -> Double?
  ) -> [Metric.Sample] {
    readings.compactMap { reading in
      value(reading).map {
        Metric.Sample([Metric.Label("world", reading.world)], .number($0))
      }
    }
  }

  private static func samples(
    _ readings: [Reading], _ values: (Reading) -> [(label: String, word: String, value: Double)]
  ) -> [Metric.Sample] {
    readings.flatMap { reading in
      values(reading).map { item in
        Metric.Sample(
          [Metric.Label("world", reading.world), Metric.Label(item.label, item.word)],
          .number(item.value))
      }
    }
  }
}
