import Testing

@testable import Worlds

@Suite("The way of an instance from a formula to money")
struct PhaseMachineTests {
  /// Every pair that leads somewhere; all others are refused.
  private static let table: [StrategyPhase: [PhaseEvent: StrategyPhase]] = [
    .submitted: [.startBacktest: .backtest, .cut: .submitted, .goStale: .submitted],
    .backtest: [
      .startDryrun: .dryrun, .sourceFailed: .failed, .cut: .backtest, .goStale: .backtest,
    ],
    .dryrun: [.promote: .live, .withdraw: .inactive, .cut: .dryrun, .goStale: .dryrun],
    .live: [.demote: .inactive, .cut: .live, .goStale: .live],
    .inactive: [.startDryrun: .dryrun, .cut: .inactive, .goStale: .inactive],
    .failed: [.retry: .backtest, .cut: .failed, .goStale: .failed],
    .retired: [.cut: .retired, .goStale: .retired],
  ]

  @Test("every pair of phase and event leads where the table says, or is refused")
  func everyPair() {
    for phase in StrategyPhase.allCases {
      for event in PhaseEvent.allCases {
        var expected = Self.table[phase]?[event]
        if event == .retire, phase != .retired { expected = .retired }
        let found = try? PhaseMachine.phase(after: phase, on: event)
        #expect(found == expected, "\(phase) on \(event)")
      }
    }
  }

  @Test("money is reached from paper alone, and nothing leaves what is retired")
  func theOnlyDoors() {
    for phase in StrategyPhase.allCases {
      for event in PhaseEvent.allCases {
        let next = try? PhaseMachine.phase(after: phase, on: event)
        if next == .live, phase != .live { #expect(phase == .dryrun && event == .promote) }
        if phase == .retired { #expect(next == nil || next == .retired) }
      }
    }
  }

  @Test("the event between two phases is the one that leads there")
  func theEventBetween() {
    for from in StrategyPhase.allCases {
      for to in StrategyPhase.allCases {
        guard let event = PhaseMachine.event(from: from, to: to) else { continue }
        #expect((try? PhaseMachine.phase(after: from, on: event)) == to)
      }
    }
    #expect(PhaseMachine.event(from: .backtest, to: .live) == nil)
  }
}
