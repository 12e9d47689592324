import Essentials

extension PromptKnowledge {
  /// What a knowledge pack tells of one market: settings of other regions never mix in.
  package init(_ pack: KnowledgePack, target: SimulationTarget) {
    var settings: [Setting] = []
    if case .object(let members) = pack.settings.allowed(in: target) {
      for member in members {
        guard case .array(let values) = member.value else { continue }
        settings.append(
          Setting(
            name: member.name,
            values: values.compactMap { if case .string(let text) = $0 { text } else { nil } }))
      }
    }
    self.init(
      rules: pack.rules.map { $0.sample.isEmpty ? $0.rule : "\($0.rule) Such as \($0.sample)" },
      settings: settings,
      signatures: pack.operators.map {
        Signature(name: $0.name, form: $0.definition, meaning: $0.meaning)
      },
      examples: pack.examples.map { Example(formula: $0.expression, lesson: $0.lesson) },
      counterexamples: pack.counterexamples.map {
        Counterexample(formula: $0.expression, mistake: $0.message, remedy: $0.fixHint)
      })
  }
}
