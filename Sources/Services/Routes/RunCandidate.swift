package import Essentials
package import Research

/// A candidate of a run, as far as the run's events tell of it.
package struct RunCandidate: Hashable, Sendable {
  /// How far a candidate came.
  ///
  /// ```
  /// proposed ─> validating ─> validated ─> queued ─> simulating ─> simulated
  ///     │            │  ▲          │                      └──────> failed
  ///     │   rejected ◀──┘ repairing└─> duplicate
  ///     └─> dropped      (a rejected one that is repaired is validated after all)
  /// ```
  package enum State: String, Hashable, Sendable, CaseIterable {
    case proposed, validating, repairing, rejected, validated, queued, simulating, simulated
    case failed, dropped, duplicate
  }

  /// The key by which events name it; for a formula that was simulated outside of research, which
  /// has none, what its event is about, the formula's fingerprint.
  package let key: String
  /// The name that a simulator gave it, nil before.
  package internal(set) var alphaID: String?
  package internal(set) var idea = ""
  package internal(set) var lane: Lane?
  /// The formula that the latest event tells.
  package internal(set) var formula: CandidateFacts.Formula?
  package internal(set) var lineage = CandidateFacts.Lineage()
  /// How it was made from its parent, nil for a proposal.
  package internal(set) var mutationSource: String?
  package internal(set) var state = State.proposed
  /// Whether the latest judgment let it pass, nil before the first.
  package internal(set) var passed: Bool?
  package internal(set) var score: Double?
  package internal(set) var metrics: RecordedMetrics?
  /// What the run recorded of its trust, null where it recorded nothing.
  package internal(set) var trust = JSONValue.null
  /// Texts of it that were checked.
  package internal(set) var attempts = 0
  /// Why it did not go on or did not pass, as the latest event says.
  package internal(set) var errors: [String] = []
  /// What it was simulated on, with `name` and `fingerprint`; null before, and on a remote simulator.
  package internal(set) var panel = JSONValue.null
  package internal(set) var settings = JSONValue.null
  package internal(set) var firstSeq: Int64
  package internal(set) var lastSeq: Int64

  init(key: String, seq: Int64) {
    self.key = key
    firstSeq = seq
    lastSeq = seq
  }

  /// The members of the wire.
  package var json: JSONValue {
    [
      "candidate_key": .string(key), "alpha_id": .orNull(alphaID), "idea_id": .string(idea),
      "lane": .orNull(lane?.rawValue), "expression": .orNull(formula?.text),
      "canonical": .orNull(formula?.canonical), "fingerprint": .orNull(formula?.fingerprint),
      "state": .string(state.rawValue), "passed": .orNull(passed), "score": .optional(score),
      "metrics": Self.json(metrics), "trust": trust, "attempts": .integer(attempts),
      "errors": .strings(errors), "parent_candidate_key": .orNull(lineage.parent),
      "mutation_source": .orNull(mutationSource), "generation": .integer(lineage.generation),
      "first_seq": .integer(Int(firstSeq)), "last_seq": .integer(Int(lastSeq)), "panel": panel,
      "settings": settings,
    ]
  }

  private static func json(_ metrics: RecordedMetrics?) -> JSONValue {
    [
      "sharpe": .optional(metrics?.sharpe), "fitness": .optional(metrics?.fitness),
      "turnover": .optional(metrics?.turnover), "returns": .optional(metrics?.other("returns")),
      "drawdown": .optional(metrics?.drawdown), "margin": .optional(metrics?.other("margin")),
      "coverage": .optional(metrics?.coverage),
    ]
  }
}

extension RecordedMetrics {
  /// A figure that no judgment reads, nil where the simulator did not say it.
  package func other(_ name: String) -> Double? {
    switch others.first(where: { $0.name == name })?.value {
    case .integer(let whole)?: Double(whole)
    case .number(let number)?: number.isFinite ? number : nil
    default: nil
    }
  }
}
