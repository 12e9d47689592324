import Essentials
import Execution
import Markets
import Synchronization
import Worlds

/// The venues of a replay: one for what is traded on paper, and one that stands for money. Both are
/// fed with the rows of history.
final class ReplayStage: CutoverVenues, WorldAccount {
  let paper: PaperBroker
  /// What plays the live venue.
  let stage: PaperBroker
  let live: RehearsalVenue
  private let lot: LotSize
  private let memory = Mutex(Memory())

  private struct Memory {
    var session: CalendarDate?
    var sessionOpen = Double.nan
    var sessionPeak = Double.nan
    var equity = Double.nan
    var leverage = 1.0
    var flattening: Flattening?
    var paperCursor = FillCursor.start
    var liveCursor = FillCursor.start
  }

  /// What is still to be closed, in so many slices.
  struct Flattening: Hashable, Sendable {
    var slices: Int
  }

  init(_ plan: ReplayPlan, instancesMax: Int) {
    lot = plan.lot
    let pool = Money(
      micros: min(plan.capital.micros * Int64(max(1, instancesMax)), Money.largest.micros))
    paper = PaperBroker(
      PaperConfiguration(
        venue: "paper", account: "paper", balance: pool, otherLots: plan.lot, reduceOnly: .cut,
        fee: plan.fee))
    stage = PaperBroker(
      PaperConfiguration(
        venue: "rehearsal", account: "rehearsal", balance: plan.capital, otherLots: plan.lot,
        reduceOnly: .cut, fee: plan.fee))
    live = RehearsalVenue(playedBy: stage)
    memory.withLock {
      $0.equity = plan.capital.value
      $0.sessionOpen = plan.capital.value
      $0.sessionPeak = plan.capital.value
    }
  }

  // MARK: - Venues and account

  func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)? { live }

  func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)? { paper }

  /// The same share of the account that the instance has of its paper account.
  func mirrored(
    _ paper: Quantity, of symbol: String, instance: String, weight: Double, in world: String
  ) -> Quantity {
    guard let own = try? self.paper.equity(of: instance).equity.value, own > 0 else { return .zero }
    return paper.scaled(by: weight * equity / own) ?? .zero
  }

  var equity: Double { memory.withLock { $0.equity } }

  func portfolio(of world: String, asOf instant: Timestamp) -> WorldSnapshot.Portfolio {
    let gross = grossExposure
    return memory.withLock { memory in
      WorldSnapshot.Portfolio(
        equity: memory.equity, sessionOpen: memory.sessionOpen, sessionPeak: memory.sessionPeak,
        marginUsed: gross / (memory.equity * memory.leverage))
    }
  }

  private var grossExposure: Double {
    guard let positions = try? stage.positions() else { return .nan }
    let marks = stage.marks
    return positions.venue.reduce(0) { sum, position in
      sum
        + (marks[position.symbol].map { $0.value * position.quantity.units(of: lot) }
        ?? .nan).magnitude
    }
  }

  /// What a unit of equity may carry.
  func set(leverage: Double) {
    memory.withLock { $0.leverage = max(leverage, 1) }
  }

  func flatten(_ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp) {
    let slices: Int
    switch flattening {
    case .market: slices = 1
    case .twap(let over): slices = max(1, Int(over.milliseconds / Self.slice.milliseconds))
    }
    memory.withLock { $0.flattening = Flattening(slices: slices) }
  }

  /// A row of a replay takes at least so long, and one slice is sent with each.
  private static let slice = TimeSpan.hours(1)

  /// What is to be closed with this row: the share of what is held, nil for nothing.
  func takeFlatteningShare() -> Double? {
    memory.withLock { memory in
      guard let flattening = memory.flattening else { return nil }
      memory.flattening = flattening.slices > 1 ? Flattening(slices: flattening.slices - 1) : nil
      return 1 / Double(flattening.slices)
    }
  }

  // MARK: - Rows

  /// Plays the rows of one instant: orders that wait are filled, and everything is worth its close.
  ///
  /// - Returns: what the account shows, beginning a session where a new day has begun.
  func advance(
    to instant: Timestamp, bars: [MarketBar]
  ) throws -> [RiskCuts.Observation] {
    _ = try paper.advance(to: instant, bars: bars)
    _ = try stage.advance(to: instant, bars: bars)
    let equity = try stage.equity(of: nil).equity.value
    let open = try stage.openOrders(of: nil).count
    let day = (instant - TimeSpan(milliseconds: 1)).date
    return memory.withLock { memory in
      var observations: [RiskCuts.Observation] = []
      if memory.session != day {
        memory.session = day
        memory.sessionOpen = memory.equity
        memory.sessionPeak = memory.equity
        observations.append(.session(equity: memory.equity))
      }
      memory.equity = equity
      memory.sessionPeak = max(memory.sessionPeak, equity)
      return observations + [.equity(equity), .fillStream, .openOrders(open)]
    }
  }

  /// The fills since the last question, of both venues.
  func takeFills() throws -> [PaperFill] {
    let (paperCursor, liveCursor) = memory.withLock { ($0.paperCursor, $0.liveCursor) }
    let onPaper = try paper.fills(after: paperCursor)
    let live = try stage.fills(after: liveCursor)
    memory.withLock { memory in
      if let last = onPaper.last { memory.paperCursor = FillCursor(sequence: last.sequence) }
      if let last = live.last { memory.liveCursor = FillCursor(sequence: last.sequence) }
    }
    return onPaper.map { recorded($0, account: "paper") }
      + live.map { recorded($0, account: "live") }
  }

  private func recorded(_ fill: Fill, account: String) -> PaperFill {
    PaperFill(
      instance: fill.instance, account: account, order: fill.venueOrderID,
      number: Int(fill.sequence), symbol: fill.symbol,
      lots: Double(fill.change.lots) * lot.value, price: fill.price.value, fee: fill.fee.value)
  }

  /// Lots that are worth a share of an equity at the latest close; nil without a price.
  func lots(worth share: Double, of equity: Double, symbol: String) -> Int? {
    guard let price = paper.marks[symbol] ?? stage.marks[symbol], share.isFinite,
      equity.isFinite
    else { return nil }
    let lots = (share * equity / (price.value * lot.value)).rounded(.towardZero)
    return lots.magnitude < Double(Quantity.largest.lots) ? Int(lots) : nil
  }
}
