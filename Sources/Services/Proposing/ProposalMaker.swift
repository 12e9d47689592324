package import AlphaLanguage
package import Essentials
package import Research

/// Makes one idea, or one candidate for an idea, of the answers of a model or of a text that stands in
/// for them; every answer that cannot be read is recorded.
package struct ProposalMaker {
  /// Where answers come from.
  package enum Source {
    case model(ProposalDesk)
    /// A text in place of every answer: nothing is asked and nothing is paid for.
    case text(String)
  }

  package let record: ResearchRecord
  package let source: Source
  /// How often a model is asked anew where its answer cannot be read.
  package let regenerationsMax: Int

  package init(record: ResearchRecord, source: Source, regenerationsMax: Int = 2) {
    self.record = record
    self.source = source
    self.regenerationsMax = regenerationsMax
  }

  // MARK: - Ideas

  /// Makes an idea of notes, an object that may hold category, subcategory, overview, hypothesis,
  /// recent_performance_summary and target.
  ///
  /// A model's idea bears the name that the notes have, or one that follows from them, and is meant
  /// for the market that the notes name; that of a given text is taken as it is.
  ///
  /// - Throws: ``BudgetBlocked``, what the model failed with, or the last answer's defect.
  package func idea(from notes: JSONValue) async throws -> IdeaSpec {
    let id = Self.name(of: notes)
    let started = try record.record(
      .ideaStarted(inputKeys: notes.memberNames), idea: id, cause: nil)
    var idea = try await understood(
      "idea/\(id)/\(Self.digest([notes]))", idea: id, .idea(notes: notes), cause: started,
      defect: { .ideaParseFailed($0) }, repaired: { .ideaRepairAttempted(attempt: $0) },
      read: AnswerReader.idea(in:))
    if case .model = source {
      idea.ideaID = id
      if let target = Self.target(of: notes) { idea.target = target }
    }
    try record.record(.ideaGenerated(idea), idea: idea.ideaID, cause: started)
    return idea
  }

  /// The `idea_id` of notes, or a name that follows from all that they say.
  package static func name(of notes: JSONValue) -> String {
    if case .string(let id)? = notes["idea_id"], !id.isEmpty { return id }
    return "idea-\(digest([notes]))"
  }

  private static func target(of notes: JSONValue) -> SimulationTarget? {
    guard let value = notes["target"] else { return nil }
    return try? SimulationTarget(json: value, document: "target")
  }

  /// Twelve digits that differ for questions about different things.
  private static func digest(_ documents: [JSONValue]) -> String {
    String(Fingerprint(of: JSONValue.array(documents).compactText).hexadecimal.prefix(12))
  }

  // MARK: - Candidates

  /// A proposed candidate with its place in the record.
  package struct Proposal: Sendable {
    package let candidate: CandidateAlpha
    package let facts: CandidateFacts
    /// The number of the event that tells of it.
    package let event: Int64
  }

  /// Makes a candidate of an idea and its pack.
  ///
  /// The candidate is meant for the idea's market. What it says of its fields and operators is read
  /// from its formula, and where it names no lane it is of the exploit lane.
  ///
  /// - Parameter validator: knows the fields that the formula may read.
  /// - Throws: ``BudgetBlocked``, what the model failed with, or the last answer's defect.
  package func candidate(
    for idea: IdeaSpec, pack: RetrievalPack, by validator: FormulaValidator,
    subcategories: ([String]) -> [String]
  ) async throws -> Proposal {
    let question = "alpha/\(idea.ideaID)/\(Self.digest([idea.json, pack.json]))"
    var started: Int64?
    // Where the answer is at hand nothing is asked for, and no check of the budget follows.
    if case .model(let desk) = source, !desk.hasAnswer(to: "\(question)/1") {
      started = try record.record(
        .alphaStarted(CandidateCounts(pack)), idea: idea.ideaID, cause: nil)
    }
    var candidate = try await understood(
      question, idea: idea.ideaID,
      .alphas(idea: idea, pack: pack, wanted: 1, earlier: []), cause: started,
      defect: { .alphaParseFailed($0) }, repaired: { .alphaRepairAttempted(attempt: $0) },
      read: { (text) throws(AnswerDefect) in try AnswerReader.candidate(in: text) })
    candidate.ideaID = idea.ideaID
    candidate.simulation.settings.aim(at: idea.target)
    let report = validator.report(on: candidate)
    candidate.notes.usedFields = report.usedFields
    candidate.notes.usedOperators = report.usedOperators
    var facts = CandidateFacts(candidate, formula: report.formula)
    facts.usedSubcategories = subcategories(report.usedFields)
    let event = try record.record(
      .alphaGenerated(facts, novelty: nil), idea: idea.ideaID, cause: started)
    return Proposal(candidate: candidate, facts: facts, event: event)
  }

  // MARK: - Answers

  private func understood<Value>(
    _ id: String, idea: String, _ subject: ProposalSubject, cause: Int64?,
    defect: (ParseDefect) -> ResearchFact, repaired: (Int) -> ResearchFact,
    read: (String) throws(AnswerDefect) -> UnderstoodAnswer<Value>
  ) async throws -> Value {
    var attempt = 1
    while true {
      let text: String
      switch source {
      case .text(let given): text = given
      case .model(let desk):
        switch try await desk.askAgain("\(id)/\(attempt)", idea: idea, subject) {
        case .text(let answer, _): text = answer
        case .blocked(let blocked): throw BudgetBlocked(blocked.refusal)
        case .failed(let failure):
          try record.record(
            defect(
              ParseDefect(code: failure.key, detail: failure.explanation, attempt: attempt)),
            idea: idea, cause: cause)
          throw failure
        }
      }
      let answer: UnderstoodAnswer<Value>
      do throws(AnswerDefect) {
        answer = try read(text)
      } catch {
        try record.record(
          defect(
            ParseDefect(code: error.code.rawValue, detail: error.detail, attempt: attempt)),
          idea: idea, cause: cause)
        guard case .model = source, attempt <= regenerationsMax else { throw error }
        attempt += 1
        continue
      }
      if !answer.steps.isEmpty {
        try record.record(repaired(attempt), idea: idea, cause: cause)
      }
      return answer.value
    }
  }
}

extension CandidateFacts {
  /// What events say of a candidate of one formula.
  ///
  /// - Parameter formula: nil where it does not check.
  package init(_ candidate: CandidateAlpha, formula: CheckedFormula?) {
    self.init(
      key: CandidateFingerprints(candidate).candidateKey, lane: candidate.notes.lane,
      formula: formula.map { Formula($0) } ?? Formula(text: candidate.formula))
    alphaID = candidate.alphaID
    usedFields = candidate.notes.usedFields
    usedOperators = candidate.notes.usedOperators
  }
}

extension CandidateSettings {
  /// Takes the market of an idea.
  fileprivate mutating func aim(at target: SimulationTarget) {
    instrumentType = target.instrumentType
    region = target.region
    universe = target.universe
    delay = target.delay
  }
}

extension JSONValue {
  /// The names of an object's members in their order; none for anything else.
  fileprivate var memberNames: [String] {
    if case .object(let members) = self { members.map(\.name) } else { [] }
  }
}
