import Essentials
import Execution
import Markets
import Testing
import Worlds

@testable import Services

/// Each thing that a rehearsal watches for, done on purpose.
@Suite("The watch of a rehearsal")
struct RehearsalRecordsTests {
  static let state = CutoverRehearsal(.swap).initial

  static func violations(of id: String, by instance: String, twice: Bool = false) -> [String] {
    let arrivals = RehearsalArrivals()
    let order = BrokerOrder(
      clientID: ClientOrderID(recorded: id), instance: instance, symbol: "BTCUSDT", side: .buy,
      quantity: Quantity(lots: 1))
    for _ in 0..<(twice ? 2 : 1) { arrivals.note(order, in: state, at: CutoverRehearsal.start) }
    return arrivals.violations
  }

  @Test("sees an order that leaves through a closed gate, comes twice, or carries nothing over")
  func orders() {
    #expect(Self.violations(of: "s:old:long:0", by: "old").isEmpty)
    #expect(Self.violations(of: "s:new:long:0", by: "new").count == 1)
    #expect(Self.violations(of: "s:who:long:0", by: "who").count == 1)
    #expect(Self.violations(of: "s:old:long:0", by: "old", twice: true).count == 1)
    #expect(Self.violations(of: "run:old:transition:0", by: "old").count == 1)
  }

  static func violations(
    of fact: CutoverEvent.Fact, _ change: (inout RehearsalRecords.State) -> Void = { _ in }
  ) -> [String] {
    var state = state
    let script = CutoverRehearsal(.swap)
    change(&state)
    let demand = CutoverDemand(plan: script.plan, rules: script.rules, standings: [])
    for fact in [.planned(demand), fact] {
      state.fold(
        RecordedCutoverEvent(
          CutoverEvent(run: "run", fact), at: CutoverRehearsal.start))
    }
    return state.violations
  }

  @Test("sees an epoch that does not grow, a place too many, and a gate that must not open")
  func events() {
    let closed = [GateChange(CutoverRehearsal.old, .closed)]
    let open = [GateChange(CutoverRehearsal.new, .open(weight: 1))]
    #expect(Self.violations(of: .frozen(epoch: 8, gates: closed)).isEmpty)
    #expect(Self.violations(of: .frozen(epoch: 7, gates: closed)).count == 1)
    #expect(!Self.violations(of: .opening(epoch: 8, gates: open)).isEmpty)
    #expect(
      Self.violations(of: .frozen(epoch: 8, gates: open)) { state in
        state.halt = "breaker:x"
        state.liveMax = CutoverWorld.LiveMax()
        state.standings[CutoverRehearsal.new]?.phase = .live
      } == ["cutover.frozen opens new in a halted world"])
    let crowded = CutoverSwitch(
      epoch: 8, phases: [.init("new", .live)], weights: [], gates: [])
    #expect(
      Self.violations(of: .switched(crowded)) == ["3 are live after cutover.switched"])
  }
}
