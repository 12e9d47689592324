import Essentials
import Services
import Storage

/// `athanor data check`: whether a panel, or a table before its import, can be worked with.
enum DataCheckCommand {
  private static let subject = Positional<String?>.optional(
    .text("panel"), help: "A panel; without one, and without --table, the bundled stocks.")
  private static let table = Option<String?>.optional(
    "table", .file(), help: "A table of bars to check as it lies on disk, before it is imported.")

  static let command: Command = Command(
    "check", summary: "Verify a panel: its bytes, gaps, and suspicious prices",
    discussion: [
      """
      Verifies the fingerprint of every file, then looks for gaps, impossible bars, splits that no \
      adjustment undoes, stale runs, bars without volume and extreme moves. What was known at import \
      is not reported again. Findings that make results wrong end with exit code 2.
      """
    ],
    positionals: [subject.definition],
    options: [PanelOptions.store.definition, table.definition],
    examples: [
      Command.Example("athanor data check us-equities", "Verifies the bundled stocks"),
      Command.Example("athanor data check --table bars.csv.gz", "Checks a table before its import"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let report: PanelCheckReport
    if let path = invocation[table] {
      guard invocation[subject] == nil else { throw ImportSourceFailure.twoSources }
      report = try PanelCheck().run(onTable: path)
    } else {
      let name = invocation[subject] ?? BundledData.equities
      let library = try invocation.library()
      let manifest = try invocation.showingImport(of: name) {
        try library.manifest(of: name, progress: $0)
      }
      let panel = try library.store.open(name, verify: true)
      report = PanelCheck().run(on: panel, manifest: manifest)
    }
    let failure = report.worst == .error ? DataNotSound(report: report) : nil
    return Answer(json: report.json, failure: failure) { CheckReportPage(report: report).text($0) }
  }
}

/// Data on which results would be wrong.
private struct DataNotSound: ExplainedFailure {
  let report: PanelCheckReport

  private var errors: [PanelFinding] { report.findings.filter { $0.severity == .error } }

  var key: String { errors.first?.kind.rawValue ?? "data_not_sound" }
  var explanation: String {
    "\(report.subject) has what makes results wrong: "
      + errors.map { "\($0.kind.rawValue) x\($0.count)" }.joined(separator: ", ") + "."
  }
  var remedy: String { "Mend the sources, or list the defects when they are imported." }
  var outcome: FailureOutcome { .refused }
}
