import Essentials
import Foundation
import Research
import Services
import Storage

/// `athanor evaluate-results`: cards for a list of results.
enum EvaluateResultsCommand {
  private static let input = Option.required(
    "input", .file(), help: "The results, a JSON array.")
  private static let output = Option<String?>.optional(
    "output", short: "o", .file(), help: "The file that the cards are written to.")
  private static let policy = Option<String?>.optional(
    "judging", .file(), help: "What an alpha must reach, as JSON.")

  /// The file that cards are written to where a command is not told another.
  private static let usualOutput = "data/evaluation/latest_scorecards.json"
  /// The policy of a checkout, taken where a command is not told another.
  private static let usualPolicy = "configs/judging.json"

  static let command: Command = Command(
    "evaluate-results", summary: "Judge a list of simulation results",
    discussion: [
      """
      Every result gets a card with its score and the reasons that speak against it, the simulator's \
      own checks first; the best card stands first. Where saved tables hold the profits of every day, \
      a result that resembles a better one does not pass. Turnover is a fraction, 0.25 for 25 %, \
      unless the policy's turnover_unit is percent; a figure that no book can trade is refused. The \
      policy is that of --judging, otherwise of \(usualPolicy), or the defaults.
      """,
      """
      The cards are written to --output, otherwise to \(usualOutput). The answer is one JSON object \
      on standard output.
      """,
    ],
    options: [
      input.definition, output.definition, policy.definition, ProposalOptions.run.definition,
      JournalOptions.journal.definition, RecordingOptions.noJournal.definition,
    ],
    examples: [
      Command.Example(
        "athanor evaluate-results --input data/simulation_results/latest.json",
        "Judges the last results")
    ], speech: .document, run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = invocation[input]
    let results: [AlphaResult] = try DocumentList.read(
      text: SourceText.read(path: path), document: path, of: "results")
    let judgment = AlphaJudgment(policy: try judging(invocation))
    let cards = try judgment.cards(
      of: results, profits: results.compactMap { RecordsetFolder.profits(of: $0) })
    let place = invocation[output] ?? usualOutput
    try DocumentFile.write(.array(cards.map(\.json)), to: place)
    let run = invocation.runID(of: "evaluation")
    let failure = record(results, cards, by: judgment, run, invocation)
    return Answer(
      document: [
        "evaluated": .integer(cards.count), "output": .string(place),
        "passed": .integer(cards.count { $0.passed }), "run_id": .string(run),
        "top_alpha_ids": .strings(cards.prefix(EvaluationFacts.topMax).map(\.alphaID)),
      ], failure: failure)
  }

  /// Records the cards. What goes wrong is returned, since the cards are there already.
  private static func record(
    _ results: [AlphaResult], _ cards: [ScoreCard], by judgment: AlphaJudgment, _ run: String,
    _ invocation: Invocation
  ) -> (any ExplainedFailure)? {
    guard !invocation[RecordingOptions.noJournal] else { return nil }
    do {
      let recorder = try RunRecorder(addingTo: run, journal: try invocation.researchJournal())
      let record = ResearchRecord(
        run: run, recorder: recorder, now: invocation.surroundings.now)
      try judgment.record(results, cards, in: record)
      return nil
    } catch {
      return error as? any ExplainedFailure ?? UnrecordedCards(reason: "\(error)")
    }
  }

  private static func judging(_ invocation: Invocation) throws -> JudgingPolicy {
    guard invocation[policy] == nil, FileManager.default.fileExists(atPath: usualPolicy) else {
      return try invocation.judgingPolicy(policy)
    }
    return try JudgingPolicy(text: SourceText.read(path: usualPolicy), path: usualPolicy)
  }
}

/// Cards that the journal did not take, for a reason that does not explain itself.
private struct UnrecordedCards: ExplainedFailure {
  let reason: String

  var key: String { "unrecorded" }
  var explanation: String { "The cards were written and could not be recorded: \(reason)" }
  var remedy: String { "Mend the journal, or give --no-journal." }
  var outcome: FailureOutcome { .failed }
}
