package import AlphaLanguage
import Essentials
package import Research

/// Obeys the validation machine for one candidate: checks its texts, repairs their trees, asks a
/// model for others, and widens the retrieval.
package struct ValidationLoop: Sendable {
  package let validator: FormulaValidator
  package let policy: ValidationMachine.Policy

  package init(validator: FormulaValidator, policy: ValidationMachine.Policy) {
    self.validator = validator
    self.policy = policy
  }

  /// A call for another text.
  package struct Question: Sendable {
    /// 1 for the first of the candidate.
    package let number: Int
    /// The candidate with the text that does not check.
    package let candidate: CandidateAlpha
    package let pack: RetrievalPack
    /// What is wrong, and what was wrong with earlier texts, a line each.
    package let findings: [String]
    /// The claim on the reserve once the retrieval was widened.
    package let expansion: ExpansionClaim?

    /// What the model is asked.
    package var subject: ProposalSubject {
      .repair(candidate: candidate, pack: pack, findings: findings)
    }
  }

  /// What the loop has others do.
  package struct Errands {
    package var record: (ValidationEvent) throws -> Void
    /// Retrieves a wider pack.
    package var widen: () throws -> RetrievalPack
    package var ask: (Question) async throws -> ModelDesk.Reply

    package init(
      record: @escaping (ValidationEvent) throws -> Void,
      widen: @escaping () throws -> RetrievalPack,
      ask: @escaping (Question) async throws -> ModelDesk.Reply
    ) {
      self.record = record
      self.widen = widen
      self.ask = ask
    }
  }

  /// How a validation ended.
  package struct Outcome: Sendable {
    /// The candidate with the text and the notes of the verdict.
    package let candidate: CandidateAlpha
    package let verdict: ValidationVerdict
    /// The formula, nil where the candidate did not pass.
    package let formula: CheckedFormula?
  }

  /// Validates a candidate.
  ///
  /// - Parameters:
  ///   - key: names the candidate where it claims the reserve.
  ///   - errands: what they throw ends the validation.
  package func run(
    _ candidate: CandidateAlpha, key: String, pack: RetrievalPack, _ errands: Errands
  ) async throws -> Outcome {
    var pack = pack
    var claim: ExpansionClaim?
    var question = 0
    var latest: ValidationReport?
    var machine = ValidationMachine(
      text: candidate.formula, lane: candidate.notes.lane, policy: policy)
    var queue = machine.start()
    while !queue.isEmpty {
      switch queue.removeFirst() {
      case .record(let event): try errands.record(event)
      case .check(let text):
        let report = validator.report(on: candidate.written(text))
        latest = report
        queue += machine.checked(report)
      case .repairTree(let text):
        let outcome = FormulaRepair(checker: validator.checker).repair(text)
        queue += machine.treeRepaired(outcome.repairedFormula)
      case .expand:
        let before = pack
        do {
          pack = try errands.widen()
        } catch let failure as RetrievalFailure {
          queue += machine.expansionRefused(failure.explanation)
          continue
        }
        claim = ExpansionClaim(
          error: "\(latest?.errorSignature ?? "") \(key)", repeats: policy.repeatsMax)
        queue += machine.expanded(before: before.counts, after: pack.counts)
      case .askModel(let findings, let counterexamples):
        question += 1
        let lessons = counterexamples.flatMap { example in
          example.findings.map { "\(example.formula): \($0)" }
        }
        let reply = try await errands.ask(
          Question(
            number: question, candidate: candidate.written(latest?.source ?? candidate.formula),
            pack: pack, findings: findings + lessons, expansion: claim))
        queue += machine.told(of: reply)
      case .finish(let verdict):
        return Outcome(
          candidate: verdict.applied(to: candidate), verdict: verdict,
          formula: verdict.passed ? latest?.formula : nil)
      }
    }
    preconditionFailure("a validation ended without a verdict")
  }
}

extension CandidateAlpha {
  fileprivate func written(_ text: String) -> CandidateAlpha {
    var candidate = self
    candidate.simulation.regular = text
    return candidate
  }
}

extension ValidationMachine {
  /// Takes in what a model answered to a call for a repair.
  fileprivate mutating func told(of reply: ModelDesk.Reply) -> [Directive] {
    switch reply {
    case .blocked(let blocked):
      return modelGaveNothing(BudgetBlocked(blocked.refusal).explanation)
    case .failed(let failure): return modelGaveNothing(failure.explanation)
    case .text(let text, _):
      do {
        return modelAnswered(try AnswerReader.candidate(in: text, stage: .repair).value.formula)
      } catch {
        return modelGaveNothing(error.explanation)
      }
    }
  }
}

extension RetrievalPack {
  fileprivate var counts: [String: Int] {
    [
      "subcategories": selectedSubcategories.count, "datasets": datasets.count,
      "fields": fields.count, "operators": operators.count,
    ]
  }
}
