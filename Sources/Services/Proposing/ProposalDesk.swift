import Essentials
package import Research

/// Where the proposals of a run are asked for: every prompt is compiled for what the budget has left,
/// and asked through the run's model desk.
package struct ProposalDesk {
  package let desk: ModelDesk
  package let prompts: PromptCompiler
  /// Where all chance of the run begins.
  package let seed: UInt64
  /// The longest answer that is asked for; the budget may allow less.
  package let maxOutputTokens: Int
  /// How many subcategories the catalogue has, nil where nobody knows.
  package let subcategoriesAvailable: Int?

  package init(
    desk: ModelDesk, prompts: PromptCompiler, seed: UInt64, maxOutputTokens: Int,
    subcategoriesAvailable: Int?
  ) {
    self.desk = desk
    self.prompts = prompts
    self.seed = seed
    self.maxOutputTokens = maxOutputTokens
    self.subcategoriesAvailable = subcategoriesAvailable
  }

  /// Puts a question to the model within the budget.
  ///
  /// - Parameters:
  ///   - id: names the question within its run; a question of this name that was answered before is
  ///     not asked again.
  ///   - place: the position of the idea in its run.
  package func ask(
    _ id: String, idea: String, _ subject: ProposalSubject, place: Int = 0,
    expansion: ExpansionClaim? = nil
  ) async throws -> ModelDesk.Reply {
    try await desk.ask(id) { ledger, now in
      var task = PromptTask(
        subject, run: desk.run, idea: idea, identity: desk.model.identity,
        outputTokensWanted: maxOutputTokens)
      task.seed = Self.seed(seed, place: place, id: id)
      task.expansion = expansion
      task.subcategoriesAvailable = subcategoriesAvailable
      return prompts.compile(task, within: ledger, at: now)
    }
  }

  /// Puts a question as ``ask(_:idea:_:place:expansion:)`` does, and puts it again where it is on
  /// record that it was blocked or failed: for commands that a person repeats within one run, after
  /// the ceilings were raised or the provider recovered.
  package func askAgain(
    _ id: String, idea: String, _ subject: ProposalSubject, expansion: ExpansionClaim? = nil
  ) async throws -> ModelDesk.Reply {
    try await ask(name(of: id), idea: idea, subject, expansion: expansion)
  }

  /// Whether ``askAgain(_:idea:_:expansion:)`` has the answer on record.
  package func hasAnswer(to id: String) -> Bool { desk.hasAnswer(to: name(of: id)) }

  /// The first name of a question under which it was answered, or not yet put.
  private func name(of id: String) -> String {
    var name = id
    var times = 1
    while desk.knows(name), !desk.hasAnswer(to: name) {
      times += 1
      name = "\(id)/again/\(times)"
    }
    return name
  }

  /// A seed of its own for every question, the same in every life of the run.
  package static func seed(_ seed: UInt64, place: Int, id: String) -> UInt64 {
    let digest = Fingerprint(of: "\(seed)/\(place)/\(id)").hexadecimal
    return UInt64(digest.prefix(16), radix: 16) ?? seed
  }
}
