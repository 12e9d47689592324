import Essentials
import Markets
import Services
import Storage

/// What a replay came to, in the blocks that traders of crypto read: by symbol, what is open, why
/// trades ended, the summary, and whether to trust it.
struct ReplayPage: Sendable {
  let result: ReplayResult
  /// The name of the run in the journal; nil where nothing was recorded.
  let run: String?
  /// Where the page with charts is; nil where none was asked for.
  let html: String?

  var json: JSONValue {
    guard case .object(let members) = result.json else {
      preconditionFailure("the document of a replay is an object")
    }
    return .object(
      members + [
        JSONValue.Member("run", run.map(JSONValue.string) ?? .null),
        JSONValue.Member("html", html.map(JSONValue.string) ?? .null),
      ])
  }

  func text(_ terminal: TerminalFacts) -> String {
    let blocks = [
      heading(terminal), block("By symbol", symbols, terminal), idleness(terminal),
      result.open.isEmpty ? "" : block("Left open", open, terminal),
      result.byExit.isEmpty ? "" : block("Why trades ended", exits, terminal),
      block("Summary", summary, terminal),
      refusals.rows.isEmpty ? "" : block("Refused", refusals, terminal),
      trust(terminal), footing,
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func block(_ title: String, _ table: Table, _ terminal: TerminalFacts) -> String {
    terminal.paint.bold(title) + "\n"
      + table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private var terms: ReplayTerms { result.terms }

  /// The coin of the account, as the symbols end in it.
  private var coin: String {
    ["USDT", "USDC", "USD"].first { coin in terms.symbols.allSatisfy { $0.hasSuffix(coin) } }
      ?? "coins"
  }

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
        "\(Self.minute(terms.from)) to \(Self.minute(result.reached)), after a warm-up from "
          + "\(Self.minute(terms.start))"
      ),
      (
        "account",
        "\(Table.Cell.count(Int(terms.capital.value)).text) \(coin) at \(terms.venue.rawValue), "
          + "fees \(Self.points(terms.fees.maker)) maker and \(Self.points(terms.fees.taker)) "
          + "taker, slippage \(Table.Cell.number(terms.slippage.basisPoints, decimals: 1).text) bp"
      ),
      ("settings", "\(terms.settings.short), data \(terms.data.short), seed \(terms.seed)"),
    ]
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
      .number("trades"), .number("avg", unit: "%"), .number("total", unit: coin),
      .number("total", unit: "%", rank: 1), .number("held"), .number("win/draw/loss"),
      .number("wins", unit: "%", rank: 2),
    ]
  }

  private func tallyCells(_ tally: TradeTally) -> [Table.Cell] {
    [
      .count(tally.trades), .percent(tally.meanReturn),
      tally.trades == 0 ? .missing : .number(tally.net.value),
      tally.trades == 0 ? .missing : .percent(tally.net.value / terms.capital.value),
      Table.Cell(Self.length(tally.meanHeld)),
      Table.Cell("\(tally.wins)/\(tally.draws)/\(tally.losses)"),
      .percent(tally.winShare, decimals: 1),
    ]
  }

  private var symbols: Table {
    var table = Table([.text("symbol")] + tallyColumns)
    for tally in result.bySymbol { table.add([Table.Cell(tally.name)] + tallyCells(tally)) }
    if result.bySymbol.count > 1 { table.add([Table.Cell("all")] + tallyCells(result.total)) }
    return table
  }

  private var exits: Table {
    var table = Table([.text("reason", narrowest: 14)] + tallyColumns)
    for tally in result.byExit {
      table.add([Table.Cell(Self.words(tally.name))] + tallyCells(tally))
    }
    return table
  }

  private var open: Table {
    var table = Table([
      .text("symbol"), .text("side"), .text("opened", rank: 3), .number("entry"),
      .number("mark", rank: 1), .number("leverage", rank: 2), .number("profit", unit: "%"),
      .number("profit", unit: coin), .number("held"),
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

  /// What is said in place of trades where there are none.
  private func idleness(_ terminal: TerminalFacts) -> String {
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
    for (kind, counts) in [("entry", result.refusedEntries), ("order", result.endedOrders)] {
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

  // MARK: - Summary

  private var summary: Table {
    var rows = FigureTable()
    let figures = result.summary
    let total = result.total
    let days = (result.reached - terms.from).days
    rows.add(
      "Traded [days]", .number(days, decimals: 1), "\(terms.symbols.count) contracts, in UTC")
    rows.add(
      "Bars", .count(result.markets.reduce(0) { $0 + $1.bars }), "of \(terms.span), all contracts")
    rows.add(
      "Capital, end [\(coin)]", .number(figures.equity),
      "from \(Table.Cell.number(figures.capital).text), open positions at their marks")
    rows.add("Return [%]", .percent(figures.totalReturn), "of the capital")
    rows.add(
      "Return [%/year]", .percent(figures.annualReturn),
      figures.annualReturn == nil ? "below 30 days nothing is said of a year" : "compounded")
    let pace = "from \(figures.returns.count) \(figures.pace.rawValue) returns"
    rows.add("Sharpe ratio [a year]", .number(figures.sharpe), pace)
    rows.add("Sortino ratio [a year]", .number(figures.sortino), pace)
    rows.add("Calmar ratio", .number(figures.calmar), "return a year over the drawdown")
    rows.add("Profit factor", .number(total.profitFactor), "what won over what lost")
    rows.add("Expectancy [\(coin)/trade]", .number(total.expectancy), "after everything")
    rows.add("Trades [a day]", .number(Double(total.trades) / days), "")
    rows.add("Best trade [%]", .percent(total.best), "of what was traded")
    rows.add("Worst trade [%]", .percent(total.worst), "")
    if let fall = figures.deepest {
      rows.add("Drawdown [%]", .percent(fall.depth), "at most; of the highest equity before")
      rows.add("Drawdown [\(coin)]", .number(fall.amount), "")
      rows.add("  from", Table.Cell(Self.minute(fall.start)), "the highest equity")
      rows.add("  to", Table.Cell(Self.minute(fall.trough)), "the lowest behind it")
      rows.add(
        "  over", fall.recovery.map { Table.Cell(Self.minute($0)) } ?? .missing,
        fall.recovery == nil ? "not recovered" : "recovered")
    } else {
      rows.add("Drawdown [%]", .percent(0), "the equity never fell")
    }
    let fees = result.costs
    rows.add("Fees [\(coin)]", .number(fees.fees.value), "paid")
    rows.add("Funding [\(coin)]", .number(fees.funding.value), "received, less paid")
    rows.add(
      "Slippage [bp]", .number(terms.slippage.basisPoints, decimals: 1),
      "assumed of each order that takes, and in the prices")
    rows.add(
      "Market change [%]", .percent(result.marketChange), "all contracts alike, bought and held")
    rows.add("Time in market [%]", .percent(figures.timeInMarket, decimals: 1), "")
    rows.add(
      "Exposure, mean [%]", .percent(figures.meanExposure, decimals: 1),
      "of the equity, long and short added up")
    rows.add("Exposure, most [%]", .percent(figures.mostExposure, decimals: 1), "")
    rows.add(
      "Leverage while held", .number(figures.meanLeverage), "exposure over equity, mean")
    rows.add(
      "Orders sent, fills", Table.Cell("\(result.orders), \(result.fills)"), "")
    rows.add("Liquidations", .count(result.liquidations), "")
    return rows.table
  }

  // MARK: - Trust

  private func trust(_ terminal: TerminalFacts) -> String {
    var lines = [terminal.paint.bold("Can you trust this?")]
    var rows = FigureTable()
    let missing = result.markets.reduce(0) { $0 + $1.missingBars }
    let bars = result.markets.reduce(0) { $0 + $1.bars }
    let gappy = result.markets.filter { $0.missingBars > 0 }.map(\.symbol)
    rows.add(
      "Bars missing", .count(missing),
      gappy.isEmpty ? "of \(Table.Cell.count(bars).text)" : "in \(Self.listed(gappy))")
    rows.add(
      "Bars without trades", .count(result.markets.reduce(0) { $0 + $1.silentBars }), "")
    rows.add(
      "Rows left out",
      .count(result.markets.reduce(0) { $0 + $1.defects.reduce(0) { $0 + $1.count } }),
      "of the files")
    lines.append(rows.table.rendered(width: terminal.width, paint: terminal.paint))
    let notes =
      terms.assumptions + result.markets.flatMap { market in
        market.defects.map { defect in
          let rows = defect.count == 1 ? "row" : "rows"
          return "\(market.symbol): \(defect.count) \(rows) left out "
            + "(\(Self.words(defect.key))), the first: \(defect.first)"
        }
      }
    lines.append("")
    lines += notes.flatMap {
      Paragraph($0).hung(behind: "-", indent: 3, width: terminal.textWidth)
    }
    return lines.joined(separator: "\n")
  }

  // MARK: - Words

  static func words(_ key: String) -> String { key.replacing("_", with: " ") }

  private static func points(_ rate: SignedRate) -> String {
    "\(Table.Cell.number(rate.value * 1e4, decimals: 1).text) bp"
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

/// Figures with a remark each.
private struct FigureTable {
  private(set) var table = Table([
    .text("  figure"), .number("value"), .text("remark", rank: 1, narrowest: 16),
  ])

  mutating func add(_ name: String, _ value: Table.Cell, _ remark: String) {
    table.add([Table.Cell("  " + name), value, Table.Cell(remark)])
  }
}
