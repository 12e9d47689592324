import Essentials
import Testing

@testable import Worlds

@Suite("Plans that are carried out at once")
struct PhaseRehearsalTests {
  @Test("phases, streaks and weights are what the plan says, and moves are noted with their stay")
  func take() {
    let fixture = DecisionFixture(
      .init("a", p: 1), .init("b", .live, f: 1, ["sharpe_mid": 0]), .init("c", .submitted))
    var rehearsal = PhaseRehearsal(fixture.snapshot.instances)
    rehearsal.take(fixture.plan)
    #expect(rehearsal.instances.map(\.phase) == [.live, .inactive, .backtest])
    #expect(rehearsal.instances[0].weight > 0 && rehearsal.instances[1].weight == 0)
    #expect(rehearsal.instances.allSatisfy { $0.phaseSince == DecisionFixture.now })
    #expect(
      rehearsal.moves.map { "\($0.instance) \($0.from) \($0.to) \($0.stayed)" }
        == ["a dryrun live 20d", "b live inactive 20d", "c submitted backtest 20d"])
  }

  @Test("a gate that a plan closes opens with the next active cycle, and weights stay meanwhile")
  func gates() {
    var fixture = DecisionFixture(.init("a", .live))
    fixture.lag = .days(30)
    var rehearsal = PhaseRehearsal(fixture.snapshot.instances)
    let weight = rehearsal.instances[0].weight
    rehearsal.take(fixture.plan)
    #expect(rehearsal.instances[0].isGateClosed && rehearsal.instances[0].weight == weight)
    fixture.lag = .seconds(1)
    rehearsal.take(fixture.plan)
    #expect(!rehearsal.instances[0].isGateClosed)
  }
}
