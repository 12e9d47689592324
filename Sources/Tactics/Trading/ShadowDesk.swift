package import Essentials
package import Markets
package import Models

/// A position that another desk has entered and that is followed under other exits, as if nothing else
/// had changed.
package struct ShadowPosition: Sendable {
  package let contract: ContractID
  /// The number of the decision that entered it.
  package let decision: UInt64
  /// The number of the order that entered it, which the desk that it shadows has given.
  package let entryOrder: OrderNumber
  /// Whether prices rose, fell, wandered or reverted when it was entered.
  package let regime: TacticalRegime
  /// Why it was closed; nil before.
  package internal(set) var exitReason: String?
  var desk: ContractDesk

  /// Whether nothing is held or ordered any more.
  package var isOver: Bool { desk.state == .flat }

  /// Learns what became of one of its orders.
  package mutating func hear(_ report: OrderReport) { _ = desk.hear(report, keeping: 1) }
}

/// Prospects that shadows of one decision share.
package struct SharedProspects: Sendable {
  fileprivate struct Entry {
    let place: Int
    let quantity: Quantity
    let prospect: Prospect?
  }

  fileprivate var entries: [Entry] = []

  /// None yet; a collection serves one decision.
  package init() {}
}

/// Asks exits of other settings about positions that another desk has entered.
///
/// 1. A shadow is entered by the very order that the desk sent, with its stop and target, and goes
///    through the same states by the same code. Its account and its orders are its own.
/// 2. It is judged at the instants at which the desk decides, by the desk's readings, funding and number
///    of the decision, so chance is the same too. What is asked of the account as a whole, such as how
///    much may be held, is asked of the desk's.
/// 3. Safety mode closes it when the desk closes all; it makes way for another symbol when the desk's
///    own position does, if its exits allow that.
/// 4. It enters nothing: where exits turn to the other side it is closed, and that is all.
///
/// Under the desk's own exits a shadow is closed at the same instant and price as the position.
package struct ShadowDesk: Sendable {
  private var desk: PortfolioDesk

  /// A desk beside another one of the same contracts, seed and settings, but for the exits.
  package init(beside other: PortfolioDesk, exits: ExitSettings) {
    desk = PortfolioDesk(
      other.contracts, configuration: other.configuration.replacing(exits), seed: other.seed)
  }

  /// The shadow of what a desk has ordered at an instant; nil where it ordered no entry then.
  package static func entered(
    _ contract: ContractID, by other: PortfolioDesk, at now: Timestamp, on account: PerpetualAccount
  ) -> ShadowPosition? {
    var desk = other.desks[contract.place]
    guard case .entering(var entering) = desk.state, entering.trade.decidedAt == now,
      let reading = desk.reading
    else { return nil }
    entering.ledger = TradeLedger(of: contract, in: account)
    desk.state = .entering(entering)
    return ShadowPosition(
      contract: contract, decision: entering.trade.decision, entryOrder: entering.order,
      regime: MarketState(reading, slippage: 0).regime, desk: desk)
  }

  /// Asks a shadow's exits behind a decision of the desk that it shadows.
  ///
  /// - Parameters:
  ///   - reading: what that decision read of the contract; nil where it read nothing.
  ///   - account: the shadow's own.
  package mutating func decide(
    _ position: inout ShadowPosition, at now: Timestamp, beside other: PortfolioDesk,
    reading: MarketReading?, sharing prospects: inout SharedProspects, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    let place = position.contract.place
    swap(&desk.desks[place], &position.desk)
    defer { swap(&desk.desks[place], &position.desk) }
    desk.desks[place].funding = other.desks[place].funding
    desk.desks[place].past = other.desks[place].past
    desk.desks[place].rejects = other.desks[place].rejects
    desk.decisions = other.decisions
    // Venues take rising numbers only, and the entry has one of the other desk's.
    desk.orders = max(desk.orders, other.orders)
    desk.mode = other.mode
    desk.settle(place, at: now, account, &directives)
    if other.lastDecision == now {
      judge(place, position.decision, reading, at: now, other, &prospects, account, &directives)
    }
    for record in desk.takeRecords() where record.kind == .closed {
      position.exitReason = record.reason
    }
  }

  private mutating func judge(
    _ place: Int, _ decision: UInt64, _ reading: MarketReading?, at now: Timestamp,
    _ other: PortfolioDesk, _ prospects: inout SharedProspects, _ account: PerpetualAccount,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard case .holding(let holding) = desk.desks[place].state else { return }
    if case .safety = other.mode {
      desk.leave(place, holding, reason: PortfolioDesk.killReason, at: now, &directives)
      return
    }
    if let reading, var books = other.lastBooks {
      desk.desks[place].reading = reading
      let worth =
        holding.quantity.units(of: desk.contracts[place].rules.lot) * reading.price
      // What the account holds beside this position.
      if other.heldDecision(place) != decision { books.openNotional += worth }
      let prospect = prospect(place, holding, reading, worth: worth, at: now, &prospects)
      // A shadow is never added to: its quantity is the entry's.
      _ = desk.review(
        place, holding, reading, at: now, account, books, &directives, known: .some(prospect))
    }
    guard desk.settings.exit.switching.isEnabled, other.heldDecision(place) == decision,
      case .leaving(_, let leaving) = other.desks[place].state,
      SwitchExit.isReason(leaving.reason),
      case .holding(let kept) = desk.desks[place].state
    else { return }
    desk.leave(place, kept, reason: leaving.reason, at: now, &directives)
  }

  private func prospect(
    _ place: Int, _ holding: DeskState.Holding, _ reading: MarketReading, worth: Double,
    at now: Timestamp, _ shared: inout SharedProspects
  ) -> Prospect? {
    if let known = shared.entries.first(where: {
      $0.place == place && $0.quantity == holding.quantity
    }) {
      return known.prospect
    }
    let made = desk.maker.closedForm(desk.circumstances(place, reading, at: now, worth: worth))
    shared.entries.append(
      SharedProspects.Entry(place: place, quantity: holding.quantity, prospect: made))
    return made
  }
}

extension PortfolioDesk {
  /// The decision that entered what is held of a contract; nil where nothing is.
  fileprivate func heldDecision(_ place: Int) -> UInt64? {
    switch desks[place].state {
    case .holding(let holding), .leaving(let holding, _): holding.trade.decision
    case .flat, .entering, .unknown: nil
    }
  }
}
