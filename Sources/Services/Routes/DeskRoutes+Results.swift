import Backtesting
import Essentials
import Markets
import Networking
import Research
import Storage

/// What a candidate earned, simulated anew.
extension DeskRoutes {
  private static let language = RouteParameter<SheetLanguage>.word(
    "lang", default: .reader, "The language that is shown first; auto follows the browser.")

  /// A language of a tear sheet.
  private enum SheetLanguage: String, Hashable, Sendable, CaseIterable {
    case reader = "auto"
    case english = "en"
    case korean = "ko"

    var language: TearSheet.Language? { TearSheet.Language(rawValue: rawValue) }
  }

  private static let refusals = [
    AnswerContract(
      409, "The panel is not that of the run, or there is nothing to simulate.",
      schema: WireSchema.reference("Failure"))
  ]

  var resultRoutes: [Route] {
    [
      Route(
        .get, "/api/runs/{run_id}/candidates/{candidate_key}/pnl",
        "Tells what a candidate earned by day, simulated anew on the panel of its run.",
        group: Group.candidates, parameters: [Self.run.contract, Self.candidate.contract],
        answers: [.of("ProfitAndLoss", "The days and what was earned.")] + Self.refusals
      ) { call in
        let subject = try results.subject(try candidate(call))
        return try answer(call, tagged: subject.name) {
          .json(try results.profit(of: subject))
        }
      },
      Route(
        .get, "/api/runs/{run_id}/candidates/{candidate_key}/tear_sheet",
        "Sends the tear sheet of a candidate, a page of its own that needs nothing else.",
        group: Group.candidates,
        parameters: [Self.run.contract, Self.candidate.contract, Self.language.contract],
        answers: [
          AnswerContract(200, "The page.", mediaType: "text/html", schema: [:])
        ] + Self.refusals
      ) { call in
        let summary = try summary(for: call)
        let subject = try results.subject(try candidate(call))
        let trials = try trials(of: subject, in: summary)
        return try answer(call, tagged: "\(subject.name)\n\(trials)") {
          let page = try results.tearSheet(
            of: subject, trials: trials, language: call[Self.language].language)
          return .text(
            page, type: "text/html; charset=utf-8",
            headers: [
              "Content-Security-Policy": TearSheet.contentPolicy + "; frame-ancestors 'self'"
            ])
        }
      },
    ]
  }

  /// What was tried on the candidate's panel: the formulas of the run, and those before it.
  private func trials(
    of subject: CandidateResults.Subject, in summary: RunSummary
  ) throws -> CandidateResults.Trials {
    let panel = subject.panel.fingerprint
    let (names, sharpes) = try boards.with(summary.run) { board in
      var names: Set<String> = []
      var sharpes: [Double] = []
      for candidate in board.candidates
      where candidate.metrics != nil
        && candidate.panel["fingerprint"] == .string(panel.hexadecimal)
      {
        if let name = candidate.formula?.fingerprint { names.insert(name) }
        if let sharpe = candidate.metrics?.sharpe { sharpes.append(sharpe) }
      }
      return (names, sharpes)
    }
    let formulas = Set(names.compactMap { Fingerprint(hexadecimal: $0) })
    let earlier = try journal.read { tables throws(JournalFailure) in
      try TrialIndex().trials(on: panel, before: summary.first, besides: formulas, in: tables)
    }
    return CandidateResults.Trials(count: formulas.count + earlier, sharpes: sharpes)
  }
}
