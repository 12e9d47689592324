package import Essentials
package import Execution
import Markets
import Synchronization
package import Worlds

/// The one through whom all orders of a world leave for money in this process.
///
/// It holds the world's gates and judges every order by them. There is no other way: whoever wants to
/// order is given ``GatedOrders`` by the desk.
///
/// 1. What the gates refuse is not sent; what cannot be judged is refused.
/// 2. A client id has one answer for ever: asked again, the first one is given and nothing is sent.
/// 3. An order that got no answer is sent again as it was, never larger and never through a gate that
///    has closed since.
/// 4. An epoch is acknowledged when no order is on its way through a gate that it closed.
///
/// Judging takes no lock and well below a microsecond.
package final class OrderDesk: GateHolder {
  package let name: String
  package let world: String
  private let excess: ReductionExcess
  private let now: @Sendable () -> Timestamp
  private let state: Mutex<State>
  private let leaseFrom = Atomic<Int64>(0)
  private let leaseUntil = Atomic<Int64>(0)
  private let curb = Atomic<Int>(0)

  fileprivate struct State {
    var table: GateTable
    var cells: [GateKey: GateCell] = [:]
    var orders: [ClientOrderID: Entry] = [:]
    /// Those of them that left and got no answer.
    var pending: Set<ClientOrderID> = []
    /// Client ids in the order in which they came, of which the first are forgotten first.
    var history: [ClientOrderID] = []
    var notes: [WouldBeOrder] = []
    var refusals: [GateRefusal: Int] = [:]
  }

  /// What is known of an order that was given to the desk.
  fileprivate struct Entry {
    /// The order as it leaves, nil where it never does.
    var order: BrokerOrder?
    /// Nil as long as nobody has answered.
    var answer: GatedAnswer?
  }

  /// Answers that are remembered; brokers remember older ones.
  private static let ordersMax = 65_536
  /// Would-be orders that are kept until somebody takes them.
  private static let notesMax = 10_000

  /// A desk whose gates are all closed until the world speaks.
  ///
  /// - Parameters:
  ///   - name: a name that no other holder of the world has.
  ///   - leaseLength: how long a word of the world is trusted.
  package init(
    name: String, world: String, leaseLength: TimeSpan, excess: ReductionExcess = .refuse,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.name = name
    self.world = world
    self.excess = excess
    self.now = now
    state = Mutex(
      State(table: GateTable(world: world, leaseLength: leaseLength, excess: excess)))
  }

  // MARK: - Gates

  /// Takes what the world says; orders that are judged from now on are judged by it.
  package func take(_ notice: GateNotice) -> GateTable.Receipt {
    state.withLock { state in
      let receipt = state.table.apply(notice)
      publish(state)
      return receipt
    }
  }

  /// Trusts its gates for another lease, as far as the mode of the world lets it.
  package func renew(_ renewal: GateRenewal) -> GateTable.Receipt {
    state.withLock { state in
      let receipt = state.table.renew(renewal)
      publish(state)
      return receipt
    }
  }

  /// What it has taken. It acknowledges nothing while an order is on its way through a gate that is
  /// not open any more.
  package func report() -> HolderReport? {
    state.withLock { state in
      let isBusy = state.cells.values.contains { cell in
        cell.underWay.load(ordering: .sequentiallyConsistent) > 0
          && !(state.table[cell.key]?.state.isOpen ?? false)
      }
      return HolderReport(
        name: name, acknowledged: isBusy ? nil : state.table.acknowledged,
        leaseUntil: state.table.lease.until)
    }
  }

  /// What the desk knows of the gates, for those who show it.
  package var table: GateTable { state.withLock { $0.table } }

  /// The orders that would have been sent since the last time they were taken, at most 10,000.
  package func takeNotes() -> [WouldBeOrder] {
    state.withLock { state in
      defer { state.notes = [] }
      return state.notes
    }
  }

  /// How often each refusal was given.
  package var refusals: [GateRefusal: Int] { state.withLock { $0.refusals } }

  /// The ids of orders that got no answer, by instance.
  package var unanswered: [String: [ClientOrderID]] {
    state.withLock { state in
      Dictionary(grouping: state.pending.sorted()) { state.orders[$0]?.order?.instance ?? "" }
    }
  }

  /// Writes what the table says where it is read without a lock. Gates come before the lease and are
  /// read after it, so that no gate is read under a lease that came after it.
  private func publish(_ state: State) {
    for (key, cell) in state.cells {
      let gate = state.table[key]
      cell.write(gate?.state ?? .closed, epoch: gate?.epoch ?? state.table.epoch)
    }
    curb.store(Self.code(state.table.curb), ordering: .sequentiallyConsistent)
    let lease = state.table.lease
    leaseFrom.store(lease.from.millisecondsSinceEpoch, ordering: .sequentiallyConsistent)
    leaseUntil.store(lease.until.millisecondsSinceEpoch, ordering: .sequentiallyConsistent)
  }

  private func cell(_ key: GateKey) -> GateCell {
    state.withLock { state in
      if let cell = state.cells[key] { return cell }
      let cell = GateCell(world: world, key: key)
      let gate = state.table[key]
      cell.write(gate?.state ?? .closed, epoch: gate?.epoch ?? state.table.epoch)
      state.cells[key] = cell
      return cell
    }
  }

  // MARK: - Orders

  /// The way of an instance's orders to money. Its position is asked for each order that may only
  /// make it smaller; where nobody can say it, such an order is refused.
  package func orders(
    of instance: String, side: TradingSide?, to broker: any Broker<LiveAuthority>,
    position: @escaping @Sendable (_ symbol: String) throws -> Int
  ) -> GatedOrders {
    GatedOrders(
      desk: self, cell: side.map { cell(GateKey(instance, $0)) }, side: side,
      path: OrderPath(of: instance, to: broker), position: position)
  }

  /// Judges and sends an order.
  func send(
    _ ticket: OrderTicket, through orders: GatedOrders
  ) throws(BrokerFailure) -> GatedAnswer {
    guard let cell = orders.cell else { return refuse(.sideMissing) }
    // Raised before the gate is read; see the third rule of the cell.
    cell.underWay.add(1, ordering: .sequentiallyConsistent)
    defer { cell.underWay.subtract(1, ordering: .sequentiallyConsistent) }
    if let known = answer(to: ticket.id) { return known }
    let instance = orders.path.instance
    let position: Int?
    if ticket.isReducing || mayOnlyReduce(cell) {
      guard let held = try? orders.position(ticket.symbol) else { return refuse(.gateError) }
      position = held
    } else {
      position = nil
    }
    let verdict = judge(
      OrderFacts(
        world: world, instance: instance, side: orders.side, lots: ticket.lots,
        position: position, isReducing: ticket.isReducing), at: cell)
    if case .allowed(let lots) = verdict {
      return try submit(ticket, lots: lots, isReduceOnly: ticket.isReducing, orders.path)
    }
    // It may be at the venue, and it goes there no more.
    if isUnanswered(ticket.id) {
      return .known(try orders.path.broker.status(of: ticket.id))
    }
    switch verdict {
    case .noted(let lots):
      let order = WouldBeOrder(ticket: ticket, instance: instance, lots: lots, at: now())
      state.withLock { if $0.notes.count < Self.notesMax { $0.notes.append(order) } }
      return remember(.noted(lots: lots), for: ticket.id)
    case .refused(let refusal): return remember(refuse(refusal), for: ticket.id)
    case .allowed: return refuse(.gateError)
    }
  }

  /// Sends an order that carries a position over, as its permit allows.
  func send(
    _ order: CutoverOrder, under permit: TransitionPermit, through orders: GatedOrders
  ) throws(BrokerFailure) -> GatedAnswer {
    guard let cell = orders.cell else { return refuse(.sideMissing) }
    cell.underWay.add(1, ordering: .sequentiallyConsistent)
    defer { cell.underWay.subtract(1, ordering: .sequentiallyConsistent) }
    let id = ClientOrderID(recorded: order.clientID)
    if let known = answer(to: id) { return known }
    let position = order.isReducing ? try? orders.position(order.symbol) : 0
    let facts = OrderFacts(
      world: world, instance: order.key.instance, side: order.key.side, lots: order.lots,
      position: position, isReducing: order.isReducing)
    let instant = now()
    let verdict = state.withLock { $0.table.permits(facts, under: permit, at: instant) }
    guard case .allowed(let lots) = verdict else {
      if case .refused(let refusal) = verdict { return refuse(refusal) }
      return refuse(.gateError)
    }
    let ticket = OrderTicket(
      id: id, symbol: order.symbol, lots: order.lots, isReducing: order.isReducing)
    return try submit(ticket, lots: lots, isReduceOnly: order.isReducing, orders.path)
  }

  private func mayOnlyReduce(_ cell: GateCell) -> Bool {
    if cell.gate.state == .reduceOnly { return true }
    if case .reduceOnly = currentCurb { return true }
    return false
  }

  private func judge(_ order: OrderFacts, at cell: GateCell) -> GateVerdict {
    // The lease is read before the gate; see `publish`.
    let lease = GateLease(
      from: Timestamp(
        millisecondsSinceEpoch: leaseFrom.load(ordering: .sequentiallyConsistent)),
      until: Timestamp(
        millisecondsSinceEpoch: leaseUntil.load(ordering: .sequentiallyConsistent)))
    let curb = currentCurb
    return cell.gate.permits(order, at: now(), lease: lease, curb: curb, excess: excess)
  }

  private func submit(
    _ ticket: OrderTicket, lots: Int, isReduceOnly: Bool, _ path: LiveOrderPath
  ) throws(BrokerFailure) -> GatedAnswer {
    // An order that was on its way before goes again as it was.
    let order = state.withLock { state -> BrokerOrder in
      if let order = state.orders[ticket.id]?.order { return order }
      let order = ticket.order(of: path.instance, lots: lots, isReduceOnly: isReduceOnly)
      state.remember(Entry(order: order, answer: nil), for: ticket.id, max: Self.ordersMax)
      return order
    }
    do throws(BrokerFailure) {
      let acknowledgement = try path.submit(order)
      return remember(.sent(acknowledgement), for: ticket.id)
    } catch {
      // The broker knows the id from an earlier process, in which the weight was another.
      guard case .clientIDReused = error else { throw error }
      return remember(.known(try path.broker.status(of: ticket.id)), for: ticket.id)
    }
  }

  private func isUnanswered(_ id: ClientOrderID) -> Bool {
    state.withLock { $0.orders[id].map { $0.order != nil && $0.answer == nil } ?? false }
  }

  private func answer(to id: ClientOrderID) -> GatedAnswer? {
    state.withLock { $0.orders[id]?.answer }
  }

  private func remember(_ answer: GatedAnswer, for id: ClientOrderID) -> GatedAnswer {
    state.withLock { state in
      state.remember(
        Entry(order: state.orders[id]?.order, answer: answer), for: id, max: Self.ordersMax)
    }
    return answer
  }

  private func refuse(_ refusal: GateRefusal) -> GatedAnswer {
    state.withLock { $0.refusals[refusal, default: 0] += 1 }
    return .refused(refusal)
  }

  // MARK: - The curb as a number

  private var currentCurb: GateCurb {
    let code = curb.load(ordering: .sequentiallyConsistent)
    guard code > 0, WorldMode.allCases.indices.contains((code - 1) / 2) else { return .none }
    let mode = WorldMode.allCases[(code - 1) / 2]
    return code % 2 == 1 ? .reduceOnly(mode) : .closed(mode)
  }

  private static func code(_ curb: GateCurb) -> Int {
    func place(_ mode: WorldMode) -> Int { WorldMode.allCases.firstIndex(of: mode) ?? 0 }
    return switch curb {
    case .none: 0
    case .reduceOnly(let mode): 2 * place(mode) + 1
    case .closed(let mode): 2 * place(mode) + 2
    }
  }
}

extension OrderDesk.State {
  mutating func remember(
    _ entry: OrderDesk.Entry, for id: ClientOrderID, max count: Int
  ) {
    if orders.updateValue(entry, forKey: id) == nil { history.append(id) }
    if entry.answer == nil { pending.insert(id) } else { pending.remove(id) }
    guard history.count > count else { return }
    for old in history.prefix(count / 4) {
      orders[old] = nil
      pending.remove(old)
    }
    history.removeFirst(count / 4)
  }
}
