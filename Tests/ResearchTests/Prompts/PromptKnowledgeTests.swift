import Essentials
import Testing

@testable import Research

@Suite("Prompt knowledge")
struct PromptKnowledgeTests {
  @Test("a knowledge pack is told whole, with the settings of the market and no others")
  func pack() throws {
    let build = KnowledgeBuilder(
      catalogue: DeskPanel.catalogue, settings: .success(.local),
      at: Timestamp(millisecondsSinceEpoch: 0)
    ).build()
    let pack = try build.pack()
    let knowledge = PromptKnowledge(pack, target: SimulationTarget())
    #expect(knowledge.rules.count == pack.rules.count)
    #expect(knowledge.signatures.map(\.name) == pack.operators.map(\.name))
    #expect(knowledge.settings.first { $0.name == "delay" }?.values == ["0", "1"])
    #expect(knowledge.examples.map(\.formula) == pack.examples.map(\.expression))
    #expect(knowledge.counterexamples.map(\.remedy) == pack.counterexamples.map(\.fixHint))
  }

  @Test("a pack that was retrieved with its knowledge fits with nothing cut")
  func retrieved() throws {
    let knowledge = PromptKnowledge(
      try KnowledgeBuilder(
        catalogue: DeskPanel.catalogue, settings: .success(.local),
        at: Timestamp(millisecondsSinceEpoch: 0)
      ).build().pack(), target: SimulationTarget())
    let pack = try DeskPanel.builder().pack(for: PromptBench.idea)
    let compiled = PromptCompiler(
      knowledge: knowledge, estimator: PromptEstimator(bound: .calibrated)
    ).compile(PromptBench.task(pack), within: PromptBench.ledger(), at: LedgerBench.friday)
    #expect(compiled.verdict == .fits && compiled.steps.isEmpty)
    #expect(compiled.call.instructions.contains("# settings (allowed values)\ndelay: 0, 1\n"))
    #expect(compiled.request.prompt?.selectedTopK.operators == pack.operators.count)
  }

  @Test("signatures are told by name, each once, and only those that a formula can call")
  func usable() {
    let knowledge = PromptKnowledge(signatures: [
      .init(name: "rank", form: "rank(x)", meaning: ""),
      .init(name: "abs", form: "abs(x)", meaning: ""),
      .init(name: "rank", form: "rank(x, rate)", meaning: ""),
      .init(name: "a b", form: "a b", meaning: ""),
    ])
    #expect(knowledge.usableSignatures.map(\.form) == ["abs(x)", "rank(x)"])
  }
}
