import Essentials
import Research

/// `athanor sync-metadata`: fetches operators, datasets and fields of one market of BRAIN.
enum SyncMetadataCommand {
  private static let instrumentType = Option(
    "instrument-type", .text("type"), default: "EQUITY", help: "The kind of instrument.")
  private static let region = Option(
    "region", .text("region"), default: "USA", help: "The region.")
  private static let universe = Option(
    "universe", .text("universe"), default: "TOP3000", help: "The universe.")
  private static let delay = Option(
    "delay", .whole("days", in: 0...1), default: 1, help: "The delay of the data.")
  private static let skipFields = Option.flag(
    "skip-fields", help: "Fetch operators and datasets only.")
  private static let fieldDatasets = Option<Int?>.optional(
    "max-field-datasets", .whole("count", in: 0...100_000),
    help: "Fetch the fields of so many datasets, from each category in turn; 0 is all.")
  private static let noWait = Option.flag(
    "no-wait-on-rate-limit",
    help: "Stop where BRAIN says that too much was asked.")

  static let command: Command = Command(
    "sync-metadata", summary: "Fetch what WorldQuant BRAIN says of its operators and data",
    discussion: [
      """
      Fields are fetched dataset by dataset, the best first, and kept after each page: a fetching \
      that was interrupted goes on where it stopped when the command is run again. Each market has a \
      folder of its own below --meta-dir, so fetching one never touches another.
      """,
      """
      BRAIN_MAX_FIELD_DATASETS stands in for --max-field-datasets where that is not given, and \
      BRAIN_WAIT_ON_RATE_LIMIT=0 for --no-wait-on-rate-limit.
      """,
      BrainFlags.explanation,
    ],
    options: [
      instrumentType.definition, region.definition, universe.definition, delay.definition,
      skipFields.definition, fieldDatasets.definition, noWait.definition,
    ] + BrainFlags.all,
    examples: [
      Command.Example("athanor sync-metadata", "Fetches everything of USA TOP3000"),
      Command.Example(
        "athanor sync-metadata --region EUR --universe TOP2500 --skip-fields",
        "Fetches the datasets of Europe"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    var target = SimulationTarget()
    target.instrumentType = invocation[instrumentType]
    target.region = invocation[region]
    target.universe = invocation[universe]
    target.delay = invocation[delay]
    let environment = invocation.surroundings.environment
    let waits = !invocation[noWait] && environment["BRAIN_WAIT_ON_RATE_LIMIT"] != "0"
    let session = try invocation.brainSession(
      patience: BrainPatience(waitsOnRateLimit: waits))
    let folder = BrainMetadataFolder(
      path: invocation[BrainFlags.folder], market: BrainMarket(target))
    let fields = fields(invocation)
    let report = try invocation.withProgress(
      "Fetching fields of", total: 1, unit: "datasets"
    ) { reporter in
      try invocation.withBrain {
        try await BrainMetadataSync(session: session, folder: folder, fields: fields) { progress in
          reporter.advance(to: progress.datasetsDone, of: progress.datasetsWanted)
        }.run()
      }
    }
    return Answer(json: report.json, failure: MetadataIncomplete(report)) { terminal in
      var table = Table([.text("of \(folder.market.folder)"), .number("fetched")])
      for (name, count) in [
        ("operators", report.operators), ("datasets", report.datasets),
        ("categories", report.categories), ("fields", report.fields),
      ] {
        table.add([Table.Cell(name), .count(count)])
      }
      return table.rendered(width: terminal.width, paint: terminal.paint)
        + "\nSaved in \(folder.path)."
    }
  }

  private static func fields(_ invocation: Invocation) -> BrainMetadataSync.Fields {
    if invocation[skipFields] { return .none }
    let variable = invocation.surroundings.environment["BRAIN_MAX_FIELD_DATASETS"]
    let count = invocation[fieldDatasets] ?? variable.flatMap { Int($0) } ?? 0
    return count > 0 ? .ofDatasets(count) : .ofAllDatasets
  }
}

/// Datasets whose fields BRAIN did not give, or not all of them.
struct MetadataIncomplete: ExplainedFailure, Hashable {
  let errors: [BrainSyncReport.ShardError]

  /// Nil where everything was given.
  init?(_ report: BrainSyncReport) {
    guard !report.errors.isEmpty else { return nil }
    errors = report.errors
  }

  var key: String { "metadata_incomplete" }
  var explanation: String {
    let shown = errors.prefix(5).map { "\($0.dataset) (\($0.reason))" }.joined(separator: ", ")
    return "The fields of \(errors.count) datasets are missing or not whole: \(shown)."
  }
  var remedy: String { "Run the command again; it asks only for what is missing." }
  var outcome: FailureOutcome { .failed }
}
