import Essentials
import TestKit
import Testing
import Worlds

@testable import Services
@testable import Storage

@Suite("The proof of every plan of a world")
struct WorldDeskProofTests {
  private func proofs(_ desk: WorldDesk) throws -> [WorldDesk.AuditProof] {
    var proofs: [WorldDesk.AuditProof] = []
    try desk.prove("w") { proofs.append($0) }
    return proofs
  }

  /// Changes the record behind the back of the journal, and returns a desk that reads it anew.
  private func tampered(_ bench: WorldDeskBench, _ script: String) throws -> WorldDesk {
    let connection = try SQLiteConnection(path: bench.journal.path, mode: .writing)
    try connection.execute(script)
    return WorldDesk(
      WorldDeskSetup(
        journal: try Journal.open(
          path: bench.journal.path, access: .reading, models: [WorldBook()]),
        now: { WorldDeskBench.start }, evidence: NoEvidence()))
  }

  /// Three cycles of three evaluations each, under two policies.
  private func lived() throws -> WorldDeskBench {
    let bench = try WorldDeskBench()
    try bench.begin(["a", "b"])
    for day in 0..<3 {
      bench.pass(.days(1))
      for hour in 0..<3 {
        bench.evidence.set(["a": 1, "b": Double(hour) / 2])
        bench.pass(.hours(1))
        _ = try bench.desk.evaluate("w", at: bench.clock.now, by: .desk)
      }
      guard day == 1 else { continue }
      _ = try bench.desk.publish(
        WorldDeskBench.policy { $0.selection.topK.total = 1 }, reason: "", by: WorldDeskBench.owner)
    }
    return bench
  }

  @Test("every evaluation of a cycle is proven, not only its last one")
  func everyEvaluation() throws {
    let bench = try lived()
    let proofs = try proofs(bench.desk)
    #expect(proofs.count == 9)
    #expect(try bench.desk.planCount(of: "w") == 9)
    #expect(proofs.allSatisfy { $0.isProven })
    #expect(Dictionary(grouping: proofs, by: \.cycle).values.allSatisfy { $0.count == 3 })
    #expect(Set(proofs.map(\.plan)).count == 9)
    #expect(zip(proofs, proofs.dropFirst()).allSatisfy { $0.seq < $1.seq })
    // Another program over the same journal, which never folded the world, finds the same.
    #expect(try self.proofs(tampered(bench, "SELECT 1")) == proofs)
    #expect(try self.proofs(WorldDesk(bench.desk.setup)) == proofs)
  }

  @Test(
    "a changed record is found in the middle of a cycle, with the part that was changed",
    arguments: [
      (#""mode":"active""#, #""mode":"halted""#, [WorldDesk.AuditProof.Part.plan]),
      (#""history":34560000000"#, #""history":34560000001"#, [.snapshot, .plan, .record]),
      (#""took""#, #""took""#, []),
    ] as [(String, String, [WorldDesk.AuditProof.Part])])
  func tampering(_ case: (old: String, new: String, parts: [WorldDesk.AuditProof.Part])) throws {
    let bench = try lived()
    let place = try proofs(bench.desk)[4]
    let desk = try tampered(
      bench,
      """
      UPDATE event SET payload = replace(payload, '\(`case`.old)', '\(`case`.new)')
      WHERE seq = \(place.seq)
      """)
    let bad = try proofs(desk).filter { !$0.isProven }
    guard !`case`.parts.isEmpty else {
      #expect(bad.isEmpty)
      return
    }
    #expect(bad.map(\.seq) == [place.seq])
    #expect(bad.first?.finding == .differing(`case`.parts))
  }

  @Test("a policy that was changed on record is found at every plan that rests on it")
  func changedPolicy() throws {
    let bench = try lived()
    let desk = try tampered(
      bench,
      """
      UPDATE event SET payload = replace(payload, '"total":1}', '"total":2}')
      WHERE kind = 'world.policy_published' AND seq > 10
      """)
    let bad = try proofs(desk).filter { !$0.isProven }
    #expect(bad.count == 3)
    for proof in bad {
      guard case .differing(let parts) = proof.finding else {
        Issue.record("\(proof)")
        continue
      }
      #expect(parts.contains(.policy))
    }
  }

  @Test(
    "what other rules decided, and what lost its snapshot or policy, is named and no difference")
  func unprovable() throws {
    let bench = try lived()
    let all = try proofs(bench.desk)
    let desk = try tampered(
      bench,
      """
      UPDATE event SET payload = replace(payload, 'athanor-world/1', 'athanor-world/0')
        WHERE seq = \(all[0].seq);
      UPDATE event SET payload = json_remove(payload, '$.snapshot') WHERE seq = \(all[4].seq);
      DELETE FROM world_book_snapshot WHERE seq = \(all[4].seq);
      DELETE FROM event WHERE seq = \(all[5].seq);
      DELETE FROM event WHERE kind = 'world.policy_published' AND seq > 10;
      """)
    let findings = try proofs(desk).map(\.finding)
    #expect(findings[0] == .unprovable(.otherEngine("athanor-world/0")))
    #expect(findings[1...3].allSatisfy { $0 == .proven })
    guard case .unprovable(.snapshotMissing) = findings[4] else {
      Issue.record("\(findings[4])")
      return
    }
    #expect(findings[5] == .unprovable(.eventMissing))
    #expect(findings[6...].allSatisfy { $0 == .unprovable(.policyMissing(version: 2)) })
  }

  @Test("a snapshot that was recorded once proves every plan that names it")
  func sharedSnapshot() throws {
    let bench = try WorldDeskBench()
    try bench.begin(["a"])
    let receipt = try bench.evaluate(["a": 1])
    let event = try #require(receipt.entries.first { $0.event.kind == "world.evaluated" })
    let stored = try #require(
      try bench.journal.events(after: event.seq - 1, limit: 1).first?.payload)
    guard case .object(let members) = stored else { return }
    // The same decision on record again, which names what it saw and does not repeat it.
    try bench.journal.append([
      JournalDraft(
        "world.evaluated", at: bench.clock.now, run: "world:w", world: "w", subject: "",
        payload: .object(members.filter { $0.name != "snapshot" }))
    ])
    let proofs = try proofs(WorldDesk(bench.desk.setup))
    #expect(proofs.map(\.isProven) == [true, true])
  }
}
