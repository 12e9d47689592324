import Essentials
import Networking
import Research
import Storage

/// The server itself: whether it is there, whether it is well, what it measures and what it serves.
extension DeskRoutes {
  var systemRoutes: [Route] {
    [
      Route(
        .get, "/healthz", "Says that the server is there.", group: Group.server, access: .open,
        answers: [.of("Health", "It is.")], place: .loop
      ) { _ in
        ServerResponse.json(["ok": .bool(true)]).live
      },
      Route(
        .get, "/readyz", "Says whether the desk can do its work.", group: Group.server,
        access: .open,
        answers: [
          .of("Readiness", "It can."),
          AnswerContract(
            503, "It cannot; the checks say why.", schema: WireSchema.reference("Readiness")),
        ]
      ) { _ in
        let checks = [journalCheck] + setup.checks.map { $0() }
        let isReady = checks.allSatisfy(\.isWell)
        return ServerResponse.json(
          ["ready": .bool(isReady), "checks": .array(checks.map(\.json))],
          status: isReady ? 200 : 503
        ).live
      },
      Route(
        .get, "/metrics",
        "Sends what is measured, in the text format of Prometheus; of worlds, what may be read.",
        group: Group.server,
        answers: [
          AnswerContract(200, "The metrics.", mediaType: MetricsText.mediaType, schema: [:])
        ]
      ) { call in
        let measured =
          try deskMetrics + ProcessMeter.metrics() + setup.metrics.flatMap { $0(call.caller) }
        return ServerResponse.text(
          MetricsText.text(measured), type: MetricsText.mediaType
        ).live
      },
      Route(
        .get, "/", "Leads to the pages.", group: Group.server, access: .open,
        answers: [AnswerContract(302, "To /ui/.", mediaType: "text/plain", schema: [:])],
        place: .loop
      ) { _ in
        ServerResponse(status: 302, headers: ["Location": "/ui/"])
      },
    ]
  }

  private var journalCheck: ReadinessCheck {
    do {
      let head = try journal.head.seq
      _ = try journal.events(after: max(0, head - 1), limit: 1)
      return ReadinessCheck("journal", isWell: true, detail: "readable up to event \(head)")
    } catch {
      return ReadinessCheck("journal", isWell: false, detail: error.explanation)
    }
  }

  private var deskMetrics: [Metric] {
    get throws {
      let now = setup.now()
      var metrics = [
        Metric(
          "athanor_build_info", "The version of the program, as a label.", .gauge,
          [Metric.Sample([Metric.Label("version", setup.version)], .number(1))]),
        Metric(
          "athanor_journal_head", "The number of the journal's last event.", .gauge,
          Double(try journal.head.seq)),
        Metric(
          "athanor_journal_archived_through",
          "The number of the last event that was moved to an archive.", .gauge,
          Double(try journal.archivedThrough)),
        Metric(
          "athanor_watched_runs", "Runs whose gauges are kept up to date.", .gauge,
          Double(gauges.count)),
      ]
      if let use = try GaugeBoard.desk(in: journal, at: now) { metrics += budgetMetrics(use) }
      return metrics
    }
  }

  private func budgetMetrics(_ use: DeskUse) -> [Metric] {
    let periods = [
      ("day", use.day, setup.budget.day), ("week", use.week, setup.budget.week),
    ]
    func samples(
      _ value: (DeskUse.Period, BudgetConfiguration.PeriodCeilings) -> Double?
    ) -> [Metric.Sample] {
      periods.compactMap { name, period, ceilings in
        value(period, ceilings).map {
          Metric.Sample([Metric.Label("period", name)], .number($0))
        }
      }
    }
    return [
      Metric(
        "athanor_budget_tokens_used", "Tokens that calls of the period used.", .gauge,
        samples { use, _ in Double(use.consumed.tokens) }),
      Metric(
        "athanor_budget_tokens_reserved", "Tokens held for calls under way.", .gauge,
        samples { use, _ in Double(use.reserved.tokens) }),
      Metric(
        "athanor_budget_tokens_limit", "The ceiling of the period in tokens.", .gauge,
        samples { _, ceilings in ceilings.tokens.map(Double.init) }),
      Metric(
        "athanor_budget_cost_dollars_used", "US dollars that calls of the period cost.", .gauge,
        samples { use, _ in use.consumed.cost.dollarsToEightPlaces }),
      Metric(
        "athanor_budget_cost_dollars_limit", "The ceiling of the period in US dollars.", .gauge,
        samples { _, ceilings in ceilings.cost?.dollarsToEightPlaces }),
    ].filter { !$0.samples.isEmpty }
  }

  /// The route that describes all others and itself. The text is made once.
  static func description(
    of routes: [Route], sockets: [SocketRoute], schemas: [DeskSchemas.Named], version: String
  ) -> Route {
    let contract = Route(
      .get, "/openapi.json", "Describes everything that is served, as OpenAPI 3.1.",
      group: Group.server, access: .open,
      answers: [AnswerContract(200, "The description.", schema: ["type": "object"])], place: .loop
    ) { _ in ServerResponse() }
    let document = OpenAPIDocument(
      title: "Athanor", version: version,
      summary: "An autonomous trading desk: research under a budget, from one journal.",
      routes: routes + [contract], sockets: sockets, schemas: schemas)
    let bytes = Array(document.json.compactText.utf8)
    var route = contract
    route.handle = { _ in
      ServerResponse(
        headers: ["Content-Type": "application/json", "Cache-Control": "no-cache"], body: bytes)
    }
    return route
  }
}
