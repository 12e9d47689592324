package import Essentials
package import Markets

/// An order of a position transition, and when it may be sent.
package struct TransitionOrder: Hashable, Sendable {
  package let order: BrokerOrder
  /// Not to be sent before this instant.
  package let notBefore: Timestamp
  /// The order that must have ended before this one is sent, nil where it need not wait.
  package let waitsFor: ClientOrderID?

  package init(order: BrokerOrder, notBefore: Timestamp, waitsFor: ClientOrderID? = nil) {
    self.order = order
    self.notBefore = notBefore
    self.waitsFor = waitsFor
  }
}

/// What an instance holds of a symbol when its transition is planned.
package struct TransitionHolding: Hashable, Sendable {
  package let symbol: String
  /// Lots held on paper, negative where short.
  package let paper: Quantity
  /// Lots held by the account for the instance, negative where short.
  package let real: Quantity
  /// Lots that the instance is to hold with money after a promotion: what it holds on paper at the
  /// weight it gets.
  package let target: Quantity

  /// A holding whose target is what is held on paper, unless another is given.
  package init(symbol: String, paper: Quantity, real: Quantity, target: Quantity? = nil) {
    self.symbol = symbol
    self.paper = paper
    self.real = real
    self.target = target ?? paper
  }
}

/// The orders by which a cutover's run moves the positions of one instance, in their order.
///
/// A plan is a function of its arguments, client ids included: planned again after an interruption,
/// it names the same orders, and none is sent twice. All are market orders. Symbols come in their
/// own order, whatever order they were given in.
package struct TransitionPlan: Hashable, Sendable {
  /// Orders for the paper venue, which close what is held there.
  package let paper: [TransitionOrder]
  /// Orders for the live venue, with the ids `run:instance:transition:0` and so on.
  package let live: [TransitionOrder]
  /// What the account holds for the instance and nobody trades any more.
  package let orphans: [InstancePosition]

  /// Plans the promotion of an instance by a run at an instant.
  package init(
    promoting instance: String, run: String, with transition: PromotionTransition,
    holdings: [TransitionHolding], at instant: Timestamp
  ) {
    var draft = TransitionDraft(instance: instance, run: run, instant: instant)
    for holding in holdings.sorted(by: { $0.symbol < $1.symbol }) {
      draft.closePaper(holding)
      switch transition {
      case .none: break
      case .mirror: draft.trade(holding.target - holding.real, of: holding.symbol)
      case .closeAndReopen:
        let closing = draft.trade(-holding.real, of: holding.symbol, isReduceOnly: true)
        draft.trade(holding.target, of: holding.symbol, waitingFor: closing)
      }
    }
    paper = draft.paper
    live = draft.live
    orphans = []
  }

  /// Plans the demotion of an instance by a run at an instant.
  package init(
    demoting instance: String, run: String, with transition: DemotionTransition,
    holdings: [TransitionHolding], at instant: Timestamp
  ) {
    var draft = TransitionDraft(instance: instance, run: run, instant: instant)
    var orphans: [InstancePosition] = []
    for holding in holdings.sorted(by: { $0.symbol < $1.symbol }) {
      draft.closePaper(holding)
      guard holding.real != .zero else { continue }
      switch transition {
      case .none:
        orphans.append(
          InstancePosition(instance: instance, symbol: holding.symbol, quantity: holding.real))
      case .market: draft.trade(-holding.real, of: holding.symbol, isReduceOnly: true)
      case .twap(let schedule):
        for part in schedule.parts(of: holding.real.magnitude) {
          let change = holding.real > .zero ? -part.quantity : part.quantity
          draft.trade(change, of: holding.symbol, isReduceOnly: true, after: part.after)
        }
      }
    }
    paper = draft.paper
    live = draft.live
    self.orphans = orphans
  }
}

/// The orders of a plan while it is made, numbered as they come.
private struct TransitionDraft {
  let instance: String
  let run: String
  let instant: Timestamp
  var paper: [TransitionOrder] = []
  var live: [TransitionOrder] = []

  mutating func closePaper(_ holding: TransitionHolding) {
    let id = ClientOrderID(run: run, instance: instance, paperClosing: paper.count)
    guard
      let order = order(id, change: -holding.paper, of: holding.symbol, isReduceOnly: true)
    else { return }
    paper.append(TransitionOrder(order: order, notBefore: instant))
  }

  /// Adds an order for the live venue that changes a position, and returns its id; nil and nothing
  /// where there is no change.
  @discardableResult
  mutating func trade(
    _ change: Quantity, of symbol: String, isReduceOnly: Bool = false, after: TimeSpan = .zero,
    waitingFor previous: ClientOrderID? = nil
  ) -> ClientOrderID? {
    let id = ClientOrderID(run: run, instance: instance, transition: live.count)
    guard let order = order(id, change: change, of: symbol, isReduceOnly: isReduceOnly) else {
      return nil
    }
    live.append(
      TransitionOrder(order: order, notBefore: instant + after, waitsFor: previous))
    return id
  }

  private func order(
    _ id: ClientOrderID, change: Quantity, of symbol: String, isReduceOnly: Bool
  ) -> BrokerOrder? {
    change.side.map {
      BrokerOrder(
        clientID: id, instance: instance, symbol: symbol, side: $0, quantity: change.magnitude,
        isReduceOnly: isReduceOnly)
    }
  }
}
