package import Essentials
import Mathematics

/// Learns which lane and which way of making candidates pays, as a value folded from what happened.
///
/// Thompson sampling with normal posteriors (S. Agrawal and N. Goyal, "Further Optimal Regret Bounds
/// for Thompson Sampling", AISTATS 2013, algorithm 2): an arm whose rewards in [0, 1] have the mean
/// `m` over `n` pulls is drawn from N(m, 1 / (4 (n + 1))), with a mean of 1/2 before the first. The
/// variance is that of a reward that is 0 or 1, the largest that is possible.
///
/// The explore lane keeps a floor: where its share of the pulls has fallen below it, only its arms
/// are drawn. The same events in the same order give the same state.
package struct LaneBandit: Hashable, Sendable {
  /// A way to spend a trial.
  package struct Arm: Hashable, Sendable {
    package var lane: Lane
    /// Nil for a proposal of the model.
    package var operation: MutationOperator?

    package init(lane: Lane, operation: MutationOperator?) {
      self.lane = lane
      self.operation = operation
    }

    /// The name in events, such as `explore/window_step`.
    package var name: String {
      "\(lane.rawValue)/\(operation?.rawValue ?? MutationOperator.Source.proposal.rawValue)"
    }

    /// Every arm: proposals and mutations in either lane.
    package static let all: [Arm] = [Lane.exploit, .explore].flatMap { lane in
      [Arm(lane: lane, operation: nil)]
        + MutationOperator.allCases.map { Arm(lane: lane, operation: $0) }
    }
  }

  /// One trial with its reward: what the state is folded from.
  package struct Outcome: Hashable, Sendable {
    package var arm: Arm
    /// In [0, 1]; anything else is brought into it, and NaN counts as 0.
    package var reward: Double

    package init(arm: Arm, reward: Double) {
      self.arm = arm
      self.reward = reward.isNaN ? 0 : min(1, max(0, reward))
    }
  }

  private struct Record: Hashable, Sendable {
    var pulls = 0
    var sum = 0.0
  }

  /// The least share of the pulls that the explore lane gets, 0...1.
  package let exploreFloor: Double
  /// The arms among which is chosen, in a fixed order.
  package let arms: [Arm]
  private var records: [Arm: Record] = [:]

  /// - Precondition: there is an arm, and one of the explore lane where its floor is above 0.
  package init(arms: [Arm] = Arm.all, exploreFloor: Double = 0.3) {
    precondition(!arms.isEmpty, "a bandit without arms")
    precondition(
      exploreFloor <= 0 || arms.contains { $0.lane == .explore },
      "an explore floor of \(exploreFloor) without an arm to explore")
    self.arms = arms
    self.exploreFloor = min(1, max(0, exploreFloor))
  }

  /// Learns from a trial. Arms that are not among ``arms`` are remembered too.
  package mutating func record(_ outcome: Outcome) {
    records[outcome.arm, default: Record()].pulls += 1
    records[outcome.arm, default: Record()].sum += outcome.reward
  }

  /// Learns from many, in their order.
  package mutating func record(_ outcomes: some Sequence<Outcome>) {
    for outcome in outcomes { record(outcome) }
  }

  /// How often an arm was tried.
  package func pulls(of arm: Arm) -> Int { records[arm]?.pulls ?? 0 }

  /// The mean reward with one pull of 1/2 added, in (0, 1).
  package func mean(of arm: Arm) -> Double {
    let record = records[arm] ?? Record()
    return (record.sum + 0.5) / Double(record.pulls + 1)
  }

  /// Twice the mean: 1 for an arm of which nothing is known, less for one that has disappointed.
  package func merit(of arm: Arm) -> Double { 2 * mean(of: arm) }

  /// The explore lane's share of all pulls, nil before the first.
  package var exploreShare: Double? {
    let total = arms.reduce(0) { $0 + pulls(of: $1) }
    guard total > 0 else { return nil }
    let explored = arms.reduce(0) { $0 + ($1.lane == .explore ? pulls(of: $1) : 0) }
    return Double(explored) / Double(total)
  }

  /// Draws the arm of the next trial.
  package func choose(using generator: inout some RandomNumberGenerator) -> Arm {
    choose(among: arms, using: &generator)
  }

  /// Draws the next trial among some of the arms, such as those that are possible. The floor holds
  /// where one of them explores.
  /// - Precondition: `candidates` is not empty.
  package func choose(
    among candidates: [Arm], using generator: inout some RandomNumberGenerator
  ) -> Arm {
    precondition(!candidates.isEmpty, "no arm to choose")
    let total = arms.reduce(0) { $0 + pulls(of: $1) }
    let explored = arms.reduce(0) { $0 + ($1.lane == .explore ? pulls(of: $1) : 0) }
    let isOwed = Double(explored) < exploreFloor * Double(total + 1)
    let exploring = candidates.filter { $0.lane == .explore }
    let open = isOwed && !exploring.isEmpty ? exploring : candidates
    var best = open[0]
    var bestDraw = -Double.infinity
    for arm in open {
      let uniform = (Double(generator.next() >> 11) + 0.5) * 0x1p-53
      let draw =
        mean(of: arm)
        + StandardNormal.quantile(uniform) / (4 * Double(pulls(of: arm) + 1)).squareRoot()
      if draw > bestDraw { (best, bestDraw) = (arm, draw) }
    }
    return best
  }

  /// The reward of a trial: 1/2 where the score is that of the parent, more where it is better, in
  /// (0, 1); a trial that could not be scored earns 0.
  ///
  /// `1/2 + 1/2 * gain / (|gain| + 1/2)`: a gain of half a point of score, such as one of 0.6 in the
  /// Sharpe ratio with its fitness, earns 3/4.
  package static func reward(score: Double?, before: Double) -> Double {
    guard let score, score.isFinite, before.isFinite else { return 0 }
    let gain = score - before
    return 0.5 + 0.5 * gain / (gain.magnitude + 0.5)
  }

  /// The reward of a child by its card and its parent's.
  package static func reward(of child: ScoreCard, over parent: ScoreCard) -> Double {
    reward(score: child.score, before: parent.score)
  }

  /// The state for pages: each arm that was pulled, with its pulls and mean.
  package var json: JSONValue {
    [
      "explore_floor": .number(exploreFloor), "explore_share": .optional(exploreShare),
      "arms": .array(
        arms.filter { pulls(of: $0) > 0 }.map { arm in
          [
            "arm": .string(arm.name), "pulls": .integer(pulls(of: arm)),
            "mean": .number(mean(of: arm)),
          ]
        }),
    ]
  }
}

extension LaneBandit.Outcome {
  /// The payload of the event that a restarted search folds its state from.
  package var json: JSONValue {
    [
      "lane": .string(arm.lane.rawValue),
      "operator": arm.operation.map { .string($0.rawValue) } ?? .null, "reward": .number(reward),
    ]
  }

  /// Reads such a payload; nil where it is none.
  package init?(json: JSONValue) {
    guard case .string(let laneName)? = json["lane"], let lane = Lane(rawValue: laneName) else {
      return nil
    }
    var operation: MutationOperator?
    if case .string(let name)? = json["operator"] {
      guard let known = MutationOperator(rawValue: name) else { return nil }
      operation = known
    }
    let reward: Double
    switch json["reward"] {
    case .number(let value): reward = value
    case .integer(let value): reward = Double(value)
    default: return nil
    }
    self.init(arm: LaneBandit.Arm(lane: lane, operation: operation), reward: reward)
  }
}
