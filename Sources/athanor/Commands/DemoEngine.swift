import Essentials
import Services
import Storage
import Tactics

/// The engine of the demonstration: what it did with recorded perpetual contracts, and whether that is
/// to be believed.
struct DemoEngine: Sendable {
  let replay: ReplayText

  var json: JSONValue { replay.result.brief }

  func text(_ terminal: TerminalFacts) -> String {
    let introduction = Paragraph(
      """
      Stocks were traded by the day. The engine trades perpetual contracts by the minute: models read \
      drift and volatility, Monte Carlo turns them into chances, and gates, exits, leverage and exact \
      sizes turn those into orders. So it was told two weeks of six contracts as though they were live:
      """
    ).lines(width: terminal.textWidth).joined(separator: "\n")
    return introduction + "\n\n" + replay.brief(terminal)
  }
}

extension Invocation {
  /// Replays the bundled contracts under the shipped settings, in the journal of the demonstration.
  func demonstrateEngine(in folders: DeskFolders) throws -> DemoEngine {
    guard let examples = folders.examples else {
      throw FolderFailure.noExamples(what: "The contracts of the demonstration")
    }
    let request = ReplayRequest(
      paths: ["\(examples)/Data/\(BundledData.perpetuals)"], configuration: TacticsConfiguration())
    let desk = ReplayDesk(request, try ReplayMaterial(for: request))
    let journal = try Journal.open(
      path: folders.demonstration + "/journal.sqlite", access: journalWriting)
    var record: ReplayJournal? = try begin(desk, trials: 1, in: journal)
    let trader = try desk.trader()
    let result = try withProgress("Replaying", total: 0, unit: "events") { reporter in
      try desk.run(trader, journal: &record, progress: { reporter.advance(to: $0, of: $1) })
    }
    record?.finish(result, at: surroundings.now())
    if let failure = record?.failure { throw failure }
    return DemoEngine(replay: ReplayText(result: result, exits: nil, run: record?.run, html: nil))
  }
}
