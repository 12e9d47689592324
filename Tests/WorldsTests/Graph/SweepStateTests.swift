import Essentials
import Testing

@testable import Worlds

@Suite("The life of a computation")
struct SweepStateTests {
  private static func hour(_ count: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 3_600_000 * count)
  }

  @Test("every pair of state and event leads where the diagram says")
  func table() {
    let draining = SweepState.draining(until: Self.hour(10))
    let table: [(SweepState, SweepEvent, SweepState, SweepDirective.Action?)] = [
      (.live, .marked, .live, nil),
      (
        .live, .unmarked(until: Self.hour(10)), draining, .drain(until: Self.hour(10))
      ),
      (.live, .ticked(Self.hour(99)), .live, nil),
      (draining, .marked, .live, .keep),
      (draining, .unmarked(until: Self.hour(9)), draining, nil),
      (draining, .unmarked(until: Self.hour(10)), draining, nil),
      (
        draining, .unmarked(until: Self.hour(12)), .draining(until: Self.hour(12)),
        .drain(until: Self.hour(12))
      ),
      (draining, .ticked(Self.hour(9)), draining, nil),
      (draining, .ticked(Self.hour(10)), .swept, .sweep),
      (draining, .ticked(Self.hour(11)), .swept, .sweep),
      (.swept, .marked, .live, .start),
      (.swept, .unmarked(until: Self.hour(10)), .swept, nil),
      (.swept, .ticked(Self.hour(10)), .swept, nil),
    ]
    for (state, event, next, action) in table {
      let after = state.after(event)
      #expect(after.state == next, "\(state) \(event)")
      #expect(after.action == action, "\(state) \(event)")
    }
  }
}
