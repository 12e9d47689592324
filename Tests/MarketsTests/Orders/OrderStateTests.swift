import Testing

@testable import Markets

@Suite("States of an order")
struct OrderStateTests {
  /// The table of the type's documentation, row by row.
  private static let table: [OrderState: [OrderState?]] = [
    .sent: [.working, .asleep, nil, nil, nil, nil, .rejected],
    .asleep: [nil, nil, .working, nil, nil, .cancelled, nil],
    .working: [nil, nil, nil, .partlyFilled, .filled, .cancelled, nil],
    .partlyFilled: [nil, nil, nil, .partlyFilled, .filled, .cancelled, nil],
    .filled: [nil, nil, nil, nil, nil, nil, nil],
    .cancelled: [nil, nil, nil, nil, nil, nil, nil],
    .rejected: [nil, nil, nil, nil, nil, nil, nil],
  ]

  @Test("every pair of a state and an event leads where the table says")
  func pairs() throws {
    for state in OrderState.allCases {
      let row = try #require(Self.table[state])
      #expect(OrderState.Event.allCases.map { state.after($0) } == row, "\(state)")
    }
  }

  @Test("nothing leads out of the end, and every state is reached from being sent")
  func ends() {
    for state in OrderState.allCases {
      let isFinal = OrderState.Event.allCases.allSatisfy { state.after($0) == nil }
      #expect(isFinal == state.isOver)
    }
    var reached: Set<OrderState> = [.sent]
    for _ in OrderState.allCases {
      for state in reached {
        reached.formUnion(OrderState.Event.allCases.compactMap { state.after($0) })
      }
    }
    #expect(reached.count == OrderState.allCases.count)
  }
}
