import AlphaLanguage
import Backtesting
package import Essentials
package import Storage

/// A run of simulations, as the journal tells it: that it began, each formula, and how it ended.
///
/// ```
/// run.started ──┬── simulation.completed, one for each formula, in the order of the sheet
///               └── run.summary
/// ```
///
/// Given the same formulas, data, settings and instants the events are the same, byte for byte.
package struct SimulationRun: Sendable {
  /// Names the run: the command, the second of its beginning, and digits that tell two runs of one
  /// second apart.
  package let id: String
  /// What was asked for, such as `simulate`.
  package let command: String
  package let start: Timestamp

  /// - Parameter chance: bits that no other run has.
  package init(command: String, start: Timestamp, chance: UInt64) {
    self.command = command
    self.start = start
    let inDay = start.millisecondsSinceEpoch - Timestamp(startOf: start.date).millisecondsSinceEpoch
    func padded(_ digits: String, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let seconds = inDay / 1000
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded(String($0), 2) }
    let day = start.date.description.filter { $0 != "-" }
    id = "\(command)-\(day)T\(clock.joined())Z-" + padded(String(chance >> 32, radix: 16), 8)
  }

  /// What became of the formulas beside those that were priced.
  package struct Circumstances: Hashable, Sendable {
    /// Formulas that were refused, and that meant the same as another.
    package var refused: Int
    package var duplicates: Int
    /// Trials on the same panel before this run.
    package var earlierTrials: Int
    /// The version of the program.
    package var version: String

    package init(refused: Int, duplicates: Int, earlierTrials: Int, version: String) {
      self.refused = refused
      self.duplicates = duplicates
      self.earlierTrials = earlierTrials
      self.version = version
    }
  }

  /// The events of the run, to be appended together.
  /// - Precondition: `alphas` is not empty.
  package func drafts(
    of alphas: [PricedAlpha], best: PricedAlpha, _ circumstances: Circumstances,
    at end: Timestamp
  ) -> [JournalDraft] {
    let panel: JSONValue = [
      "name": .string(best.result.panelName),
      "fingerprint": .string(best.result.panelFingerprint.hexadecimal),
    ]
    let settings = best.result.settings.json
    let started = JournalDraft(
      "run.started", at: start, run: id,
      payload: [
        "command": .string(command), "version": .string(circumstances.version), "panel": panel,
        "settings": settings, "formulas": .integer(alphas.count),
        "earlier_trials": .integer(circumstances.earlierTrials),
      ])
    var digest = FingerprintDigest()
    digest.absorb("simulation results 1\n")
    let completed = alphas.map { alpha in
      let result = alpha.result.fingerprint
      digest.absorb("\(result)\n")
      return JournalDraft(
        TrialIndex.kind, at: end, run: id, subject: alpha.formula.fingerprint.hexadecimal,
        cause: .draft(0),
        payload: [
          "alpha_id": .string(alpha.result.identifier), "name": .string(alpha.name),
          "formula": [
            "text": .string(alpha.formula.source),
            "canonical": .string(alpha.formula.canonicalText),
            "fingerprint": .string(alpha.formula.fingerprint.hexadecimal),
          ],
          "panel": panel, "settings": settings, "metrics": alpha.result.inSample.json,
          "grade": .string(alpha.result.grade.rawValue),
          "trials": .integer(alpha.trust.trials),
          "deflated_sharpe": .optional(alpha.trust.deflatedSharpe.value),
          "result": .string(result.hexadecimal),
        ])
    }
    let summary = JournalDraft(
      "run.summary", at: end, run: id, cause: .draft(0),
      payload: [
        "command": .string(command), "simulated": .integer(alphas.count),
        "refused": .integer(circumstances.refused),
        "duplicates": .integer(circumstances.duplicates),
        "trials": .integer(best.trust.trials),
        "best": [
          "alpha_id": .string(best.result.identifier), "name": .string(best.name),
          "formula": .string(best.formula.fingerprint.hexadecimal),
          "metrics": best.result.inSample.json,
        ],
        "result": .string(digest.finish().hexadecimal),
      ])
    return [started] + completed + [summary]
  }
}
