import Essentials
import Research
import Storage

/// `athanor submit-alpha`: the checks of an alpha on BRAIN, and its submission where it is asked for.
enum SubmitAlphaCommand {
  private static let alpha = Positional<String>.required(
    .text("alpha"), help: "The alpha's id on BRAIN.")
  private static let submit = Option.flag(
    "submit", help: "Submit it. Without this the command only asks for the checks.")

  static let command: Command = Command(
    "submit-alpha", summary: "Ask for an alpha's checks on WorldQuant BRAIN, and submit it",
    discussion: [
      """
      Shows what BRAIN checks before a submission. Only with --submit, and only where no check \
      fails, the alpha is submitted, which cannot be taken back. The journal records that it is \
      about to happen before anything is sent, and what came of it.
      """,
      BrainFlags.explanation,
    ],
    positionals: [alpha.definition],
    options: [submit.definition, JournalOptions.journal.definition]
      + BrainFlags.all.filter { $0.name != BrainFlags.folder.definition.name },
    examples: [
      Command.Example("athanor submit-alpha j2l8Vzv9", "Shows the checks and sends nothing"),
      Command.Example("athanor submit-alpha j2l8Vzv9 --submit", "Submits the alpha"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let id = invocation[alpha]
    let alphas = BrainAlphas(session: try invocation.brainSession())
    let checks = try invocation.withBrain { try await alphas.checks(id) }
    guard invocation[submit] else { return answer(id, checks, outcome: "not_asked_for") }
    let failed = checks.filter { $0.result == .fail }.map(\.name)
    guard failed.isEmpty else {
      return answer(id, checks, outcome: "not_sent", UnsubmittedAlpha(id: id, failed: failed))
    }
    let journal = try Journal.open(
      path: try invocation.journalPath(), access: invocation.journalWriting)
    let intent = try journal.append(
      JournalDraft(
        "brain.submission_intended", at: invocation.surroundings.now(), subject: id,
        payload: ["alpha_id": .string(id)]))
    func record(_ outcome: String, _ reason: String?) throws {
      try journal.append(
        JournalDraft(
          "brain.submission_answered", at: invocation.surroundings.now(), subject: id,
          cause: .event(intent.seq),
          payload: [
            "alpha_id": .string(id), "outcome": .string(outcome),
            "reason": reason.map(JSONValue.string) ?? .null,
          ]))
    }
    let submission: BrainAlphas.Submission
    do {
      submission = try invocation.withBrain { try await alphas.submit(id) }
    } catch {
      // Anything but a refusal may have happened after BRAIN took it.
      let isRefusal = if case BrainFailure.refused = error { true } else { false }
      try record(
        isRefusal ? "refused" : "unknown", (error as? any ExplainedFailure)?.explanation)
      throw error
    }
    let (outcome, reason, failure): (String, String?, (any ExplainedFailure)?) =
      switch submission {
      case .accepted: ("accepted", nil, nil)
      case .refused(let checks, let reason):
        (
          "refused", reason,
          UnsubmittedAlpha(id: id, failed: checks.filter { $0.result == .fail }.map(\.name))
        )
      case .unknown(let reason): ("unknown", reason, UncertainSubmission(id: id, reason: reason))
      }
    try record(outcome, reason)
    return answer(id, checks, outcome: outcome, failure)
  }

  private static func answer(
    _ id: String, _ checks: [BrainCheck], outcome: String,
    _ failure: (any ExplainedFailure)? = nil
  ) -> Answer {
    Answer(
      json: [
        "alpha_id": .string(id), "submission": .string(outcome),
        "checks": .array(
          checks.map {
            [
              "name": .string($0.name),
              "result": $0.result.map { .string($0.rawValue) } ?? .null,
              "limit": .optional($0.limit), "value": .optional($0.value),
            ]
          }),
      ], failure: failure
    ) { terminal in
      var table = Table([
        .text("check"), .text("result"), .number("value"), .number("limit"),
      ])
      for check in checks {
        table.add([
          Table.Cell(DisplayWidth.harmless(check.name)),
          Table.Cell(check.result?.rawValue ?? "unknown"), .number(check.value),
          .number(check.limit),
        ])
      }
      let words = [
        "accepted": "\(id) is submitted.", "not_asked_for": "Nothing was sent.",
        "not_sent": "Nothing was sent.",
      ]
      return table.rendered(width: terminal.width, paint: terminal.paint)
        + (words[outcome].map { "\n\n" + DisplayWidth.harmless($0) } ?? "")
    }
  }
}

/// That an alpha does not pass what BRAIN asks of a submission.
private struct UnsubmittedAlpha: ExplainedFailure {
  let id: String
  let failed: [String]

  var key: String { "alpha_not_submitted" }
  var explanation: String {
    "\(id) is not submitted: "
      + (failed.isEmpty ? "BRAIN refused it." : "\(failed.joined(separator: ", ")) failed.")
  }
  var remedy: String { "Improve the alpha until no check fails." }
  var outcome: FailureOutcome { .refused }
}

/// That nobody knows whether BRAIN took a submission.
private struct UncertainSubmission: ExplainedFailure {
  let id: String
  let reason: String

  var key: String { "submission_unknown" }
  var explanation: String { "Nobody knows whether \(id) was submitted: \(reason)." }
  var remedy: String { "Look at the alpha's status on BRAIN before anything else." }
  var outcome: FailureOutcome { .failed }
}
