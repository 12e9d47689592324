import Backtesting
import Essentials
import Markets
import Models
import Services
import Storage
import Tactics

/// What a replay came to, in the blocks that traders of crypto read: by symbol, what is open, why
/// trades ended, the summary, and whether to trust it.
struct ReplayText: Sendable {
  let result: ReplayResult
  /// What other exits would have brought; nil where it was not asked.
  let exits: ExitStudy?
  /// The name of the run in the journal; nil where nothing was recorded.
  let run: String?
  /// Where the page with charts is; nil where none was asked for.
  let html: String?

  var json: JSONValue {
    guard case .object(let members) = result.json else {
      preconditionFailure("the document of a replay is an object")
    }
    return .object(
      members + (exits.map { [JSONValue.Member("exit_policies", $0.json)] } ?? []) + [
        JSONValue.Member("run", run.map(JSONValue.string) ?? .null),
        JSONValue.Member("html", html.map(JSONValue.string) ?? .null),
      ])
  }

  func text(_ terminal: TerminalFacts) -> String {
    let blocks = [
      heading(terminal), makeup(terminal),
      block("By symbol", symbols, terminal), idleness(terminal),
      result.open.isEmpty ? "" : block("Left open", open, terminal),
      result.byExit.isEmpty ? "" : block("Why trades ended", endings, terminal),
      exits.map { ExitStudyText(study: $0, coin: terms.coin).text(terminal) } ?? "",
      terminal.paint.bold("Summary") + "\n" + summary(terminal),
      refusals.rows.isEmpty ? "" : block("Refused", refusals, terminal),
      result.waits.isEmpty ? "" : block("Why nothing was wanted", waits, terminal),
      trust(terminal), footing,
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// What was traded, or why nothing was, and the verdict.
  func brief(_ terminal: TerminalFacts) -> String {
    let trades = result.total.trades == 0 ? "" : block("By symbol", symbols, terminal)
    return [heading(terminal), trades, idleness(terminal), verdict(terminal)]
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func block(_ title: String, _ table: Table, _ terminal: TerminalFacts) -> String {
    terminal.paint.bold(title) + "\n"
      + table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private var terms: ReplayTerms { result.terms }

  private var footing: String {
    [
      html.map { "page    \(DisplayWidth.harmless($0))" }, run.map { "run     \($0)" },
      "orders  \(result.orderHash)", "result  \(result.result)",
    ].compactMap { $0 }.joined(separator: "\n")
  }

  private func heading(_ terminal: TerminalFacts) -> String {
    var entries = [
      ("replay", "\(Self.listed(terms.symbols)), bars of \(terms.span)"),
      (
        "period",
        "\(Self.minute(terms.from)) to \(Self.minute(result.reached)); "
          + (terms.start == terms.from ? "no warm-up" : "warm-up from \(Self.minute(terms.start))")
      ),
      (
        "account",
        "\(Table.Cell.count(Int(terms.capital.value)).text) \(terms.coin) at "
          + "\(terms.venue.rawValue); maker \(Self.points(terms.fees.maker.value)), taker "
          + "\(Self.points(terms.fees.taker.value)), slippage "
          + "\(Self.points(terms.slippage.basisPoints / 1e4)) bp"
      ),
      ("settings", "\(terms.settings.short), data \(terms.data.short), seed \(terms.seed)"),
    ]
    if !terms.models.isEmpty {
      let named = terms.models.map { model in
        "\(model.kind.rawValue) \(model.fingerprint.short)"
          + (model.from.map { " from \(Self.minute($0))" } ?? "")
      }
      entries.append(("models", named.joined(separator: ", ")))
    }
    if let stopped = result.stoppedAt {
      entries.append(
        ("stopped", "\(Self.minute(stopped)) by the kill switch; nothing is entered behind it"))
    }
    if result.isInterrupted {
      entries.append(
        (
          "ended",
          "early, because somebody asked for it; the period was to last until "
            + "\(Self.minute(terms.to))"
        ))
    }
    return entries.flatMap { name, value in
      Paragraph(value).hung(behind: name, indent: 10, width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  // MARK: - Trades

  private var tallyColumns: [Table.Column] {
    [
      .number("trades"), .number("avg", unit: "%"), .number("total", unit: terms.coin),
      .number("total", unit: "%", rank: 1), .number("held"), .number("win/draw/loss"),
    ]
  }

  private func tallyCells(_ tally: TradeTally) -> [Table.Cell] {
    [
      .count(tally.trades), .percent(tally.meanReturn),
      tally.trades == 0 ? .missing : .number(tally.net.value),
      tally.trades == 0 ? .missing : .percent(tally.net.value / terms.capital.value),
      Table.Cell(Self.length(tally.meanHeld)),
      Table.Cell("\(tally.wins)/\(tally.draws)/\(tally.losses)"),
    ]
  }

  private var symbols: Table {
    var table = Table([.text("symbol")] + tallyColumns)
    for tally in result.bySymbol where !isIdlenessFolded || tally.trades > 0 {
      table.add([Table.Cell(tally.name)] + tallyCells(tally))
    }
    if result.bySymbol.count > 1 { table.add([Table.Cell("all")] + tallyCells(result.total)) }
    return table
  }

  private var endings: Table {
    var table = Table([.text("reason")] + tallyColumns)
    for tally in result.byExit {
      table.add([Table.Cell(Self.words(tally.name))] + tallyCells(tally))
    }
    return table
  }

  private var open: Table {
    var table = Table([
      .text("symbol"), .text("side"), .text("opened", rank: 3), .number("entry"),
      .number("mark", rank: 1), .number("leverage", rank: 2), .number("profit", unit: "%"),
      .number("profit", unit: terms.coin), .number("held"),
    ])
    for trade in result.open {
      let trip = trade.trip
      table.add([
        Table.Cell(trip.symbol), Table.Cell(trip.side.rawValue),
        Table.Cell(Self.minute(trip.openedAt)), Table.Cell(Self.price(trip.entryPrice)),
        Table.Cell(Self.price(trip.exitPrice)), Table.Cell("\(trip.leverage)"),
        .percent(trip.netReturn), .number(trip.net.value), Table.Cell(Self.length(trip.held)),
      ])
    }
    return table
  }

  /// Whether contracts without a trade are named in one sentence in place of a row each.
  private var isIdlenessFolded: Bool {
    result.total.trades > 0 && result.bySymbol.count { $0.trades == 0 } > Self.idleRowsMax
  }

  /// Rows without a trade that a table may have.
  private static let idleRowsMax = 10

  /// What the markets that have a feed were made of, and what was wrong with it.
  private func makeup(_ terminal: TerminalFacts) -> String {
    var table = Table([
      .text("symbol"), .number("bars"), .number("made"), .number("books"), .number("trades"),
      .number("marks", rank: 3), .number("paid", rank: 2), .number("gaps"), .number("breaks"),
      .number("crossed"), .number("again"), .number("late", rank: 1),
    ])
    for market in result.markets {
      guard let feed = market.feed else { continue }
      table.add([
        Table.Cell(market.symbol), .count(market.bars), .count(market.madeBars),
        .count(feed.books), .count(feed.trades), .count(market.marks), .count(market.payments),
        .count(market.missingBars), .count(feed.breaks), .count(feed.crossings),
        .count(feed.repeats), .count(feed.late),
      ])
    }
    guard !table.rows.isEmpty else { return "" }
    let legend = Paragraph(
      """
      made: bars of the feed's trades; paid: payments of funding; gaps: bars missing; breaks, crossed: \
      the book was lost until a snapshot, and nothing was entered; again, late: left out.
      """
    ).lines(width: terminal.textWidth).joined(separator: "\n")
    return block("What was told", table, terminal) + "\n" + legend
  }

  /// What is said in place of trades where there are none.
  private func idleness(_ terminal: TerminalFacts) -> String {
    if isIdlenessFolded {
      let idle = result.bySymbol.filter { $0.trades == 0 }.map(\.name)
      return Paragraph("Without a trade, \(idle.count): \(idle.joined(separator: ", ")).")
        .lines(width: terminal.textWidth).joined(separator: "\n")
    }
    guard result.total.trades == 0, result.open.isEmpty else { return "" }
    let refused = result.refusedEntries.reduce(0) { $0 + $1.count }
    let reason: String
    if let first = result.refusedEntries.first {
      let share = Double(first.count) / Double(refused)
      reason = """
        \(Table.Cell.count(refused).text) entries were weighed and refused, \
        \(Table.Cell.percent(share, decimals: 0).text) % of them by \(Self.words(first.reason)).
        """
    } else if result.orders > 0 {
      reason = "\(Table.Cell.count(result.orders).text) orders were sent, and none was filled."
    } else {
      reason = "No entry was weighed: the models had nothing to say yet, or saw no advantage."
    }
    return Paragraph("No trade was made. \(reason) Not to trade costs nothing.")
      .lines(width: terminal.textWidth).joined(separator: "\n")
  }

  private var refusals: Table {
    var table = Table([
      .text("what refused", narrowest: 20), .number("times"), .number("share", unit: "%"),
    ])
    for (kind, counts) in [("entry", result.refusedEntries), ("order", result.refusedOrders)] {
      let all = counts.reduce(0) { $0 + $1.count }
      for refusal in counts {
        table.add([
          Table.Cell("\(kind): \(Self.words(refusal.reason))"), .count(refusal.count),
          .percent(Double(refusal.count) / Double(all), decimals: 1),
        ])
      }
    }
    return table
  }

  /// Why nothing was wanted of each market, with the look that came nearest.
  private var waits: Table {
    var table = Table([
      .text("contract"), .text("nothing wanted for", narrowest: 20), .number("looks"),
      .number("times", rank: 3), .text("nearest", rank: 1), .number("was", rank: 1),
      .number("needed", rank: 1),
    ])
    for wait in result.waits {
      let miss = wait.miss
      table.add([
        Table.Cell(wait.symbol), Table.Cell(Self.words(wait.reason)), .count(wait.looks),
        .count(wait.spells), Table.Cell(Self.minute(wait.nearest.at)),
        .number(miss?.value, decimals: 5), .number(miss?.limit, decimals: 5),
      ])
    }
    return table
  }

  // MARK: - Summary and trust

  private func summary(_ terminal: TerminalFacts) -> String {
    FigureLines(
      result.summaryFigures.map { ($0.name, $0.value, $0.note?.english ?? "") }, coin: terms.coin
    ).text(terminal)
  }

  private func trust(_ terminal: TerminalFacts) -> String {
    let trust = result.trust
    var lines = [verdict(terminal)]
    lines += trust.grounds.flatMap {
      Paragraph($0.sentence.english).hung(
        behind: "  \(Self.mark($0.bearing))", indent: 5, width: terminal.textWidth)
    }
    lines.append("")
    lines.append(
      FigureLines(
        result.trustFigures.map { ($0.name, $0.value, $0.meaning.english) }, coin: terms.coin
      ).text(terminal))
    lines.append("")
    lines += notes.flatMap {
      Paragraph($0).hung(behind: "  -", indent: 5, width: terminal.textWidth)
    }
    return lines.joined(separator: "\n")
  }

  private func verdict(_ terminal: TerminalFacts) -> String {
    let sentence = Paragraph(result.trust.verdict.sentence.english)
      .lines(width: terminal.textWidth - 2).map { "  " + $0 }
    return ([terminal.paint.bold("Can you trust this?")] + sentence).joined(separator: "\n")
  }

  private static func mark(_ bearing: ReplayGround.Bearing) -> String {
    switch bearing {
    case .speaksForEarning: "+"
    case .leavesOpen: "?"
    case .speaksAgainstEarning: "-"
    }
  }

  /// What was assumed, and which rows were left out.
  private var notes: [String] {
    terms.assumptions.map(\.english)
      + result.markets.flatMap { market in
        market.defects.map { defect in
          let rows = defect.count == 1 ? "row" : "rows"
          return "\(market.symbol): \(defect.count) \(rows) left out "
            + "(\(Self.words(defect.key))), the first: \(DisplayWidth.harmless(defect.first))"
        }
      }
  }

  // MARK: - Words

  static func words(_ key: String) -> String { key.replacing("_", with: " ") }

  private static func points(_ rate: Double) -> String {
    Table.Cell.number(rate * 1e4, decimals: 1).text
  }

  private static func listed(_ names: [String]) -> String {
    names.count <= 6 ? names.joined(separator: ", ") : "\(names.count) contracts"
  }

  /// Such as `2025-05-11 08:00`.
  static func minute(_ instant: Timestamp) -> String {
    let minutes = (instant - Timestamp(startOf: instant.date)).milliseconds / 60_000
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(instant.date) \(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// Such as `45s`, `12m`, `3h05m`, `2d04h`; `--` for none.
  static func length(_ span: TimeSpan?) -> String {
    guard let span else { return Table.Cell.missing.text }
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let seconds = span.milliseconds / 1000
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return "\(seconds / 60)m"
    case ..<86_400: return "\(seconds / 3600)h\(two(seconds / 60 % 60))m"
    default: return "\(seconds / 86_400)d\(two(seconds / 3600 % 24))h"
    }
  }

  /// Six digits that count.
  private static func price(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return Table.Cell.missing.text }
    var decimals = 6
    var bound = 1.0
    while decimals > 1, value >= bound {
      bound *= 10
      decimals -= 1
    }
    return Table.Cell.number(value, decimals: max(1, decimals)).text
  }
}
