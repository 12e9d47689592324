import Essentials
import Mathematics
import TestKit
import Testing

@testable import Research

@Suite("Lane bandit")
struct LaneBanditTests {
  /// Plays against arms that pay 1 with their probability, else 0.
  private static func play(
    _ bandit: inout LaneBandit, rounds: Int, seed: UInt64,
    chance: (LaneBandit.Arm) -> Double
  ) -> [LaneBandit.Arm] {
    var generator = SplitMix64(seed: seed)
    return (0..<rounds).map { _ in
      let arm = bandit.choose(using: &generator)
      let reward = generator.nextUniform() < chance(arm) ? 1.0 : 0
      bandit.record(LaneBandit.Outcome(arm: arm, reward: reward))
      return arm
    }
  }

  @Test("a planted best arm gets most of the pulls, and the explore lane keeps its floor")
  func converges() {
    let best = LaneBandit.Arm(lane: .exploit, operation: .smooth)
    for seed in UInt64(1)...5 {
      var bandit = LaneBandit(exploreFloor: 0.3)
      let played = Self.play(&bandit, rounds: 3000, seed: seed) { $0 == best ? 0.8 : 0.4 }
      let late = played.suffix(1000)
      #expect(late.count { $0 == best } > 550, "seed \(seed)")
      let explored = played.count { $0.lane == .explore }
      #expect(explored >= 899, "seed \(seed): \(explored)")
      for length in [10, 100, 1000] {
        let share = Double(played.prefix(length).count { $0.lane == .explore }) / Double(length)
        #expect(share >= 0.3 - 1 / Double(length), "seed \(seed), \(length) pulls: \(share)")
      }
    }
  }

  @Test("the floor holds among the arms that are possible")
  func possible() {
    var bandit = LaneBandit(exploreFloor: 0.5)
    var generator = SplitMix64(seed: 1)
    let open = [
      LaneBandit.Arm(lane: .exploit, operation: .gate),
      LaneBandit.Arm(lane: .explore, operation: nil),
    ]
    for _ in 0..<100 {
      let arm = bandit.choose(among: open, using: &generator)
      bandit.record(.init(arm: arm, reward: arm.lane == .exploit ? 1 : 0))
    }
    #expect((bandit.exploreShare ?? 0) >= 0.49)
    #expect(bandit.merit(of: open[0]) > 1 && bandit.merit(of: open[1]) < 1)
  }

  @Test("a state that is folded from its events again chooses as the first one does")
  func restarts() {
    var bandit = LaneBandit()
    _ = Self.play(&bandit, rounds: 40, seed: 3) { _ in 0.5 }
    var outcomes: [LaneBandit.Outcome] = []
    var again = LaneBandit()
    var generator = SplitMix64(seed: 3)
    for _ in 0..<40 {
      let arm = again.choose(using: &generator)
      let outcome = LaneBandit.Outcome(
        arm: arm, reward: generator.nextUniform() < 0.5 ? 1.0 : 0)
      outcomes.append(outcome)
      again.record(outcome)
    }
    var folded = LaneBandit()
    folded.record(outcomes.compactMap { LaneBandit.Outcome(json: $0.json) })
    #expect(folded == bandit && again == bandit)
  }

  @Test("rewards are bounded, and rise with the gain over the parent")
  func rewards() {
    #expect(LaneBandit.reward(score: 1, before: 1) == 0.5)
    #expect(LaneBandit.reward(score: 1.5, before: 1) == 0.75)
    #expect(LaneBandit.reward(score: 1e300, before: -1e300) <= 1)
    #expect(LaneBandit.reward(score: nil, before: 1) == 0)
    #expect(LaneBandit.reward(score: .nan, before: 1) == 0)
    let arm = LaneBandit.Arm(lane: .exploit, operation: nil)
    #expect(LaneBandit.Outcome(arm: arm, reward: .nan).reward == 0)
    #expect(LaneBandit.Outcome(arm: arm, reward: 7).reward == 1)
  }
}
