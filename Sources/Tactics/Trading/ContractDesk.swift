import Essentials
import Markets
import Mathematics
package import Models

/// All that is kept of one contract: where the desk stands, its orders, and what it remembers.
package struct ContractDesk: Hashable, Sendable {
  package internal(set) var state = DeskState.flat
  /// The orders that are not over, as far as was heard, in the order in which they were sent.
  package internal(set) var orders: [DeskOrder] = []
  /// The latest reading; nil before the first.
  package internal(set) var reading: MarketReading?
  /// What the latest reading said that decisions about other contracts need, which is kept where the
  /// reading itself is not.
  var sight: Sight?
  /// Through which time nothing is wanted of the contract, and why; nil while something is.
  package internal(set) var waiting: WaitingSpell?
  var funding: FundingForecast
  var rejects = BalanceRejects()
  /// Refusals for want of balance since the last fill.
  var refusalsInARow = 0
  var floorCounter = FloorCounter()
  var exits: [SymbolQuality.Exit] = []
  var refusals: [SymbolQuality.Refusal] = []
  /// The side that is entered as a flip, and until when.
  var turn: Turn?
  /// Which of the orders closed something last.
  var closedBy: DeskOrder.Role?
  var isLiquidated = false
  /// The last joint simulation that refused an entry.
  var refusedJointly: JointRefusal?
  /// When something was first read.
  var firstSeenAt: Timestamp?
  var past: ReturnHistory

  /// A price and what was believed of it.
  struct Sight: Hashable, Sendable {
    var price: Double
    var annualDrift: Double
    var annualVolatility: Double
  }

  /// A side that is wanted once the other is closed.
  struct Turn: Hashable, Sendable {
    var side: PositionSide
    var until: Timestamp
  }

  /// What a joint simulation said, and when.
  struct JointRefusal: Hashable, Sendable {
    var side: PositionSide
    var at: Timestamp
    var outlook: PortfolioOutlook
  }

  init(_ contract: PerpetualContract, under settings: OutlookSettings) {
    funding = FundingForecast(contract.funding)
    past = ReturnHistory(
      length: settings.law.kind == .bootstrap ? settings.law.bootstrapSteps : 0,
      step: settings.horizons.step)
  }

  /// Whether an order with a role stands.
  func stands(_ role: DeskOrder.Role) -> Bool { orders.contains { $0.role == role } }

  /// Takes in what became of an order; false where it is not one of the desk's that stand.
  mutating func hear(_ report: OrderReport, keeping rows: Int) -> Bool {
    guard let place = orders.firstIndex(where: { $0.number == report.number }) else {
      return false
    }
    orders[place].state = report.state
    let order = orders[place]
    if report.state.isOver { orders.remove(at: place) }
    if report.end == .liquidation { isLiquidated = true }
    guard order.role.opens else {
      if report.filled > .zero { closedBy = order.role }
      return true
    }
    if report.filled > .zero {
      rejects.accept()
      refusalsInARow = 0
      if order.role == .addition { state.add(report.filled) }
    }
    if let end = report.end, end != .bySender, end != .liquidation, end != .notAtOnce {
      let wantsBalance = end == .insufficientMargin
      if wantsBalance {
        rejects.reject(at: report.instant)
        refusalsInARow += 1
      }
      refusals.append(SymbolQuality.Refusal(at: report.instant, wantsBalance: wantsBalance))
      if refusals.count > 2 * rows { refusals.removeFirst(refusals.count - rows) }
    }
    guard case .entering(var entering) = state, entering.order == report.number else {
      return true
    }
    if report.filled > .zero {
      entering.filled = entering.filled + report.filled
      entering.filledAt = entering.filledAt ?? report.instant
    }
    entering.end = report.end ?? entering.end
    state = .entering(entering)
    return true
  }

  /// Keeps the result of a trade.
  mutating func keep(_ exit: SymbolQuality.Exit, rows: Int) {
    exits.append(exit)
    if exits.count > 2 * rows { exits.removeFirst(exits.count - rows) }
  }
}

/// The latest log returns of a market, one a step; a step that was missed begins it anew.
struct ReturnHistory: Hashable, Sendable {
  private let length: Int
  private let step: TimeSpan
  private var ring: [Double] = []
  private var next = 0
  private var last: (price: Double, at: Timestamp)?

  init(length: Int, step: TimeSpan) {
    self.length = length
    self.step = step
  }

  static func == (left: Self, right: Self) -> Bool {
    left.returns == right.returns && left.last?.at == right.last?.at
      && left.last?.price == right.last?.price
  }

  func hash(into hasher: inout Hasher) { hasher.combine(returns) }

  mutating func observe(_ price: Double, at now: Timestamp) {
    guard length > 0, price > 0 else { return }
    guard let before = last else {
      last = (price, now)
      return
    }
    guard now - before.at >= step else { return }
    last = (price, now)
    guard (now - before.at).milliseconds < 2 * step.milliseconds else {
      ring = []
      next = 0
      return
    }
    let value = Elementary.log(price / before.price)
    if ring.count < length {
      ring.append(value)
    } else {
      ring[next] = value
      next = (next + 1) % length
    }
  }

  /// From the oldest.
  var returns: [Double] { Array(ring[next...] + ring[..<next]) }
}
