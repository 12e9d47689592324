package import Essentials

/// Who may trade: `selection`.
package struct SelectionRules: Hashable, Sendable {
  /// What those on paper must show.
  package var gates = PolicyGate.open
  /// What incumbents must show; nil for the gates.
  package var keep: PolicyGate?
  package var score = PolicyExpression.number(0)
  package var topK = TopKRule()
  package var correlation: CorrelationRule?
  package var clusters: ClusterRule?
  package var constraints = CountRules()
  package var hysteresis = HysteresisRules()
  package var approval = ApprovalRule.auto
  /// The fewest instances of a side with a known measure for which `rank`, `pctile` and `zscore` mean
  /// anything.
  package var universeMin = 5

  /// How many places there are, in all and for each side.
  package struct TopKRule: Hashable, Sendable {
    package var total = 8
    package var long = 5
    package var short = 3
    /// Whether places that one side leaves empty may be taken by the other.
    package var spills = false

    package init() {}

    /// The places of a side.
    package subscript(side: TradingSide) -> Int { side == .long ? long : short }
  }

  /// How alike two admitted instances may be.
  package struct CorrelationRule: Hashable, Sendable {
    /// The closed bound.
    package var pairwiseMax: Double
    package var measure = Measure.abs
    package var window = MetricWindow.mid
    package var overlapMin = TimeSpan.days(20)
    package var missing = Missing.reject

    /// Whether the sign of a correlation counts.
    package enum Measure: String, Hashable, Sendable, CaseIterable {
      case abs, signed
    }
    /// What an unknown correlation does to the later of the two.
    package enum Missing: String, Hashable, Sendable, CaseIterable {
      case reject, allow
    }

    package init(pairwiseMax: Double) {
      self.pairwiseMax = pairwiseMax
    }
  }

  /// Groups of instances whose distance 1 - |correlation| is small (agglomerative clustering).
  package struct ClusterRule: Hashable, Sendable {
    package var linkage = Linkage.average
    /// Merging stops above this distance.
    package var cut = 0.6
    package var perClusterMax = 3

    /// How far two groups are apart, from the distances of their members.
    package enum Linkage: String, Hashable, Sendable, CaseIterable {
      case average, single, complete
    }

    package init() {}
  }

  /// The most admitted instances that share something; nil for no limit.
  package struct CountRules: Hashable, Sendable {
    package var perStrategy: Int?
    package var perVenue: Int?
    /// By name of the broker, in order of the names.
    package var perBroker: [BrokerCount] = []

    /// The most admitted instances of one broker.
    package struct BrokerCount: Hashable, Sendable {
      package var broker: String
      package var max: Int

      package init(broker: String, max: Int) {
        self.broker = broker
        self.max = max
      }
    }

    package init() {}
  }

  /// How slowly phases change, so that nothing flickers at a threshold.
  package struct HysteresisRules: Hashable, Sendable {
    /// Successive cycles of being admitted before a promotion.
    package var promoteAfter = 2
    /// Successive cycles of failing before a demotion.
    package var demoteAfter = 2
    package var dwellMin = TimeSpan.days(10)
    package var cooldown = TimeSpan.days(3)
    /// Added to the score of incumbents where they are ranked.
    package var rankMargin = 0.0

    package init() {}
  }

  /// Whether a promotion to money needs the word of a person.
  package enum ApprovalRule: Hashable, Sendable {
    case auto
    /// A person among these, who did not publish the policy, lets a promotion happen.
    case manual(approvers: [String])
  }

  package init() {}
}
