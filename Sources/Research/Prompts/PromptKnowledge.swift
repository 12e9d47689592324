/// What a language model is told in every call of a run: the rules, the values that settings may have,
/// the operators and what is right and wrong in formulas.
///
/// Its text is a prefix of every prompt, so that providers can cache it; the same knowledge always
/// gives the same bytes.
package struct PromptKnowledge: Hashable, Sendable {
  /// A setting and the values that it may have, in the order in which they are told.
  package struct Setting: Hashable, Sendable {
    package var name: String
    package var values: [String]

    package init(name: String, values: [String]) {
      (self.name, self.values) = (name, values)
    }
  }

  /// An operator as a formula calls it.
  package struct Signature: Hashable, Sendable {
    package var name: String
    /// How the operator is called, such as `ts_mean(x, d)`.
    package var form: String
    /// What it does; empty where nothing is known.
    package var meaning: String

    package init(name: String, form: String, meaning: String) {
      (self.name, self.form, self.meaning) = (name, form, meaning)
    }
  }

  /// A formula that checks, and what can be learned from it.
  package struct Example: Hashable, Sendable {
    package var formula: String
    /// Empty where the formula says enough.
    package var lesson: String

    package init(formula: String, lesson: String) {
      (self.formula, self.lesson) = (formula, lesson)
    }
  }

  /// A formula that does not check, with the mistake and how to mend it.
  package struct Counterexample: Hashable, Sendable {
    package var formula: String
    package var mistake: String
    package var remedy: String

    package init(formula: String, mistake: String, remedy: String) {
      (self.formula, self.mistake, self.remedy) = (formula, mistake, remedy)
    }
  }

  /// How formulas are written, a sentence each; without any a short rulebook is told.
  package var rules: [String]
  package var settings: [Setting]
  package var signatures: [Signature]
  package var examples: [Example]
  package var counterexamples: [Counterexample]

  package init(
    rules: [String] = [], settings: [Setting] = [], signatures: [Signature] = [],
    examples: [Example] = [], counterexamples: [Counterexample] = []
  ) {
    self.rules = rules
    self.settings = settings
    self.signatures = signatures
    self.examples = examples
    self.counterexamples = counterexamples
  }
}
