import Essentials
import Services
import Worlds

/// `athanor world simulate`: how much a policy moves by chance.
enum WorldSimulateCommand {
  private static let noise = Option.flag(
    "noise", help: "Take the mean from every record, so that nothing but chance is left.")
  private static let world = Option<String?>.optional(
    "world", .text("world"), help: "Resample the paper records of this world of the journal.")
  private static let series = Option<String?>.optional(
    "series", .file(), help: "Resample a table: dates, then a column of returns for each instance.")
  private static let days = Option(
    "days", .whole("count", in: 30...20_000), default: 730, help: "Days that are decided on.")
  private static let draws = Option(
    "draws", .whole("count", in: 1...100_000), default: 100, help: "How often it is resampled.")
  private static let block = Option<Double?>.optional(
    "block", .number("days", in: 1...1000),
    help: "The mean length of a block; otherwise what the records ask for.")

  static let command: Command = Command(
    "simulate", summary: "Tell how often a policy would move by chance",
    discussion: [
      """
      Records of returns are resampled in blocks (the stationary bootstrap), all instances by the \
      same blocks, and every resample is decided day by day as though it were new. The table tells \
      how often instances go live and are taken back, how long they stay, and how many of these \
      moves are undone within 30 days, with the policy's hysteresis and without any.
      """,
      """
      Without --world and --series five instances of planted noise are taken.
      """,
    ],
    options: [
      noise.definition, StudyOptions.policy.definition, world.definition, series.definition,
      days.definition, draws.definition, block.definition, StudyOptions.seed.definition,
      JournalOptions.journal.definition,
    ],
    examples: [
      Command.Example("athanor world simulate --noise", "Lets the shipped policy judge noise"),
      Command.Example(
        "athanor world simulate --series returns.csv --policy world.yml",
        "Resamples records of your own"),
      Command.Example(
        "athanor world simulate --noise --world demo", "Resamples the paper records of a world"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    var studied: (path: String, policy: WorldPolicy)?
    var records: [NoiseStudy.Series]
    var source = "planted noise"
    let seed = UInt64(invocation[StudyOptions.seed])
    if invocation[world] != nil, invocation[series] != nil { throw TwoSources() }
    if let name = invocation[world] {
      let desk = try invocation.readingWorldDesk()
      records = try desk.paperSeries(of: name)
      source = "the paper records of \(name)"
      // A world is judged by its own policy unless another is named.
      if invocation[StudyOptions.policy] == nil {
        studied = ("the policy of \(name)", try desk.state(of: name).rules)
      }
    } else if let path = invocation[series] {
      records = try NoiseStudy.Series.read(path: path)
      source = path
    } else {
      records = []
    }
    let (path, policy) = try studied ?? invocation.studiedPolicy()
    if source == "planted noise" {
      records = NoiseStudy.planted(
        count: plantedCount, years: plantedYears, seed: seed,
        periodsPerYear: policy.metrics.annualise)
    }
    if invocation[noise] { records = records.map(\.withoutMean) }
    let study = try NoiseStudy(
      policy, series: records, days: invocation[days], draws: invocation[draws], seed: seed,
      blockLength: invocation[block])
    let report = invocation.withProgress(
      "Resampling", total: study.draws, unit: "draws"
    ) { reporter in
      study.run(threads: invocation.surroundings.processors) { reporter.advance(to: $0) }
    }
    let page = NoisePage(
      policy: path, source: source, isNoise: invocation[noise], report: report)
    return Answer(json: page.json) { page.text($0) }
  }

  private static let plantedCount = 5
  private static let plantedYears = 4
}

/// Two records are named where one is resampled.
private struct TwoSources: ExplainedFailure {
  var key: String { "two_sources" }
  var explanation: String { "Both --world and --series are given." }
  var remedy: String { "Give one of them." }
  var outcome: FailureOutcome { .badConfiguration }
}
