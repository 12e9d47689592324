import Essentials
import Services
import Testing

@testable import athanor

@Suite("What came of proving a world")
struct WorldProofTallyTests {
  private func proof(
    _ cycle: Int, _ finding: WorldDesk.AuditProof.Finding
  ) -> WorldDesk.AuditProof {
    WorldDesk.AuditProof(
      cycle: cycle, seq: Int64(cycle * 3), plan: String(repeating: "a", count: 64),
      finding: finding)
  }

  @Test("of a hundred thousand plans all are counted, and a bounded number is kept")
  func bounded() {
    var tally = WorldProofTally(world: "w", namedMax: 5)
    for cycle in 1...100_000 {
      let finding: WorldDesk.AuditProof.Finding =
        switch cycle % 10 {
        case 0: .differing([.plan])
        case 1: .unprovable(.otherEngine("athanor-world/0"))
        default: .proven
        }
      tally.take(proof(cycle, finding))
    }
    #expect(tally.count == 100_000)
    #expect(tally.proven == 80_000 && tally.differing == 10_000 && tally.unprovable == 10_000)
    #expect(tally.named.count == 10)
    #expect(tally.differingCycles == [10, 20, 30, 40, 50])
    let text = tally.text(Rehearsal(environment: [:]).surroundings.output.terminal)
    #expect(text.contains("80000 of 100000"))
    #expect(text.contains("19990 more"))
    #expect(text.contains("athanor-world/0"))
  }

  @Test("all proven is said in one sentence, and nothing decided as well")
  func sentences() {
    let terminal = Rehearsal(environment: [:]).surroundings.output.terminal
    var tally = WorldProofTally(world: "w", namedMax: 5)
    #expect(tally.text(terminal).contains("decided nothing"))
    tally.take(proof(1, .proven))
    #expect(tally.text(terminal).contains("byte for byte"))
    #expect(tally.json["is_proven"] == .bool(true))
    tally.take(proof(2, .unprovable(.snapshotMissing("b"))))
    #expect(tally.json["is_proven"] == .bool(false))
  }
}
