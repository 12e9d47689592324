import Essentials
import Testing

@testable import Worlds

@Suite("An order gate")
struct OrderGateTests {
  static let now = Timestamp(millisecondsSinceEpoch: 1_000_000)
  static let lease = GateLease(from: now - .seconds(5), until: now + .seconds(10))

  static func order(
    _ lots: Int, side: TradingSide? = .long, position: Int? = nil, isReducing: Bool = false,
    instance: String = "a", world: String = "w"
  ) -> OrderFacts {
    OrderFacts(
      world: world, instance: instance, side: side, lots: lots, position: position,
      isReducing: isReducing)
  }

  static func gate(_ state: GateState, side: TradingSide = .long) -> OrderGate {
    OrderGate(world: "w", key: GateKey("a", side), state: state, epoch: 3)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var state: GateState
    var order: OrderFacts
    var curb = GateCurb.none
    var excess = ReductionExcess.refuse
    var verdict: GateVerdict

    init(
      _ name: String, _ state: GateState, _ order: OrderFacts, curb: GateCurb = .none,
      excess: ReductionExcess = .refuse, _ verdict: GateVerdict
    ) {
      testDescription = name
      self.state = state
      self.order = order
      self.curb = curb
      self.excess = excess
      self.verdict = verdict
    }
  }

  static let cases: [Case] = [
    Case("an open gate lets an order through", .open(weight: 1), order(7), .allowed(lots: 7)),
    Case("G7: without a side", .open(weight: 1), order(7, side: nil), .refused(.sideMissing)),
    Case("another side", .open(weight: 1), order(7, side: .short), .refused(.unknownGate)),
    Case(
      "another instance", .open(weight: 1), order(7, instance: "b"), .refused(.unknownGate)),
    Case("another world", .open(weight: 1), order(7, world: "v"), .refused(.otherWorld)),
    Case("closed", .closed, order(7), .refused(.gateClosed)),
    Case("closed for a reduction too", .closed, order(-2, position: 3), .refused(.gateClosed)),
    Case("G11: half of 7", .open(weight: 0.5), order(7), .allowed(lots: 3)),
    Case("G11: half of -7", .open(weight: 0.5), order(-7), .allowed(lots: -3)),
    Case("G11: half of 1", .open(weight: 0.5), order(1), .refused(.belowLot)),
    Case("0.29 of 100 is 29", .open(weight: 0.29), order(100), .allowed(lots: 29)),
    Case("a weight of 0", .open(weight: 0), order(100), .refused(.belowLot)),
    Case("no lots", .open(weight: 1), order(0), .refused(.belowLot)),
    Case("a weight above 1 enlarges nothing", .open(weight: 2), order(4), .allowed(lots: 4)),
    Case("a weight of NaN", .open(weight: .nan), order(4), .refused(.gateError)),
    Case("a weight below 0", .open(weight: -0.5), order(4), .refused(.gateError)),
    Case("an infinite weight", .open(weight: .infinity), order(4), .refused(.gateError)),
    Case(
      "the largest order", .open(weight: 1), order(.min), .allowed(lots: .min)),
    Case(
      "an exit is not scaled", .open(weight: 0.5), order(-7, position: 7, isReducing: true),
      .allowed(lots: -7)),
    Case(
      "an exit that would turn", .open(weight: 1), order(-8, position: 7, isReducing: true),
      .refused(.notReducing)),
    Case(
      "an exit without a known position", .open(weight: 1), order(-8, isReducing: true),
      .refused(.gateError)),
    Case(
      "G10: short 3, buy 2", .reduceOnly, order(2, side: .long, position: -3), .allowed(lots: 2)),
    Case("G10: short 3, buy 4", .reduceOnly, order(4, position: -3), .refused(.notReducing)),
    Case(
      "G10: short 3, buy 4, cut", .reduceOnly, order(4, position: -3), excess: .cut,
      .allowed(lots: 3)),
    Case("G10: short 3, sell 1", .reduceOnly, order(-1, position: -3), .refused(.notReducing)),
    Case("nothing to reduce", .reduceOnly, order(-1, position: 0), .refused(.notReducing)),
    Case("an unknown position", .reduceOnly, order(-1), .refused(.gateError)),
    Case("watched", .monitor(weight: 0.5), order(7), .noted(lots: 3)),
    Case("watched, below a lot", .monitor(weight: 0.1), order(7), .refused(.belowLot)),
    Case(
      "G12: stale for too long", .open(weight: 1), order(7),
      curb: GateCurb(mode: .evalOnly, isStaleTooLong: true), .refused(.mode(.evalOnly))),
    Case(
      "evaluating only, not yet stale for long", .open(weight: 1), order(7),
      curb: GateCurb(mode: .evalOnly), .allowed(lots: 7)),
    Case(
      "paused", .open(weight: 1), order(-7, position: 9), curb: GateCurb(mode: .paused),
      .refused(.mode(.paused))),
    Case(
      "halted", .open(weight: 1), order(7), curb: GateCurb(mode: .halted),
      .refused(.mode(.halted))),
    Case(
      "halted, a reduction", .open(weight: 0.5), order(-7, position: 9),
      curb: GateCurb(mode: .halted), .allowed(lots: -7)),
  ]

  @Test("says of each order what may leave", arguments: cases)
  func verdicts(_ example: Case) {
    let verdict = Self.gate(example.state).permits(
      example.order, at: Self.now, lease: Self.lease, curb: example.curb, excess: example.excess)
    #expect(verdict == example.verdict)
  }

  @Test("trusts what it knows from its lease's beginning until its end, which is outside")
  func leases() {
    let gate = Self.gate(.open(weight: 1))
    func verdict(_ seconds: Int64) -> GateVerdict {
      gate.permits(Self.order(1), at: Self.now + .seconds(seconds), lease: Self.lease)
    }
    #expect(verdict(-6) == .refused(.leaseExpired), "a clock that went back")
    #expect(verdict(-5) == .allowed(lots: 1))
    #expect(verdict(9) == .allowed(lots: 1))
    #expect(verdict(10) == .refused(.leaseExpired))
    #expect(
      gate.permits(Self.order(1), at: Timestamp(millisecondsSinceEpoch: 0), lease: .none)
        == .refused(.leaseExpired))
  }

  @Test("G8, G9: never lets more through than was asked, in the same direction")
  func neverMore() {
    var chance = SplitMix64Chance(seed: 8)
    for _ in 0..<5_000 {
      let states: [GateState] = [
        .closed, .reduceOnly, .monitor(weight: chance.unit()), .open(weight: 2 * chance.unit()),
      ]
      let lots = chance.between(-50, 50)
      let position = chance.between(-50, 50)
      let isReducing = chance.between(0, 1) == 0
      let state = states[chance.between(0, 3)]
      let verdict = Self.gate(state).permits(
        Self.order(lots, position: position, isReducing: isReducing), at: Self.now,
        lease: Self.lease, excess: chance.between(0, 1) == 0 ? .refuse : .cut)
      guard case .allowed(let allowed) = verdict else { continue }
      #expect(allowed != 0 && allowed.signum() == lots.signum() && abs(allowed) <= abs(lots))
      #expect(state != .closed)
      if state == .reduceOnly || isReducing {
        #expect(abs(position + allowed) < abs(position))
        #expect(position.signum() * (position + allowed).signum() >= 0)
      }
    }
  }

  @Test("of two states, the stricter one lets less through")
  func strictness() {
    let order: [GateState] = [
      .closed, .monitor(weight: 0.5), .reduceOnly, .open(weight: 0.2), .open(weight: 0.4),
    ]
    for (index, strict) in order.enumerated() {
      for loose in order[index...] {
        #expect(strict.restricted(to: loose) == strict)
        #expect(loose.restricted(to: strict) == strict)
      }
    }
    #expect(GateState.open(weight: 0.2).reweighted(to: 0.3) == .open(weight: 0.3))
    #expect(GateState.closed.reweighted(to: 0.3) == .closed)
    #expect(GateState.reduceOnly.reweighted(to: 0.3) == .reduceOnly)
  }
}
