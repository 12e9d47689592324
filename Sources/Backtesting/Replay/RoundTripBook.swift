package import Essentials
package import Markets

/// Folds fills, funding and liquidations of an account into round trips, contract by contract.
///
/// 1. A round trip begins with a fill of a contract of which nothing is held and ends when nothing is
///    held again. A fill that turns a position is reported as two, which end one and begin the next.
/// 2. The profits, fees and funding of all round trips of a contract, those that are open included, add
///    up to what the account's books have of it, to the hundred-millionth.
/// 3. A bar shows its high and low to a position that was held when the bar began, or was opened at its
///    beginning, and that the bar has left standing. To a position that was opened within it a bar
///    shows its close alone, as it does not say what was traded before.
package struct RoundTripBook: Sendable {
  /// What was closed, in the order of closing.
  package private(set) var closed: [RoundTrip] = []
  /// How many positions are held.
  package private(set) var openCount = 0

  private let contracts: [PerpetualContract]
  private var open: ContiguousArray<OpenTrip?>
  /// What the books had realized of each contract when it was last known.
  private var realized: ContiguousArray<CoinAmount>
  private var fees: ContiguousArray<CoinAmount>
  private var funding: ContiguousArray<CoinAmount>

  /// A book of what an account does from here on. It must hold nothing, as what was held before has
  /// no beginning.
  package init(_ account: PerpetualAccount) {
    contracts = account.contracts
    open = ContiguousArray(repeating: nil, count: contracts.count)
    let all = contracts.indices.map(ContractID.init)
    realized = ContiguousArray(all.map { account.realized(of: $0) })
    fees = ContiguousArray(all.map { account.fees(of: $0) })
    funding = ContiguousArray(all.map { account.funding(of: $0) })
  }

  /// Whether a position of a contract is held.
  package func isOpen(_ contract: ContractID) -> Bool { open[contract.place] != nil }

  /// Takes in what became of an order, with the leverage of positions that it opens.
  package mutating func observe(
    _ report: OrderReport, of contract: ContractID, leverage: Leverage
  ) {
    guard let price = report.price else { return }
    let place = contract.place
    if open[place] == nil {
      open[place] = OpenTrip(report, price, leverage)
      openCount += 1
    }
    realized[place] = realized[place] + report.profit
    fees[place] = fees[place] + report.fee
    guard open[place]?.take(report, price, contracts[place]) == true else { return }
    close(place, by: report.number, at: report.instant, .order)
  }

  /// Takes in an event, behind its reports, with the account as it left it.
  package mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    let place = contract.place
    guard open[place] != nil else { return }
    if case .funding = event {
      let known = account.funding(of: contract)
      let paid = known - funding[place]
      funding[place] = known
      open[place]?.receive(funding: paid)
    }
    settle(contract, account, at: event.instant)
    switch event {
    case .bar(let bar, _): open[place]?.see(bar)
    case .trade(let trade): open[place]?.see(trade.price)
    case .mark(let reference): open[place]?.see(reference.mark.value)
    case .funding: break
    }
  }

  /// Takes in the account behind a new state of a contract's book.
  package mutating func observe(
    bookOf contract: ContractID, account: PerpetualAccount, at instant: Timestamp
  ) {
    guard open[contract.place] != nil else { return }
    settle(contract, account, at: instant)
    if let mark = account.mark(of: contract) { open[contract.place]?.see(mark.value) }
  }

  /// Closes what was liquidated: what was held and no order closed, all of it or a part.
  package mutating func settle(
    _ contract: ContractID, _ account: PerpetualAccount, at instant: Timestamp
  ) {
    let place = contract.place
    guard let held = open[place]?.held else { return }
    let left = account.position(of: contract)?.quantity.magnitude.lots ?? 0
    guard left < held else { return }
    let known = account.realized(of: contract)
    let paid = account.fees(of: contract)
    open[place]?.liquidate(
      held - left, for: known - realized[place], fees: paid - fees[place])
    realized[place] = known
    fees[place] = paid
    if left == 0 { close(place, by: nil, at: instant, .liquidation) }
  }

  /// What is held, as if it were closed at its mark at an instant and for nothing, by contract.
  package func standing(_ account: PerpetualAccount, at instant: Timestamp) -> [RoundTrip] {
    open.indices.compactMap { place in
      let contract = ContractID(place: place)
      guard var trip = open[place], let position = account.position(of: contract) else {
        return nil
      }
      let lot = contracts[place].rules.lot
      let mark = account.mark(of: contract)
      let profit = mark.flatMap { position.unrealized(at: $0, lot: lot) } ?? .zero
      trip.gross = trip.gross + profit
      return trip.ended(
        contract, contracts[place], .open, by: nil, at: instant,
        price: mark?.value ?? position.entryPrice(lot: lot))
    }
  }

  private mutating func close(
    _ place: Int, by order: OrderNumber?, at instant: Timestamp, _ end: RoundTrip.End
  ) {
    guard let trip = open[place] else { return }
    open[place] = nil
    openCount -= 1
    closed.append(
      trip.ended(
        ContractID(place: place), contracts[place], end, by: order, at: instant, price: nil))
  }
}

/// A round trip that has not ended.
private struct OpenTrip: Sendable {
  let side: PositionSide
  let openedAt: Timestamp
  let entryOrder: OrderNumber
  let leverage: Leverage
  /// Lots held and the most that were, without sign.
  var held: Int64 = 0
  var most: Int64 = 0
  /// What was opened, and what it was worth, without sign.
  var opened: Int64 = 0
  var openedWorth = CoinAmount.zero
  /// The same of what was closed.
  var closed: Int64 = 0
  var closedWorth = CoinAmount.zero
  var gross = CoinAmount.zero
  var fees = CoinAmount.zero
  var funding = CoinAmount.zero
  var fills = 0
  var highest: Double
  var lowest: Double

  init(_ report: OrderReport, _ price: Price, _ leverage: Leverage) {
    side = report.side == .buy ? .long : .short
    openedAt = report.instant
    entryOrder = report.number
    self.leverage = leverage
    highest = price.value
    lowest = price.value
  }

  /// Takes in a fill, and says whether nothing is left.
  mutating func take(
    _ report: OrderReport, _ price: Price, _ contract: PerpetualContract
  ) -> Bool {
    let worth = contract.worth(of: report.filled, at: price)?.magnitude ?? .zero
    fills += 1
    fees = fees + report.fee
    gross = gross + report.profit
    see(price.value)
    guard report.side == side.closing else {
      held += report.filled.lots
      most = max(most, held)
      opened += report.filled.lots
      openedWorth = openedWorth + worth
      return false
    }
    held -= report.filled.lots
    closed += report.filled.lots
    closedWorth = closedWorth + worth
    return held <= 0
  }

  mutating func receive(funding paid: CoinAmount) {
    funding = funding + paid
  }

  /// Closes lots for a profit.
  mutating func liquidate(
    _ lots: Int64, for profit: CoinAmount, fees paid: CoinAmount
  ) {
    gross = gross + profit
    fees = fees + paid
    closed += lots
    held -= lots
    guard held == 0 else {
      // What the lots cost, at the mean price of all, and what was gained or lost on it.
      let cost = CoinAmount(
        atoms: Int64(Int128(openedWorth.atoms) * Int128(lots) / Int128(max(1, opened))))
      closedWorth = closedWorth + (side == .long ? cost + profit : cost - profit)
      return
    }
    // Profit is what closing was worth less what opening was, or the other way round for the short.
    closedWorth = side == .long ? openedWorth + gross : openedWorth - gross
  }

  mutating func see(_ price: Double) {
    highest = max(highest, price)
    lowest = min(lowest, price)
  }

  mutating func see(_ bar: Bar) {
    guard openedAt <= bar.openTime else {
      see(bar.close)
      return
    }
    highest = max(highest, bar.high)
    lowest = min(lowest, bar.low)
  }

  func ended(
    _ id: ContractID, _ contract: PerpetualContract, _ end: RoundTrip.End, by order: OrderNumber?,
    at instant: Timestamp, price: Double?
  ) -> RoundTrip {
    let lot = contract.rules.lot
    let entry = openedWorth.value / Quantity(lots: opened).units(of: lot)
    let exit = price ?? closedWorth.value / Quantity(lots: closed).units(of: lot)
    let rise = highest / entry - 1
    let fall = lowest / entry - 1
    return RoundTrip(
      contract: id, symbol: contract.symbol, side: side, openedAt: openedAt, closedAt: instant,
      entryOrder: entryOrder, exitOrder: order, end: end, quantity: Quantity(lots: most),
      entryPrice: entry, exitPrice: exit, leverage: leverage, worth: openedWorth, gross: gross,
      fees: fees, funding: funding, bestReturn: max(0, side == .long ? rise : -fall),
      worstReturn: min(0, side == .long ? fall : -rise), fills: fills)
  }
}
