package import Essentials

/// A trader, its account and the matcher between them, to which events are told one by one.
package struct TradingSession<Player: Trader> {
  package var trader: Player
  package var account: PerpetualAccount
  package var matcher: Matcher
  private var directives: ContiguousArray<TradeDirective> = []

  package init(_ trader: Player, account: PerpetualAccount, matcher: Matcher) {
    self.trader = trader
    self.account = account
    self.matcher = matcher
    directives.reserveCapacity(64)
  }

  /// Lets the matcher see an event, then the trader hear of its orders and of the event, and sends
  /// what it wants. Says whether the event was accepted; the trader is told of no other.
  ///
  /// The reports stay in ``Matcher/reports`` until the next event.
  @discardableResult
  package mutating func receive(_ event: MarketEvent) -> Bool {
    matcher.clearReports()
    let isAccepted =
      switch event {
      case .bar(let bar, let span): matcher.receive(bar, span: span, account: &account)
      case .trade(let trade): matcher.receive(trade, account: &account)
      case .mark(let reference): matcher.receive(reference, account: &account)
      case .funding(let payment): matcher.receive(payment, account: &account)
      }
    guard isAccepted else { return false }
    for report in matcher.reports { trader.hear(report) }
    trader.observe(event, account: account, directives: &directives)
    send(at: event.instant)
    return true
  }

  /// The same for a new state of the book.
  @discardableResult
  package mutating func receive(_ book: OrderBook, at instant: Timestamp) -> Bool {
    matcher.clearReports()
    guard matcher.receive(book, at: instant, account: &account) else { return false }
    for report in matcher.reports { trader.hear(report) }
    trader.observe(book, at: instant, account: account, directives: &directives)
    send(at: instant)
    return true
  }

  private mutating func send(at instant: Timestamp) {
    guard !directives.isEmpty else { return }
    for directive in directives { matcher.send(directive, at: instant) }
    directives.removeAll(keepingCapacity: true)
  }

  /// Replays bars and the payments of funding between them; `observe` sees the session after each
  /// bar.
  ///
  /// A payment at the instant at which a bar begins, or stamped within a second of it, comes before
  /// it; one within a bar behind it (``FundingPayment/turn(among:)``).
  package mutating func replay(
    _ series: BarSeries, funding: ArraySlice<FundingPayment> = [],
    observe: (TradingSession) -> Void = { _ in }
  ) {
    var payment = funding.startIndex
    for place in 0..<series.count {
      let bar = series[place]
      while payment < funding.endIndex, funding[payment].turn(among: series.span) <= bar.openTime {
        receive(.funding(funding[payment]))
        payment += 1
      }
      receive(.bar(bar, span: series.span))
      observe(self)
    }
  }
}
