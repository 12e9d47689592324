import Essentials
import Worlds

/// What cases found about a policy.
struct PolicyTrialPage: Sendable {
  let cases: String
  let policy: String
  let trial: PolicyTrial
  let laws: PolicyLaws
  /// The least share of slips that shall be noticed.
  let scoreMin: Double

  private var isScoreEnough: Bool { trial.mutationScore >= scoreMin }

  /// Nil where everything is as it should be.
  var failure: PolicyTestFailure? {
    guard !trial.failures.isEmpty || !isScoreEnough || !laws.violations.isEmpty else { return nil }
    return PolicyTestFailure(
      failures: trial.failures.count, cases: trial.cases, survivors: trial.survivors.count,
      mutants: trial.mutants, isScoreEnough: isScoreEnough, violations: laws.violations.count)
  }

  var json: JSONValue {
    [
      "cases_file": .string(cases), "policy": .string(policy), "cases": .integer(trial.cases),
      "failures": .array(
        trial.failures.map {
          ["name": .string($0.name), "objections": .strings($0.objections)]
        }),
      "mutants": .integer(trial.mutants), "survivors": .strings(trial.survivors),
      "mutation_score": .number(trial.mutationScore), "min_score": .number(scoreMin),
      "law_trials": .integer(laws.trials), "law_violations": .strings(laws.violations),
      "passed": .bool(failure == nil),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func listed(_ title: String, _ items: [String]) -> String {
      ([terminal.paint.bold(title)]
        + items.flatMap {
          Paragraph(DisplayWidth.harmless($0)).hung(
            behind: "  -", indent: 4, width: terminal.textWidth)
        }).joined(separator: "\n")
    }
    func sentence(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    var blocks = trial.failures.map { listed("Fails: \($0.name)", $0.objections) }
    if !trial.survivors.isEmpty { blocks.append(listed("No case notices", trial.survivors)) }
    if !laws.violations.isEmpty { blocks.append(listed("Laws broken", laws.violations)) }
    let held = trial.cases - trial.failures.count
    blocks.append(
      sentence("\(held) of \(trial.cases) cases hold for \(DisplayWidth.harmless(policy))."))
    if trial.mutants > 0 {
      let percent = Table.Cell.percent(trial.mutationScore, decimals: 1).text
      blocks.append(
        sentence(
          "They notice \(trial.mutants - trial.survivors.count) of \(trial.mutants) slips: a "
            + "mutation score of \(percent) %."))
    }
    if laws.violations.isEmpty {
      blocks.append(sentence("No law is broken in \(laws.trials) trials."))
    }
    return blocks.joined(separator: "\n\n")
  }
}

/// A policy, or its cases, that did not stand the test.
struct PolicyTestFailure: ExplainedFailure, Hashable {
  let failures: Int
  let cases: Int
  let survivors: Int
  let mutants: Int
  let isScoreEnough: Bool
  let violations: Int

  var key: String {
    failures > 0 ? "cases_failed" : violations > 0 ? "laws_broken" : "slips_unnoticed"
  }
  var explanation: String {
    if failures > 0 { return "\(failures) of \(cases) cases do not hold." }
    if violations > 0 { return "The policy breaks a law in \(violations) situations." }
    return "The cases do not notice \(survivors) of \(mutants) slips."
  }
  var remedy: String {
    failures > 0
      ? "Mend the policy, or the case where it is wrong."
      : violations > 0
        ? "Mend the policy where a situation shows it."
        : "Add cases about what is listed, or lower --min-score."
  }
  var outcome: FailureOutcome { .refused }
}
