import AlphaLanguage
import Essentials
import Markets
import Testing

@testable import Research

@Suite("The validation of one candidate")
struct ValidationMachineTests {
  /// Does what the machine directs, with a real validator and a model that gives prepared texts.
  struct Shell {
    var machine: ValidationMachine
    var validator = FormulaValidator(checker: DeskFields.checker)
    /// Nil for a tree that is never repaired.
    var repair: (String) -> RepairedFormula? = { _ in nil }
    /// What the model answers, one after the other; it gives nothing when they are spent.
    var answers: [String] = []
    var refusesExpansion = false
    var events: [ValidationEvent] = []
    var questions: [(findings: [String], counterexamples: [ValidationMachine.Counterexample])] = []

    init(
      _ text: String, policy: ValidationMachine.Policy = ValidationMachine.Policy()
    ) {
      machine = ValidationMachine(text: text, lane: .exploit, policy: policy)
    }

    mutating func run() -> ValidationVerdict? {
      var directives = machine.start()
      while !directives.isEmpty {
        switch directives.removeFirst() {
        case .record(let event): events.append(event)
        case .check(let text): directives += machine.checked(validator.report(on: text))
        case .repairTree(let text): directives += machine.treeRepaired(repair(text))
        case .askModel(let findings, let counterexamples):
          questions.append((findings, counterexamples))
          directives +=
            answers.isEmpty
            ? machine.modelGaveNothing("The budget is spent.")
            : machine.modelAnswered(answers.removeFirst())
        case .expand:
          directives +=
            refusesExpansion
            ? machine.expansionRefused("The reserve is spent.")
            : machine.expanded(before: ["fields": 60], after: ["fields": 90])
        case .finish(let verdict):
          #expect(directives.isEmpty)
          return verdict
        }
      }
      return nil
    }

    var names: [String] { events.map { String($0.name.dropFirst("validation.".count)) } }
  }

  /// A desk on which nothing is known, so that no formula passes.
  static let hopeless = FormulaValidator(
    checker: FormulaChecker(catalog: OperatorCatalog(entries: []), schema: PanelSchema(fields: [])))

  @Test("a valid formula passes at once (S11)")
  func valid() {
    var shell = Shell("rank(close)")
    let verdict = shell.run()
    #expect(verdict?.passed == true)
    #expect(verdict?.attempts == 1)
    #expect(shell.names == ["started", "passed"])
    #expect(verdict?.usedFields == ["close"])
  }

  @Test("a bad formula that the model mends passes at the second attempt (S12)")
  func mendedByModel() {
    var shell = Shell("rank(nope)")
    shell.answers = ["rank(volume)"]
    let verdict = shell.run()
    #expect(verdict?.passed == true)
    #expect(verdict?.attempts == 2)
    #expect(verdict?.text == "rank(volume)")
    #expect(
      shell.names == ["started", "failed", "retry_started", "answered_by_model", "retry_passed"])
    #expect(
      shell.questions[0].findings == [
        "unknown_data_field at `nope`: Unknown data field: nope. Use a field of the panel, or assign the name before it is used."
      ])
  }

  @Test("the tree is repaired before the model is asked")
  func mendedByTree() throws {
    var shell = Shell("rank(clsoe)")
    let formula = try DeskFields.checker.check("rank(close)")
    let edit = RepairEdit(
      before: "clsoe", after: "close", key: "unknown_data_field", reason: "A test.", cost: 0.5)
    shell.repair = { _ in RepairedFormula(text: "rank(close)", formula: formula, edits: [edit]) }
    let verdict = shell.run()
    #expect(verdict?.passed == true)
    #expect(verdict?.attempts == 2)
    #expect(verdict?.edits == [edit])
    #expect(
      shell.names == ["started", "failed", "retry_started", "repaired_by_tree", "retry_passed"])
    #expect(shell.questions.isEmpty)
  }

  @Test("a hopeless desk ends after four texts, the retrieval expanded once (S13)")
  func hopelessDesk() {
    var shell = Shell("rank(close)")
    shell.validator = Self.hopeless
    shell.answers = Array(repeating: "rank(close)", count: 9)
    let verdict = shell.run()
    #expect(verdict?.passed == false)
    #expect(verdict?.attempts == 4)
    #expect(verdict?.wasExpanded == true)
    #expect(verdict?.stopReason == .attemptsSpent)
    #expect(
      shell.names == [
        "started", "failed", "retry_started", "answered_by_model", "retry_failed",
        "retrieval_expanded", "retry_started", "answered_by_model", "retry_failed",
        "retry_started", "answered_by_model", "retry_failed",
      ])
  }

  @Test(
    "repeats after the expansion end the loop with their reason, and count no text unseen (W22)")
  func repeats() {
    var policy = ValidationMachine.Policy()
    policy.repairsMax = 9
    var shell = Shell("rank(nope)", policy: policy)
    shell.answers = Array(repeating: "rank( nope )", count: 9)
    let verdict = shell.run()
    #expect(verdict?.stopReason == .repeatedErrors)
    #expect(verdict?.attempts == 4)
    #expect(shell.names.last == "retry_aborted_repeated_error")
    #expect(shell.names.count { $0 == "retrieval_expanded" } == 1)
    #expect(shell.names.count { $0.hasSuffix("failed") } == 4)
  }

  @Test("texts that alternate between two mistakes are repeats too")
  func oscillation() {
    var policy = ValidationMachine.Policy()
    policy.repairsMax = 20
    var shell = Shell("rank(aaaaaa)", policy: policy)
    shell.answers = (0..<20).map { $0.isMultiple(of: 2) ? "rank(bbbbbb)" : "rank(aaaaaa)" }
    #expect(shell.run()?.stopReason == .repeatedErrors)
    #expect(shell.names.count { $0.hasSuffix("failed") } == 6)
  }

  @Test("the same mistake in another text is no repeat")
  func progress() {
    var policy = ValidationMachine.Policy()
    policy.repairsMax = 3
    var shell = Shell("rank(aaaaaa)", policy: policy)
    shell.answers = ["rank(bbbbbb)", "rank(cccccc)", "rank(volume)"]
    let verdict = shell.run()
    #expect(verdict?.passed == true)
    #expect(verdict?.attempts == 4)
    #expect(verdict?.wasExpanded == false)
    #expect(shell.questions[2].counterexamples.map(\.formula) == ["rank(aaaaaa)", "rank(bbbbbb)"])
  }

  @Test("where the reserve is spent, repeats end the loop at once")
  func refusedExpansion() {
    var shell = Shell("rank(nope)")
    shell.answers = Array(repeating: "rank(nope)", count: 9)
    shell.refusesExpansion = true
    let verdict = shell.run()
    #expect(verdict?.stopReason == .repeatedErrors)
    #expect(verdict?.attempts == 2)
    #expect(shell.names.suffix(2) == ["expansion_refused", "retry_aborted_repeated_error"])
  }

  @Test("where repeats do not stop, the attempts do")
  func persistence() {
    var policy = ValidationMachine.Policy()
    policy.stopsOnRepeats = false
    policy.expandsOnRepeats = false
    policy.repairsMax = 5
    var shell = Shell("rank(nope)", policy: policy)
    shell.answers = Array(repeating: "rank(nope)", count: 9)
    let verdict = shell.run()
    #expect(verdict?.stopReason == .attemptsSpent)
    #expect(verdict?.attempts == 6)
  }

  @Test("a model that gives nothing ends the loop with its reason")
  func silence() {
    var shell = Shell("rank(nope)")
    let verdict = shell.run()
    #expect(verdict?.stopReason == .noOtherText("The budget is spent."))
    #expect(verdict?.attempts == 1)
    #expect(shell.names == ["started", "failed", "retry_started", "retry_abandoned"])
  }

  @Test("without repairs a bad text ends the loop")
  func noRepairs() {
    var policy = ValidationMachine.Policy()
    policy.repairsMax = 0
    var shell = Shell("rank(nope)", policy: policy)
    #expect(shell.run()?.stopReason == .attemptsSpent)
    #expect(shell.names == ["started", "failed"])
  }

  @Test("each retry that started ends before the next one starts, whatever the model answers")
  func order() {
    let texts = ["rank(nope)", "rank(", "rank(zzzzzz)", "rank(close)", "foo(nope)", ""]
    for first in texts {
      for second in texts {
        for third in texts {
          var shell = Shell(first)
          shell.answers = [second, third, second, third]
          let verdict = shell.run()
          var isRetrying = false
          for name in shell.names {
            switch name {
            case "retry_started":
              #expect(!isRetrying)
              isRetrying = true
            case "retry_failed", "retry_passed", "retry_abandoned":
              #expect(isRetrying)
              isRetrying = false
            default: break
            }
          }
          #expect(!isRetrying)
          let checks = ["passed", "failed", "retry_passed", "retry_failed"]
          #expect(verdict?.attempts == shell.names.count { checks.contains($0) })
        }
      }
    }
  }

  @Test("a verdict is written into the candidate")
  func notes() {
    var shell = Shell("rank(nope)")
    shell.answers = ["rank(volume)"]
    let candidate = shell.run()?.applied(to: CandidateAlpha(ideaID: "i", formula: "rank(nope)"))
    #expect(candidate?.formula == "rank(volume)")
    #expect(candidate?.notes.validationPassed == true)
    #expect(candidate?.notes.validationAttempts == 2)
    #expect(candidate?.notes.usedOperators == ["rank"])
  }

  @Test("events have the members that readers of the journal expect")
  func payloads() {
    var shell = Shell("rank(nope)")
    shell.answers = ["rank(nope)", "rank(volume)"]
    _ = shell.run()
    let retry = shell.events.first { $0.name == "validation.retry_started" }?.payload
    #expect(retry?["attempt"] == 1)
    #expect(retry?["instruction_json"]?["error_codes"] == .array(["unknown_data_field"]))
    #expect(retry?["instruction_json"]?["candidate_lane"] == "exploit")
    let expanded = shell.events.first { $0.name == "validation.retrieval_expanded" }?.payload
    #expect(expanded?["topk_after"] == ["fields": 90])
    #expect(expanded?["threshold"] == 2)
    let failed = shell.events.first { $0.name == "validation.failed" }
    #expect(failed?.payload["repeat_count"] == 1)
  }
}
