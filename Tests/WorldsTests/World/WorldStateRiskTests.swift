import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("The risk of a world as a fold of its record")
struct WorldStateRiskTests {
  private func policy(_ generator: inout SplitMix64, _ version: Int) -> WorldEvent {
    var policy = WorldPolicy(world: "w")
    policy.risk.cuts.dailyLoss = RiskRules.LossCut(
      limit: Double(Int.random(in: 2...6, using: &generator)) / 100)
    policy.risk.cuts.rejectRate = RiskRules.RateCut(
      limit: 0.5, window: .minutes(Int64.random(in: 5...60, using: &generator)), countMin: 2)
    if Bool.random(using: &generator) {
      policy.risk.cuts.fillSilence = RiskRules.SilenceCut(limit: .minutes(30))
    }
    return .policyPublished(
      PolicyPublication(
        version: version, fingerprint: policy.fingerprint, policy: policy, diff: .array([]),
        reason: ""))
  }

  @Test("whoever reads the record anew at any event judges every later one like whoever lived it")
  func restarts() throws {
    for seed in 0..<12 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var now = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
      var record: [WorldEntry] = []
      var lived = WorldState(world: "w")
      var versions = 0
      for number in 1...60 {
        now = now + .seconds(Int64.random(in: 0...5000, using: &generator))
        let event: WorldEvent
        switch number == 1 ? 0 : Int.random(in: 0..<12, using: &generator) {
        case 0:
          versions += 1
          event = policy(&generator, versions)
        case 1:
          event = .paperMarked(
            PaperMark(
              instance: "", account: "live", day: now,
              equity: Double(Int.random(in: 95...105, using: &generator)), dayReturn: .nan,
              trades: 0))
        default:
          let observations = (0..<3).map { _ in RandomObservation.next(&generator) }
            .filter { lived.risk.isTelling($0, at: now) }
          event = .observed(observations, at: now)
        }
        let entry = WorldEntry(seq: Int64(number), at: now, actor: "desk", event: event)
        record.append(entry)
        lived.take(entry)
        // The record as it is read back from its text.
        let read = try record.map { entry in
          WorldEntry(
            seq: entry.seq, at: entry.at, actor: entry.actor,
            event: try WorldEvent(
              kind: entry.event.kind,
              payload: JSONValue(parsing: entry.event.json.compactText)))
        }
        let again = WorldState(world: "w", folding: read)
        #expect(again.risk == lived.risk, "seed \(seed), event \(number)")
        #expect(again.risk.judge(at: now + .hours(1)) == lived.risk.judge(at: now + .hours(1)))
      }
    }
  }
}
