import Essentials
import Markets
import Mathematics
import Testing

@testable import Execution

@Suite("Position transitions")
struct TransitionPlanTests {
  private let start = Timestamp.row(3)

  private func holding(
    _ symbol: String = "BTC", paper: Int64 = 0, real: Int64 = 0, target: Int64? = nil
  ) -> TransitionHolding {
    TransitionHolding(
      symbol: symbol, paper: Quantity(lots: paper), real: Quantity(lots: real),
      target: target.map { Quantity(lots: $0) })
  }

  private func promotion(_ transition: PromotionTransition, _ holdings: TransitionHolding...)
    -> TransitionPlan
  {
    TransitionPlan(
      promoting: "m.long", run: "r1", with: transition, holdings: holdings, at: start)
  }

  private func demotion(_ transition: DemotionTransition, _ holdings: TransitionHolding...)
    -> TransitionPlan
  {
    TransitionPlan(demoting: "m.long", run: "r1", with: transition, holdings: holdings, at: start)
  }

  /// An order as `id side lots [reduce] @minutes [after id]`.
  private func line(_ order: TransitionOrder) -> String {
    let minutes = (order.notBefore - start).milliseconds / 60_000
    return [
      order.order.clientID.text, order.order.side.rawValue, order.order.quantity.description,
      order.order.isReduceOnly ? "reduce" : "any", "@\(minutes)",
      order.waitsFor.map { "after \($0)" } ?? "",
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  @Test("T13: with none, no order goes to the market, and paper is closed on paper")
  func carryNothing() {
    let plan = promotion(.none, holding(paper: 3))
    #expect(plan.live.isEmpty)
    #expect(plan.paper.map(line) == ["r1:m.long:paper:0 sell 3 reduce @0"])
  }

  @Test("T14: with mirror, one order buys what was held on paper, and again under the same id")
  func mirror() {
    let plan = promotion(.mirror, holding(paper: 3))
    #expect(plan.live.map(line) == ["r1:m.long:transition:0 buy 3 any @0"])
    #expect(promotion(.mirror, holding(paper: 3)) == plan)
    #expect(
      promotion(.mirror, holding(paper: 3, real: 1)).live.map(line)
        == ["r1:m.long:transition:0 buy 2 any @0"])
    #expect(promotion(.mirror, holding(paper: 3, real: 3)).live.isEmpty)
    #expect(
      promotion(.mirror, holding(paper: -8, target: -4)).live.map(line)
        == ["r1:m.long:transition:0 sell 4 any @0"])
  }

  @Test("T15: with close_and_reopen, the old position ends before the new one is opened")
  func closeAndReopen() {
    #expect(
      promotion(.closeAndReopen, holding(paper: 3, real: -1)).live.map(line) == [
        "r1:m.long:transition:0 buy 1 reduce @0",
        "r1:m.long:transition:1 buy 3 any @0 after r1:m.long:transition:0",
      ])
    #expect(
      promotion(.closeAndReopen, holding(paper: 3)).live.map(line)
        == ["r1:m.long:transition:0 buy 3 any @0"])
    #expect(
      promotion(.closeAndReopen, holding(real: 2)).live.map(line)
        == ["r1:m.long:transition:0 sell 2 reduce @0"])
  }

  @Test("T16: with twap, 12 lots over 30 minutes in 6 slices are six sells of 2, 5 minutes apart")
  func slices() throws {
    let schedule = try #require(SliceSchedule(over: .minutes(30), slices: 6))
    #expect(
      demotion(.twap(schedule), holding(real: 12)).live.map(line)
        == (0..<6).map { "r1:m.long:transition:\($0) sell 2 reduce @\(5 * $0)" })
    let uneven = demotion(.twap(schedule), holding(real: -15)).live
    #expect(uneven.map(\.order.quantity.lots) == [2, 2, 2, 2, 2, 5])
    #expect(uneven.allSatisfy { $0.order.side == .buy && $0.order.isReduceOnly })
    let few = demotion(.twap(schedule), holding(real: 2)).live
    #expect(
      few.map(line) == [
        "r1:m.long:transition:0 sell 1 reduce @0", "r1:m.long:transition:1 sell 1 reduce @15",
      ])
  }

  @Test("T17: with none, a demoted position stays as an orphan")
  func orphans() {
    let plan = demotion(.none, holding(real: 4), holding("ETH"))
    #expect(plan.live.isEmpty)
    #expect(
      plan.orphans == [
        InstancePosition(instance: "m.long", symbol: "BTC", quantity: Quantity(lots: 4))
      ])
    let sold = demotion(.market, holding(real: 4))
    #expect(sold.live.map(line) == ["r1:m.long:transition:0 sell 4 reduce @0"])
    #expect(sold.orphans.isEmpty)
  }

  @Test("symbols share one numbering, in their own order however they are given")
  func symbols() {
    let plan = promotion(.closeAndReopen, holding("B", paper: 2, real: 1), holding("A", paper: -1))
    #expect(
      plan.live.map { "\($0.order.symbol) \(line($0))" } == [
        "A r1:m.long:transition:0 sell 1 any @0", "B r1:m.long:transition:1 sell 1 reduce @0",
        "B r1:m.long:transition:2 buy 2 any @0 after r1:m.long:transition:1",
      ])
    #expect(
      plan == promotion(.closeAndReopen, holding("A", paper: -1), holding("B", paper: 2, real: 1)))
  }

  @Test("whatever is held, the orders of a plan lead to the position that its transition asks for")
  func sums() throws {
    var generator = SplitMix64(seed: 23)
    for _ in 0..<300 {
      func lots() -> Int64 { Int64.random(in: -40...40, using: &generator) }
      let held = holding(paper: lots(), real: lots(), target: lots())
      func end(_ plan: TransitionPlan) -> Int64 {
        plan.live.reduce(held.real.lots) { $0 + $1.order.side.sign * $1.order.quantity.lots }
      }
      let schedule = try #require(
        SliceSchedule(
          over: .minutes(30), slices: Int.random(in: 1...12, using: &generator)))
      #expect(end(promotion(.none, held)) == held.real.lots)
      #expect(end(promotion(.mirror, held)) == held.target.lots)
      #expect(end(promotion(.closeAndReopen, held)) == held.target.lots)
      #expect(end(demotion(.market, held)) == 0)
      #expect(end(demotion(.twap(schedule), held)) == 0)
      #expect(demotion(.twap(schedule), held).live.allSatisfy { $0.order.quantity > .zero })
    }
  }

  @Test("a schedule has at least one slice and no time below zero")
  func schedules() {
    #expect(SliceSchedule(over: .minutes(30), slices: 0) == nil)
    #expect(SliceSchedule(over: .minutes(-1), slices: 2) == nil)
    #expect(SliceSchedule(over: .zero, slices: 1) != nil)
  }
}
