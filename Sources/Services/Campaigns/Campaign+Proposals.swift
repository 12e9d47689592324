import AlphaLanguage
import Essentials
import Research

/// Proposals: an idea's pack, its prompt, the model's answer and each candidate in it.
extension Campaign {
  /// Answers of one idea that may be unreadable before it is given up.
  private static let answersMax = 3

  /// Asks for candidates for an idea and takes in those that check.
  func propose(_ place: Int, cause: Int64) async throws {
    let idea = plan.ideas[place]
    let pack = try tools.packs.pack(for: idea)
    retrieved.append(pack)
    let available = PackFacts.Available(
      subcategories: tools.packs.catalogue.subcategories.count)
    let built = try record(
      .packBuilt(PackFacts(pack, available: available)), idea: idea.ideaID, cause: cause)
    var started = try record(
      .alphaStarted(CandidateCounts(pack)), idea: idea.ideaID, cause: built)
    var attempt = 1
    while true {
      let reply = try await questions.ask(
        "alpha/\(idea.ideaID)/\(attempt)", idea: idea.ideaID,
        .alphas(idea: idea, pack: pack, wanted: plan.proposals, earlier: earlier(of: place)),
        place: place)
      switch reply {
      case .blocked(let blocked):
        outcomes.append(IdeaOutcome(blocked))
        return
      case .failed(let failure):
        try record(
          .alphaParseFailed(
            ParseDefect(code: failure.key, detail: failure.explanation, attempt: attempt)),
          idea: idea.ideaID, cause: started)
        outcomes.append(.failed(reason: failure.explanation))
        return
      case .text(let text, _):
        if let answers = try read(text, idea.ideaID, attempt, cause: started) {
          let before = entries.count
          for candidate in answers.candidates.prefix(plan.proposals) {
            try await admit(candidate, place, pack, cause: started)
          }
          outcomes.append(.proposed(candidates: entries.count - before))
          return
        }
        guard attempt < Self.answersMax else {
          outcomes.append(
            .failed(reason: "\(attempt) answers in a row held nothing that could be read."))
          return
        }
        attempt += 1
        // A prompt of its own: it is shortened and checked anew.
        started = try record(
          .alphaStarted(CandidateCounts(pack)), idea: idea.ideaID, cause: started)
      }
    }
  }

  private func earlier(of place: Int) -> [String] {
    entries.filter { $0.idea == place }.map(\.formula.canonicalText)
  }

  /// Reads an answer with several candidates; nil where nothing in it can be read.
  private func read(
    _ text: String, _ idea: String, _ attempt: Int, cause: Int64
  ) throws -> CandidateAnswers? {
    func tell(_ defect: AnswerDefect) throws {
      tally.unreadable += 1
      try record(
        .alphaParseFailed(
          ParseDefect(code: defect.code.rawValue, detail: defect.detail, attempt: attempt)),
        idea: idea, cause: cause)
    }
    let answers: CandidateAnswers
    do {
      answers = try AnswerReader.candidates(in: text)
    } catch {
      try tell(error)
      return nil
    }
    if !answers.steps.isEmpty {
      try record(.alphaRepairAttempted(attempt: attempt), idea: idea, cause: cause)
    }
    for defect in answers.defects { try tell(defect) }
    return answers.candidates.isEmpty ? nil : answers
  }
}
