import Testing

@testable import Research

@Suite("The order of events")
struct EventOrderTests {
  /// The rules that a sequence of names violates, all of one candidate of one idea.
  private func violated(_ kinds: [String], expectsSimulation: Bool = true) -> [String] {
    var order = EventOrder(expectsSimulation: expectsSimulation)
    for kind in kinds { order.take(kind, candidate: "c", idea: "i") }
    order.finish()
    return order.violations.map(\.rule)
  }

  private static let proposed = ["agent.alpha_generated", "validation.started"]
  private static let simulated = [
    "simulation.enqueued", "simulation.started", "simulation.progress", "simulation.completed",
    "evaluation.completed", "run.summary",
  ]

  @Test(
    "the documented runs are in order",
    arguments: [
      // S4, with the usage point after and before the answer is read.
      ["agent.alpha_started"] + Array(repeating: "budget.fallback_applied", count: 7) + [
        "budget.check_passed", "budget.explore_floor_preserved", "agent.alpha_generated",
        "llm.usage_point",
      ],
      [
        "agent.alpha_started", "budget.check_passed", "llm.usage_point", "agent.alpha_generated",
      ],
      // Another attempt of the call, and a repair whose prompt is shortened.
      [
        "agent.alpha_started", "budget.fallback_applied", "budget.check_passed",
        "budget.explore_floor_preserved", "llm.usage_point", "budget.check_passed",
        "budget.explore_floor_preserved", "llm.usage_point",
      ] + proposed + [
        "validation.failed", "validation.retry_started", "budget.fallback_applied",
        "budget.check_passed", "budget.explore_floor_preserved", "llm.usage_point",
        "validation.retry_passed",
      ] + simulated,
      // S11
      proposed + [
        "validation.passed", "simulation.skipped_by_option", "evaluation.completed", "run.summary",
      ],
      // S12
      proposed + ["validation.failed", "validation.retry_started", "validation.retry_passed"]
        + simulated,
      // S13
      proposed + [
        "validation.failed", "validation.retry_started", "validation.retry_failed",
        "validation.retrieval_expanded", "validation.retry_started", "validation.retry_failed",
        "validation.retry_started", "validation.retry_failed", "simulation.blocked_validation",
        "evaluation.completed", "run.summary",
      ],
      // A repair that came to no text.
      proposed + [
        "validation.failed", "validation.retry_started", "simulation.blocked_validation",
        "evaluation.completed", "run.summary",
      ],
      // S14
      proposed + ["validation.passed"] + simulated,
      // Only a duplicate.
      proposed + [
        "validation.passed", "simulation_skipped_duplicate", "evaluation.completed",
      ],
      proposed + [
        "validation.passed", "simulation.enqueued", "simulation.started", "simulation.failed",
        "evaluation.completed",
      ],
      proposed + [
        "validation.passed", "simulation.enqueued", "simulation.started", "simulation.completed",
        "simulation.recordsets_unavailable", "evaluation.completed",
      ],
      [],
    ])
  func legal(_ kinds: [String]) {
    #expect(violated(kinds) == [])
  }

  @Test(
    "each rule is broken once",
    arguments: [
      ("O1", ["agent.alpha_started", "llm.usage_point"]),
      ("O1", ["agent.alpha_started", "agent.alpha_generated"]),
      ("O1", ["agent.alpha_started", "budget.check_passed", "budget.fallback_applied"]),
      ("O1", ["agent.alpha_started", "budget.explore_floor_preserved"]),
      (
        "O2",
        [
          "validation.started", "validation.passed", "simulation.skipped_by_option",
          "evaluation.completed",
        ]
      ),
      ("O3", ["agent.alpha_generated", "validation.started"]),
      (
        "O3",
        proposed + ["validation.passed", "validation.passed"] + simulated
      ),
      (
        "O4",
        proposed + [
          "validation.failed", "validation.retry_started", "validation.retry_started",
          "validation.retry_passed",
        ] + simulated
      ),
      ("O4", proposed + ["validation.passed", "validation.retry_passed"] + simulated),
      ("O4", proposed + ["validation.failed", "validation.retry_started"]),
      (
        "O5",
        proposed + [
          "validation.passed", "simulation.enqueued", "simulation.completed",
          "evaluation.completed",
        ]
      ),
      (
        "O5",
        proposed + [
          "validation.passed", "simulation.enqueued", "simulation.started",
        ]
      ),
      ("O6", proposed + ["validation.failed"] + simulated),
      ("O7", proposed + ["validation.passed"] + simulated + ["simulation.enqueued"]),
      (
        "O7",
        proposed + ["validation.passed", "simulation.enqueued", "evaluation.completed"]
      ),
      ("O7", proposed + ["validation.failed"]),
    ] as [(String, [String])])
  func illegal(_ rule: String, _ kinds: [String]) {
    #expect(violated(kinds) == [rule])
  }

  @Test("a run that simulates nothing must have no simulation event")
  func unexpected() {
    let kinds = Self.proposed + ["validation.passed"]
    #expect(
      violated(
        kinds + ["simulation.skipped_by_option", "evaluation.completed"], expectsSimulation: false)
        == [])
    #expect(
      violated(kinds + Self.simulated, expectsSimulation: false) == ["O6", "O6", "O6", "O6"])
  }

  @Test("candidates are watched apart, and no more violations are kept than people read")
  func apart() {
    var order = EventOrder()
    order.take("agent.alpha_generated", candidate: "a", idea: "i")
    order.take("validation.started", candidate: "b", idea: "i")
    #expect(order.violations.map(\.subject) == ["b"])
    for _ in 0..<100 { order.take("validation.passed", candidate: "a") }
    #expect(order.violations.count == EventOrder.violationsMax)
    #expect(order.violationCount == 101)
  }
}
