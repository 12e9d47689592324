import Essentials
import Execution
import Markets
import Services
import Storage

/// `athanor data convert`: a recording of messages becomes a file that is replayed.
enum DataConvertCommand {
  private static let feed = Option.required(
    "feed", .file(), help: "The recording, a message each line; .gz and .zst are unpacked.")
  private static let output = Option.required(
    "out", short: "o", .file(), help: "The file to write; one that is there is replaced.")
  private static let venue = Option<BookProtocol>.required(
    "venue", .word("venue"), help: "Whose messages they are, and of which of its markets.")
  private static let symbol = Option.required(
    "symbol", .text("symbol"), help: "The symbol as the venue writes it, such as BTCUSDT.")
  private static let tick = Option.required(
    "tick", .text("price"), help: "The step between prices, such as 0.1.")
  private static let lot = Option.required(
    "lot", .text("units"), help: "The step between quantities, such as 0.001.")

  static let command: Command = Command(
    "convert", summary: "Turn a recording of a venue's messages into a compact file",
    discussion: [
      """
      A line holds one message as it came, behind nanoseconds of the recorder's clock and a space \
      where the recorder wrote them. Kept are books, trades, mark prices and funding, in whole ticks \
      and lots, in the order in which they came. The file is mapped and read without parsing \
      JSON again.
      """,
      """
      What cannot be trusted is left out and counted: the report has a row for each kind of defect \
      and says what was done. The file has the same bytes for the same recording.
      """,
    ],
    options: [
      feed.definition, output.definition, venue.definition, symbol.definition, tick.definition,
      lot.definition,
    ],
    examples: [
      Command.Example(
        """
        athanor data convert --feed btcusdt.jsonl.gz --out btcusdt.feed \
        --venue binance-futures --symbol BTCUSDT --tick 0.1 --lot 0.001
        """, "Converts a recording of a Binance perpetual")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    guard let tick = TickSize(text: invocation[tick]) else {
      throw StepMistake(option: "tick", text: invocation[tick])
    }
    guard let lot = LotSize(text: invocation[lot]) else {
      throw StepMistake(option: "lot", text: invocation[lot])
    }
    let conversion = FeedConversion(
      from: invocation[feed], to: invocation[output], protocol: invocation[venue],
      market: FeedMarket(symbol: invocation[symbol], tick: tick, lot: lot))
    let report = try invocation.withProgress("Converting", total: 0, unit: "kB") { reporter in
      try conversion.run { reporter.advance(to: $0 >> 10, of: $1 >> 10) }
    }
    return Answer(json: report.json) { ConversionPage(report: report).text($0) }
  }
}

/// A step that is no decimal number above zero.
private struct StepMistake: ExplainedFailure {
  let option: String
  let text: String

  var key: String { "invalid_step" }
  var explanation: String { "The --\(option) \(text) is no step." }
  var remedy: String { "Give a decimal number above zero, as the venue writes it: 0.001." }
  var outcome: FailureOutcome { .badConfiguration }
}
