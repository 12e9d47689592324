import Essentials
import Execution
import Markets
import Testing
import Worlds

@testable import Services

/// A desk of the world `w` with a paper stage behind it.
struct OrderDeskBench {
  static let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)

  let clock = RehearsalClock(start)
  let stage: PaperBroker
  let mood = RehearsalMood()
  let broker: RehearsalBroker<LiveAuthority>
  let desk: OrderDesk

  init(_ gates: [GateChange], excess: ReductionExcess = .refuse) {
    let stage = PaperBroker(
      PaperConfiguration(
        venue: "x", balance: Money(micros: 1_000_000_000_000), otherLots: .one))
    self.stage = stage
    broker = RehearsalBroker(
      inner: RehearsalVenue(playedBy: stage), fuse: RehearsalFuse(), mood: mood
    ) { _ in }
    let clock = clock
    desk = OrderDesk(
      name: "desk", world: "w", leaseLength: .seconds(15), excess: excess
    ) { clock.now }
    #expect(
      desk.take(
        GateNotice(world: "w", epoch: 10, at: Self.start, isWhole: true, gates: gates))
        == .taken)
  }

  static func gate(
    _ instance: String, _ state: GateState = .open(weight: 1), _ side: TradingSide = .long
  ) -> GateChange {
    GateChange(GateKey(instance, side), state)
  }

  func orders(
    of instance: String, side: TradingSide? = .long, position: Int? = 0
  ) -> GatedOrders {
    desk.orders(of: instance, side: side, to: broker) { _ in
      guard let position else { throw BrokerFailure.disconnected(venue: "x") }
      return position
    }
  }

  func give(
    _ lots: Int, of instance: String = "a", signal: String = "s", side: TradingSide? = .long,
    position: Int? = 0, isReducing: Bool = false
  ) throws -> GatedAnswer {
    try orders(of: instance, side: side, position: position).give(
      OrderTicket(
        signal: signal, instance: instance, side: side ?? .long, sequence: 0, symbol: "BTC",
        lots: lots, isReducing: isReducing))
  }

  var atBroker: [BrokerOrder] { ((try? stage.openOrders(of: nil)) ?? []).map(\.order) }
}

@Suite("A desk of orders")
struct OrderDeskTests {
  typealias Bench = OrderDeskBench

  @Test("sends what an open gate lets through, scaled")
  func sends() throws {
    let bench = Bench([Bench.gate("a", .open(weight: 0.5))])
    guard case .sent(let acknowledgement) = try bench.give(7) else {
      Issue.record("it was not sent")
      return
    }
    #expect(acknowledgement.clientID.text == "s:a:long:0")
    #expect(bench.atBroker.map(\.quantity) == [Quantity(lots: 3)])
  }

  @Test("G6: refuses what cannot be judged")
  func gateError() throws {
    let bench = Bench([Bench.gate("a", .reduceOnly)])
    #expect(try bench.give(-2, position: nil) == .refused(.gateError))
    #expect(bench.atBroker.isEmpty)
    #expect(bench.desk.refusals == [.gateError: 1])
  }

  @Test("G7: refuses an order without a side")
  func sideMissing() throws {
    let bench = Bench([Bench.gate("a")])
    #expect(try bench.give(7, side: nil) == .refused(.sideMissing))
  }

  @Test("G8: a client id has its first answer for ever, and one order")
  func duplicates() throws {
    let bench = Bench([Bench.gate("a")])
    let first = try bench.give(7)
    #expect(try bench.give(7) == first)
    #expect(try bench.give(5) == first)
    #expect(bench.atBroker.count == 1)
    // The gate closes, and the order that is there stays what it is.
    #expect(
      bench.desk.take(
        GateNotice(
          world: "w", epoch: 11, at: Bench.start, gates: [Bench.gate("a", .closed)])) == .taken)
    #expect(try bench.give(7) == first)
    #expect(try bench.give(7, signal: "t") == .refused(.gateClosed))
    // A signal that was refused does not trade late.
    #expect(
      bench.desk.take(
        GateNotice(world: "w", epoch: 12, at: Bench.start, gates: [Bench.gate("a")])) == .taken)
    #expect(try bench.give(7, signal: "t") == .refused(.gateClosed))
    #expect(bench.atBroker.count == 1)
  }

  @Test("G9: equal orders of two instances are two orders")
  func twoInstances() throws {
    let bench = Bench([Bench.gate("a"), Bench.gate("b")])
    _ = try bench.give(7)
    _ = try bench.give(7, of: "b")
    #expect(bench.atBroker.map(\.instance) == ["a", "b"])
  }

  @Test("G4: sends nothing once its lease has ended")
  func leases() throws {
    let bench = Bench([Bench.gate("a")])
    bench.clock.advance(.seconds(15))
    #expect(try bench.give(7) == .refused(.leaseExpired))
    #expect(
      bench.desk.renew(GateRenewal(world: "w", epoch: 10, at: bench.clock.now)) == .taken)
    guard case .sent = try bench.give(7, signal: "later") else {
      Issue.record("it was not sent under the new lease")
      return
    }
  }

  @Test("G10: lets only reductions through where the gate says so")
  func reductions() throws {
    let bench = Bench([Bench.gate("a", .reduceOnly)])
    #expect(try bench.give(4, position: -3) == .refused(.notReducing))
    #expect(try bench.give(-1, signal: "t", position: -3) == .refused(.notReducing))
    let cut = Bench([Bench.gate("a", .reduceOnly)], excess: .cut)
    _ = try cut.give(4, position: -3)
    #expect(cut.atBroker.map(\.quantity) == [Quantity(lots: 3)])
  }

  @Test("notes what a watched gate would let through, and sends nothing")
  func notes() throws {
    let bench = Bench([Bench.gate("a", .monitor(weight: 0.5))])
    #expect(try bench.give(7) == .noted(lots: 3))
    #expect(bench.atBroker.isEmpty)
    #expect(bench.desk.takeNotes().map(\.lots) == [3])
    #expect(bench.desk.takeNotes().isEmpty)
  }

  @Test("sends an order that got no answer again as it was, and never through a closed gate")
  func unanswered() throws {
    let bench = Bench([Bench.gate("a", .open(weight: 0.5))])
    bench.mood.change { $0.silences = 2 }
    #expect(throws: BrokerFailure.self) { try bench.give(8) }
    #expect(bench.desk.unanswered["a"]?.map(\.text) == ["s:a:long:0"])
    // The weight is another by now; the order is not.
    #expect(
      bench.desk.take(
        GateNotice(world: "w", epoch: 11, at: Bench.start, gates: [Bench.gate("a")])) == .taken)
    #expect(throws: BrokerFailure.self) { try bench.give(8) }
    #expect(
      bench.desk.take(
        GateNotice(
          world: "w", epoch: 12, at: Bench.start, gates: [Bench.gate("a", .closed)])) == .taken)
    #expect(try bench.give(8) == .known(.accepted))
    #expect(bench.atBroker.map(\.quantity) == [Quantity(lots: 4)])
    #expect(bench.desk.unanswered["a"]?.count == 1)
  }

  @Test("knows an order of an earlier process by its id, whatever its size was")
  func earlierProcess() throws {
    let bench = Bench([Bench.gate("a", .open(weight: 0.5))])
    _ = try bench.stage.submit(
      BrokerOrder(
        clientID: ClientOrderID(recorded: "s:a:long:0"), instance: "a", symbol: "BTC",
        side: .buy, quantity: Quantity(lots: 5)))
    #expect(try bench.give(8) == .known(.accepted))
    #expect(bench.atBroker.count == 1)
  }

  @Test("acknowledges an epoch once it has taken it, and what it missed never")
  func acknowledgements() {
    let bench = Bench([Bench.gate("a")])
    #expect(bench.desk.report()?.acknowledged == 10)
    #expect(bench.desk.report()?.leaseUntil == Bench.start + .seconds(15))
    #expect(
      bench.desk.take(GateNotice(world: "w", epoch: 12, at: Bench.start, gates: [])) == .missed)
    #expect(bench.desk.report()?.acknowledged == nil)
  }

  @Test("judges as the table of gates does, whatever is asked")
  func oracle() throws {
    var chance = SeededChance(seed: 4)
    for round in 0..<300 {
      let states: [GateState] = [
        .closed, .reduceOnly, .monitor(weight: chance.unit()), .open(weight: chance.unit()),
      ]
      let state = states[chance.between(0, 3)]
      let bench = Bench([Bench.gate("a", state)])
      let mode = WorldMode.allCases[chance.between(0, WorldMode.allCases.count - 1)]
      _ = bench.desk.renew(
        GateRenewal(
          world: "w", epoch: 10, at: Bench.start, curb: GateCurb(mode: mode)))
      bench.clock.advance(.seconds(Int64(chance.between(0, 20))))
      let lots = chance.between(-9, 9)
      let position = chance.between(-9, 9)
      let isReducing = chance.between(0, 1) == 0
      let expected = bench.desk.table.permits(
        OrderFacts(
          world: "w", instance: "a", side: .long, lots: lots, position: position,
          isReducing: isReducing), at: bench.clock.now)
      let answer = try bench.give(lots, position: position, isReducing: isReducing)
      switch expected {
      case .refused(let refusal): #expect(answer == .refused(refusal), "round \(round)")
      case .noted(let lots): #expect(answer == .noted(lots: lots), "round \(round)")
      case .allowed(let lots):
        // The stage holds nothing, so it refuses what is to reduce; it was asked all the same.
        guard case .sent = answer else {
          Issue.record("\(answer) in round \(round)")
          continue
        }
        if !isReducing {
          #expect(bench.atBroker.map(\.quantity.lots) == [Int64(abs(lots))])
        }
      }
    }
  }

  @Test("G13: a dry run orders on paper at full size, and is given nothing else")
  func dryRuns() throws {
    let paper = PaperBroker(
      PaperConfiguration(
        venue: "paper", balance: Money(micros: 1_000_000_000), otherLots: .one))
    let orders = DryRunOrders(of: "a", to: paper)
    let ticket = OrderTicket(
      signal: "s", instance: "a", side: .long, sequence: 0, symbol: "BTC", lots: 7)
    #expect(try orders.give(ticket) == orders.give(ticket))
    #expect(try paper.openOrders(of: "a").map(\.order.quantity) == [Quantity(lots: 7)])
    // The broker of money has another type, which is not one of paper.
    let live: any Broker = RehearsalVenue(playedBy: paper)
    #expect(!(live is any PaperVenue))
    #expect(!(live is any Broker<PaperAuthority>))
  }
}
