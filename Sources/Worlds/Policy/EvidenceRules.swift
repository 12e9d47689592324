package import Essentials

/// When data is current enough to act upon: `data_currency`.
package struct CurrencyRules: Hashable, Sendable {
  /// The closed bound of the lag of data behind the evaluation.
  package var lagMax = TimeSpan.minutes(5)
  package var historyMin = TimeSpan.days(60)
  package var alignment = BarAlignment.none
  /// `24x7`, or the code of an exchange.
  package var calendar = "24x7"
  /// What must have been seen before an instance counts as warm.
  package var warmup = WarmupRule.maxNodes
  /// Data that is later than the evaluation by more is from the future.
  package var clockSkew = TimeSpan.seconds(2)
  package var onStale = StaleAction.evalOnly
  /// After so long without current data, live gates close.
  package var haltAfter = TimeSpan.minutes(10)
  /// Datasets with rules of their own, by id.
  package var datasets: [DatasetRule] = []

  /// What the beginning of a bar is.
  package enum BarAlignment: String, Hashable, Sendable, CaseIterable {
    case sessionCalendar = "session_calendar"
    case utc, none
  }
  /// What an instance must have seen before it counts as warm.
  package enum WarmupRule: String, Hashable, Sendable, CaseIterable {
    /// The longest look-back of the nodes that an instance uses.
    case maxNodes = "max_nodes"
    case none
  }
  /// What happens while data is stale.
  package enum StaleAction: String, Hashable, Sendable, CaseIterable {
    case evalOnly = "eval_only"
    /// Live gates close at once.
    case freeze
  }
  /// What holds for one dataset in place of the common rule; nil for the common one.
  package struct DatasetRule: Hashable, Sendable {
    package var id: String
    package var lagMax: TimeSpan?
    package var calendar: String?

    package init(id: String, lagMax: TimeSpan? = nil, calendar: String? = nil) {
      self.id = id
      self.lagMax = lagMax
      self.calendar = calendar
    }
  }

  package init() {}
}

/// When a world is evaluated: `evaluation`.
package struct EvaluationRules: Hashable, Sendable {
  /// Nil for every interval.
  package var every: TimeSpan?
  /// After the beginning of a cycle.
  package var offset = TimeSpan.zero
  /// The time within which measures should be computed.
  package var deadline = TimeSpan.minutes(1)

  package init() {}
}

/// What measures are taken over and how much evidence they need: `metrics`.
package struct MetricRules: Hashable, Sendable {
  /// Periods of a year.
  package var annualise = 365.0
  package var returns = ReturnsBasis.netSimple
  package var short = TimeSpan.days(7)
  package var mid = TimeSpan.days(30)
  package var long = TimeSpan.days(180)
  /// The samples below which a measure counts as unknown, by base name, in order of the names.
  package var samples: [SampleRule] = []
  /// Names of measures that others hand in.
  package var external: [String] = []

  /// What returns are measured after.
  package enum ReturnsBasis: String, Hashable, Sendable, CaseIterable {
    /// Of compounded equity, after fees and slippage.
    case netSimple = "net_simple"
    case gross
  }
  /// The samples that one measure needs; nil where it needs none of a kind.
  package struct SampleRule: Hashable, Sendable {
    package var metric: String
    package var daysMin: Double?
    package var tradesMin: Double?
    package var barsMin: Double?

    package init(metric: String) {
      self.metric = metric
    }
  }

  package init() {}

  /// The length of a window, nil for one that is counted in bars.
  package func length(of window: MetricWindow) -> TimeSpan? {
    switch window {
    case .short: short
    case .mid: mid
    case .long: long
    case .days(let count): .days(Int64(count))
    case .hours(let count): .hours(Int64(count))
    case .bars: nil
    }
  }
}

/// What must be shown against luck before a promotion: `robustness`. Its demands stand beside the
/// gates; incumbents are not asked again.
package struct RobustnessRules: Hashable, Sendable {
  package var trials = TrialCount.registry
  package var deflatedSharpe: DeflatedSharpe?
  package var purgedFolds: PurgedFolds?
  package var walkForward: WalkForwardRule?

  /// Where the number of tried variants comes from, which a deflated Sharpe ratio needs.
  package enum TrialCount: Hashable, Sendable {
    /// What the journal says was tried.
    case registry
    case fixed(Int)
  }
  /// Demands `dsr@window >= min`.
  package struct DeflatedSharpe: Hashable, Sendable {
    package var min: Double
    package var window = MetricWindow.long

    package init(min: Double) {
      self.min = min
    }
  }
  /// Demands `cv_sharpe_mean >= mean_min` and `cv_sharpe_std <= deviation_max`.
  package struct PurgedFolds: Hashable, Sendable {
    package var folds = 6
    /// A share of the rows.
    package var embargo = 0.01
    package var meanSharpeMin: Double?
    package var deviationMax: Double?

    package init() {}
  }
  /// Demands `wf_positive >= positive_min`.
  package struct WalkForwardRule: Hashable, Sendable {
    package var train = TimeSpan.days(120)
    package var test = TimeSpan.days(30)
    package var step = TimeSpan.days(30)
    package var positiveMin: Double?

    package init() {}
  }

  package init() {}

  /// The demands as a gate.
  package var gate: PolicyGate {
    var parts: [PolicyExpression] = []
    if let rule = deflatedSharpe {
      parts.append(
        .binary(
          .greaterOrEqual, .metric(MetricName(base: "dsr", over: rule.window)), .number(rule.min)))
    }
    if let mean = purgedFolds?.meanSharpeMin {
      parts.append(
        .binary(.greaterOrEqual, .metric(MetricName(base: "cv_sharpe_mean")), .number(mean)))
    }
    if let deviation = purgedFolds?.deviationMax {
      parts.append(
        .binary(.lessOrEqual, .metric(MetricName(base: "cv_sharpe_std")), .number(deviation)))
    }
    if let share = walkForward?.positiveMin {
      parts.append(
        .binary(.greaterOrEqual, .metric(MetricName(base: "wf_positive")), .number(share)))
    }
    return .and(parts.map(PolicyGate.expression))
  }
}
