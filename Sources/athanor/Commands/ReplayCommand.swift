import Backtesting
import Essentials
import Services
import Storage
import Tactics

/// `athanor replay`: what the tactics would have done in recorded markets.
enum ReplayCommand {
  private static let html = Option<String?>.optional(
    "html", .file(), help: "Write a page with charts that works offline.")

  private static let exits = Option.flag(
    "exits",
    help: """
      Follow every entry under other exits too, and say what they would have brought. A replay that \
      trades much takes several times as long.
      """)

  static let command: Command = Command(
    "replay", summary: "Trade recorded markets as though they were live",
    discussion: [
      """
      Tells the trader that would trade live what was recorded, event by event: bars, funding, marks, \
      and the books and trades of converted feeds (--feed). A paper venue fills its orders with fees, slippage and margin. The report says what came of it \
      by symbol and by reason, what it cost, which gates refused what, and how far it can be trusted.
      """,
      """
      Files are named as BTCUSDT_1m.csv.gz, BTCUSDT_funding.csv.gz and BTCUSDT_mark8h.csv.gz; a folder \
      may hold those of many contracts. Bad rows are left out, counted and named. What nothing says \
      is assumed with care and stated.
      """,
      """
      Where there are feeds, their contracts are replayed and no others. --data tells what lies before \
      a feed; of its own time it tells alone: bars are made of its trades, so none comes twice. Orders \
      that take walk the recorded book, those that wait stand in its queue, and nothing is entered \
      while a book is lost.
      """,
      """
      The same data, settings and seed give the same `result`. Ctrl-C ends early with a report of what \
      was replayed, and exit code 1. What happened is recorded in the journal; see \
      `athanor journal --help`.
      """,
    ],
    positionals: [ReplayOptions.more.definition],
    options: ReplayOptions.definitions + [
      html.definition, exits.definition, JournalOptions.journal.definition,
      RecordingOptions.noJournal.definition,
    ],
    examples: [
      Command.Example(
        "athanor replay --data Examples/Data/crypto-perps", "Replays what comes with the program"),
      Command.Example(
        "athanor replay --data bars --symbols BTCUSDT,ETHUSDT --config desk.yml --html replay.html",
        "Replays two contracts under settings of your own, with charts"),
      Command.Example(
        "athanor replay --feed btcusdt.feed --bar 1s",
        "Replays books and trades, on bars of a second"),
      Command.Example(
        "athanor replay --data bars --set entry.costs.net_min=0.001 --json",
        "Changes one setting, for a program"),
    ], members: [ReplayCompareCommand.command], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let request = try invocation.replayRequest()
    let isEnded = invocation.surroundings.watchForEnd()
    let material = try invocation.withProgress("Reading", total: 0, unit: "contracts") {
      reporter in
      try ReplayMaterial(for: request) { reporter.advance(to: $0, of: $1) }
    }
    let desk = ReplayDesk(request, material)
    let trader = try desk.trader()
    var trust = ReplayTrustSettings()
    var journal = try invocation.replayJournal(of: desk, trust: &trust)
    let (result, study) = try invocation.withProgress("Replaying", total: 0, unit: "events") {
      reporter -> (ReplayResult, ExitStudy?) in
      func report(_ done: Int, _ total: Int) { reporter.advance(to: done, of: total) }
      guard invocation[exits] else {
        let result = try desk.run(
          trader, journal: &journal, trust: trust, isEnded: isEnded, progress: report)
        return (result, nil)
      }
      return try desk.playShadowed(
        trader, journal: &journal, trust: trust, isEnded: isEnded, progress: report)
    }
    journal?.finish(result, at: invocation.surroundings.now())
    let path = invocation[html]
    if let path {
      let page = result.page(
        title: title(of: request), of: material, settings: settings(of: request))
      try WholeFile.write(Array(ReplayPage(page).html().utf8), to: path)
    }
    let text = ReplayText(result: result, exits: study, run: journal?.run, html: path)
    var failure = journal?.failure as? any ExplainedFailure
    if result.isInterrupted { failure = ReplayEndedEarly(reached: result.reached) }
    return Answer(json: text.json, failure: failure) { text.text($0) }
  }

  /// What the page is called.
  private static func title(of request: ReplayRequest) -> String {
    request.paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
      .joined(separator: ", ")
  }

  /// The settings that are not as shipped.
  private static func settings(of request: ReplayRequest) -> [ReplayPageContent.Setting] {
    SettingKeys.all.flatMap { key in
      (request.configuration.explain(key.path)?.values ?? []).filter { $0.value != $0.shipped }
        .map { value in
          ReplayPageContent.Setting(
            key.path + (value.regime.map { ".\($0.name)" } ?? ""), "\(value.value)",
            source: "\(value.origin)")
        }
    }
  }
}

/// A replay that somebody ended.
private struct ReplayEndedEarly: ExplainedFailure {
  let reached: Timestamp

  var key: String { "ended_early" }
  var explanation: String { "The replay was ended at \(reached) of its market's time." }
  var remedy: String { "Let it run to its end, or give --to for a shorter period." }
  var outcome: FailureOutcome { .failed }
}

extension Invocation {
  /// Begins the run in the journal, and counts the trials that luck is judged by; nil where nothing is
  /// to be recorded or nothing says where.
  fileprivate func replayJournal(
    of desk: ReplayDesk, trust: inout ReplayTrustSettings
  ) throws -> ReplayJournal? {
    trust.trials = self[ReplayOptions.trials] ?? 1
    guard let journal = try recordingJournal() else { return nil }
    if self[ReplayOptions.trials] == nil {
      trust.trials += try ReplayJournal.trials(besides: desk.terms, in: journal)
    }
    return try begin(desk, trials: trust.trials, in: journal)
  }

  /// Begins the run of a replay in a journal; luck is judged against so many trials.
  func begin(_ desk: ReplayDesk, trials: Int, in journal: Journal) throws -> ReplayJournal {
    let opening = replayOpening("replay", of: desk, [.init("trials", .integer(trials))])
    return try ReplayJournal(
      run: opening.run, in: journal, symbols: desk.terms.symbols, opening: opening.payload,
      at: opening.start)
  }

  /// The journal that replays are written to; nil where nothing is to be recorded or nothing says where.
  func recordingJournal() throws -> Journal? {
    guard !self[RecordingOptions.noJournal], let path = try? journalPath() else { return nil }
    return try Journal.open(path: path, access: journalWriting)
  }

  /// How a run of replays begins: its name, what it says of itself, and when.
  func replayOpening(
    _ command: String, of desk: ReplayDesk, _ more: [JSONValue.Member]
  ) -> (run: String, payload: JSONValue, start: Timestamp) {
    let now = surroundings.now()
    let run = SimulationRun(command: command, start: now, chance: surroundings.chance()).id
    return (
      run,
      .object(
        [
          .init("command", .string(command)), .init("version", .string(VersionCommand.version)),
          .init("terms", desk.terms.json),
        ] + more), now
    )
  }
}
