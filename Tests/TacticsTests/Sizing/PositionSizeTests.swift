import Essentials
import Tactics
import TestKit
import Testing

@Suite("Size of positions")
struct PositionSizeTests {
  private func leverage(_ leverage: Double, notional: Double) -> LeverageDecision {
    LeverageDecision(
      leverage: leverage, notionalMax: notional, stopDistance: 0.01, notionalBound: .riskBudget,
      leverageBound: .regime, measures: [])
  }

  @Test("the notional is the least of all bounds, never above any, and names the one it equals")
  func bounds() {
    var random = RandomCircumstances(seed: 13)
    var active: Set<PositionSize.Bound> = []
    for _ in 0..<3000 {
      let circumstances = PositionSize.Circumstances(
        equity: abs(random.signed(1000)), freeBalance: abs(random.signed(300)),
        reservedMargin: abs(random.signed(100)), openNotional: abs(random.signed(4000)),
        weight: random.share(), scale: random.share(),
        leverage: leverage(1 + abs(random.signed(10)), notional: abs(random.signed(2))),
        regime: .bull)
      let size = PositionSize(for: circumstances, exposureMax: 3, under: Profiles.shipped.sizing)
      #expect(size.notional.isFinite && size.notional >= 0)
      #expect(size.limits.map(\.bound) == PositionSize.Bound.allCases)
      #expect(size.limits.allSatisfy { size.notional <= $0.notional })
      #expect(
        size.limits.first { $0.bound == size.active }?.notional == size.notional)
      if size.notional > 0 { active.insert(size.active) }
    }
    #expect(active == Set(PositionSize.Bound.allCases))
  }

  @Test("margin of the same cycle is not spent twice")
  func reservation() {
    func size(reserved: Double) -> PositionSize {
      PositionSize(
        for: .init(
          equity: 1000, freeBalance: 100, reservedMargin: reserved, openNotional: 0, weight: 1,
          leverage: leverage(5, notional: 5), regime: .bull), exposureMax: 10,
        under: Profiles.seed.sizing)
    }
    let first = size(reserved: 0)
    #expect(agree(first.notional, 490))
    #expect(agree(first.margin, 98))
    #expect(size(reserved: first.margin).notional < 10)
    #expect(size(reserved: 200).notional == 0)
  }

  @Test("a bound that is not known allows nothing")
  func unknown() {
    let size = PositionSize(
      for: .init(
        equity: .nan, freeBalance: 100, openNotional: 0, weight: 1,
        leverage: leverage(5, notional: 5), regime: .bull), exposureMax: 3,
      under: Profiles.shipped.sizing)
    #expect(size.notional == 0)
  }
}
