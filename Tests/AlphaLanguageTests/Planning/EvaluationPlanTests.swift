import Testing

@testable import AlphaLanguage

@Suite("The plan of an evaluation")
struct EvaluationPlanTests {
  private let mean = FormulaGraph.call(.tsMean, [.field("close")], [.number(5)])
  private let filled = FormulaGraph.call(
    .tsBackfill, [.field("close")],
    [
      .number(9), .number(1), .numbers([nan]),
    ])

  @Test("equal parts of different formulas are one node, missing values among their options too")
  func sharing() {
    let plan = EvaluationPlan([
      .call(.subtract, [.field("close"), mean]), .call(.divide, [mean, filled]),
      .call(.rank, [filled]),
    ])
    // close, ts_mean, subtract, ts_backfill, divide, rank
    #expect(plan.nodes.count == 6)
    #expect(plan.nodes.filter { $0.operation == .field("close") }.count == 1)
    #expect(plan.nodes.filter { $0.operation == .apply(.tsBackfill) }.count == 1)
  }

  @Test("roots stand in the order of the formulas, equal formulas at one node")
  func roots() {
    let plan = EvaluationPlan([mean, .field("close"), mean])
    #expect(plan.roots.count == 3)
    #expect(plan.roots[0] == plan.roots[2])
    #expect(plan.nodes[plan.roots[0]].operation == .apply(.tsMean))
    #expect(plan.nodes[plan.roots[1]].operation == .field("close"))
  }

  @Test("every node stands after its inputs")
  func order() {
    var random = RandomFormulas(seed: 41, longest: 30)
    let plan = EvaluationPlan((0..<200).map { _ in random.matrix(depth: 4) })
    for (place, node) in plan.nodes.enumerated() {
      #expect(node.inputs.filter { $0 >= place }.isEmpty)
    }
  }

  @Test("a node remembers as many rows as its most demanding reader needs")
  func history() {
    let plan = EvaluationPlan([
      mean, filled, .call(.tsDelay, [.field("close")], [.number(3)]),
      .call(
        .tsRegression, [.field("close"), .field("open")],
        [
          .number(4), .number(7), .number(0),
        ]),
    ])
    func history(_ field: String) -> Int? {
      plan.nodes.firstIndex { $0.operation == .field(field) }.map { plan.history[$0] }
    }
    #expect(history("close") == 8)
    #expect(history("open") == 10)
    #expect(plan.history[plan.roots[0]] == 0)
  }

  @Test("memory is handed on after the last reader, which for an unread node is itself")
  func lastReaders() {
    let plan = EvaluationPlan([.call(.add, [mean, .field("close")]), .call(.rank, [mean])])
    let place = plan.nodes.firstIndex { $0.operation == .apply(.tsMean) } ?? -1
    #expect(plan.lastReaders[place] == plan.roots[1])
    #expect(plan.lastReaders[plan.roots[1]] == plan.roots[1])
  }
}
