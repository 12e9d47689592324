package import Backtesting
package import Essentials
package import Markets
import Storage

/// What a replay came to, with everything that it rests on.
package struct ReplayResult: Sendable {
  package let terms: ReplayTerms
  /// By symbol.
  package let markets: [ReplayedMarket]
  /// In the order of closing.
  package let closed: [ReportedTrade]
  /// What was still held at the end, at its last mark.
  package let open: [ReportedTrade]
  /// One for each symbol, the most profitable first; what is open is not in it.
  package let bySymbol: [TradeTally]
  package let total: TradeTally
  /// By the kind of the exit, the most frequent first.
  package let byExit: [TradeTally]
  package let summary: ReplaySummary
  /// How often the trader was asked whether to enter.
  package let entriesConsidered: Int
  /// Entries that gates refused, by gate, the most frequent first.
  package let refusedEntries: [RefusalCount]
  /// Why nothing was wanted of each market, and what came nearest, by symbol.
  package internal(set) var waits: [ReportedWait] = []
  /// Orders that ended before they were filled, by cause, the most frequent first.
  package let endedOrders: [RefusalCount]
  /// Those of them that the venue did not take.
  package let refusedOrders: [RefusalCount]
  /// When the trader entered nothing any more; nil where it never came to that.
  package let stoppedAt: Timestamp?
  package let orders: Int
  package let fills: Int
  package let liquidations: Int
  /// Events that were told.
  package let events: Int
  /// When the replay ended, by the clock of the market.
  package let reached: Timestamp
  /// Whether somebody ended it before everything was told.
  package let isInterrupted: Bool
  package let equity: [EquityPoint]
  /// What can be believed of it.
  package let trust: ReplayTrust
  /// Whether what was given a chance came that often, by what it was; empty of what was not forecast.
  package let calibration: [ForecastCheck]
  /// What leaving at other times would have brought, by the reason of the exit.
  package let regrets: [String: Finding<ExitRegret>]
  /// The fingerprint of everything that was sent and heard, in order.
  package let orderHash: Fingerprint

  /// Puts together what came of a replay.
  ///
  /// - Parameters:
  ///   - decisions: those that opened and closed positions.
  ///   - forecasts: what was expected of trades.
  ///   - tally: what was sent and filled.
  ///   - trader: who decided, and counts what it refused.
  ///   - trust: by which rules it is believed.
  init(
    _ record: ReplayRecord, of material: ReplayMaterial, terms: ReplayTerms,
    decisions: [ReplayDecision], forecasts: ForecastBook, tally: OrderTally,
    trader: some ExplainingTrader,
    trust: ReplayTrustSettings, isInterrupted: Bool
  ) {
    let trades = ReportedTrade.joined(record.roundTrips, decisions)
    let closed = trades.filter { $0.trip.end != .open }
    self.terms = terms
    self.closed = closed
    open = trades.filter { $0.trip.end == .open }
    markets = material.markets.enumerated().map { place, market in
      ReplayedMarket(
        market, in: material, through: record.end, books: record.books[place],
        matched: record.counts[place])
    }
    bySymbol = material.markets.map { market in
      TradeTally(market.symbol, closed.lazy.map(\.trip).filter { $0.symbol == market.symbol })
    }.sorted { ($1.net, $0.name) < ($0.net, $1.name) }
    total = TradeTally("total", closed.lazy.map(\.trip))
    byExit = Set(closed.map(\.exitKind)).sorted().map { kind in
      TradeTally(kind, closed.lazy.filter { $0.exitKind == kind }.map(\.trip))
    }.sorted { ($1.trades, $0.name) < ($0.trades, $1.name) }
    summary = ReplaySummary(
      record.equity, capital: terms.capital, from: material.from, to: record.end)
    entriesConsidered = trader.entriesConsidered
    refusedEntries = RefusalCount.sorted(trader.refusedEntries)
    endedOrders = tally.endedOrders
    refusedOrders = tally.refusedOrders
    stoppedAt = trader.stoppedAt
    orders = tally.orders
    fills = tally.fills
    liquidations = record.counts.reduce(0) { $0 + $1.liquidations }
    events = record.events
    reached = record.end
    self.isInterrupted = isInterrupted
    equity = record.equity
    orderHash = record.orderHash
    var markets: [ContractID: ReplayMarket] = [:]
    for (place, market) in material.markets.enumerated() {
      markets[ContractID(place: place)] = ReplayMarket(
        bars: market.series, funding: market.payments)
    }
    self.trust = ReplayTrust(
      of: record.roundTrips, on: markets,
      equity: EquityCurve(
        instants: record.equity.map(\.instant), equity: record.equity.map(\.equity.value)),
      settings: trust)
    calibration = forecasts.outcomes(on: material, through: record.end).compactMap {
      ForecastCheck($0, settings: trust)
    }
    regrets = Dictionary(
      uniqueKeysWithValues: ExitRegret.findings(
        of: closed.map(\.trip), labels: closed.map(\.exitKind), on: markets,
        from: material.from, through: record.end, settings: trust
      ).map { ($0.label, $0.finding) })
  }

  /// What was paid and received for all trades, open ones included.
  package var costs: (fees: CoinAmount, funding: CoinAmount) {
    (closed + open).reduce((CoinAmount.zero, CoinAmount.zero)) {
      ($0.0 + $1.trip.fees, $0.1 + $1.trip.funding)
    }
  }

  /// The mean change of all markets over the period, each with the same weight.
  package var marketChange: Double? {
    let changes = markets.compactMap(\.change)
    return changes.isEmpty ? nil : changes.reduce(0, +) / Double(changes.count)
  }

  /// The digest of all figures: the same data, settings and seed have the same.
  package var result: Fingerprint { Fingerprint(of: figures.compactText) }

  /// The report as a program reads it.
  package var json: JSONValue {
    guard case .object(let members) = figures else { return figures }
    return .object(
      members + [
        JSONValue.Member("result", .string(result.hexadecimal))
      ])
  }

  /// The report without its single trades, which the journal has beside it.
  package var brief: JSONValue {
    guard case .object(let members) = json else { return json }
    return .object(members.filter { $0.name != "trades" })
  }

  /// Everything that follows from the inputs.
  private var figures: JSONValue {
    [
      "terms": terms.json, "reached": .string("\(reached)"),
      "interrupted": .bool(isInterrupted),
      "stopped_at": stoppedAt.map { .string("\($0)") } ?? .null,
      "symbols": .array(bySymbol.map { $0.json(capital: terms.capital) }),
      "total": total.json(capital: terms.capital),
      "open_trades": .array(open.map(\.json)),
      "exit_reasons": .array(byExit.map { $0.json(capital: terms.capital) }),
      "summary": summary.json, "market_change": .optional(marketChange),
      "entries_considered": .integer(entriesConsidered),
      "refused_entries": Self.json(refusedEntries), "ended_orders": Self.json(endedOrders),
      "waits": .array(waits.map(\.json)), "orders": .integer(orders), "fills": .integer(fills),
      "liquidations": .integer(liquidations), "events": .integer(events),
      "markets": .array(markets.map(\.json)), "trades": .array(closed.map(\.json)),
      "exit_regrets": .array(
        byExit.map { tally in
          let regret = regrets[tally.name]?.value?.regret
          return [
            "reason": .string(tally.name), "regret": .optional(regret?.observed),
            "by_chance": .optional(regret?.expected), "probability": .optional(regret?.probability),
          ]
        }),
      "calibration": .array(calibration.map(\.json)), "trust": trust.json,
      "order_hash": .string(orderHash.hexadecimal),
    ]
  }

  private static func json(_ refusals: [RefusalCount]) -> JSONValue {
    .object(refusals.map { JSONValue.Member($0.reason, .integer($0.count)) })
  }
}
