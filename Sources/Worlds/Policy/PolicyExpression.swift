package import Essentials

/// A checked formula over measures: the one language of gates and scores.
///
/// A value that is NaN, infinite, missing or short of its samples is *unknown*; so is what is computed
/// from it, but for `false and unknown`, which is false, `true or unknown`, which is true, and the
/// functions `coalesce` and `known`. Dividing by zero is unknown.
package indirect enum PolicyExpression: Hashable, Sendable {
  case number(Double)
  case duration(TimeSpan)
  case boolean(Bool)
  case metric(MetricName)
  case negative(PolicyExpression)
  case not(PolicyExpression)
  case binary(PolicyOperator, PolicyExpression, PolicyExpression)
  /// Whether the first lies in the closed interval from the second to the third.
  case within(PolicyExpression, PolicyExpression, PolicyExpression)
  case call(PolicyFunction, [PolicyExpression])
}

/// An operation of two operands.
package enum PolicyOperator: String, Hashable, Sendable, CaseIterable {
  case or, and
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case unequal = "!="
  case plus = "+"
  case minus = "-"
  case times = "*"
  case over = "/"
  case power = "^"
}

/// A function of the language.
package enum PolicyFunction: String, Hashable, Sendable, CaseIterable {
  case min, max, abs, sqrt, log, exp
  /// `clip(x, low, high)`.
  case clip
  /// The first of its arguments that is known.
  case coalesce
  /// Whether its argument is known.
  case known
  /// The place among the instances of the same side whose measure is known, 1 for the largest value;
  /// ties share the mean place.
  case rank
  /// The share of those instances that it reaches or exceeds, ties by their mean: (n - rank) / (n - 1).
  case pctile
  /// Distance from their mean in standard deviations of the sample.
  case zscore

  /// Whether it compares an instance with the others of its side.
  package var isCrossSectional: Bool { [.rank, .pctile, .zscore].contains(self) }
}

/// A condition that evidence meets, does not meet, or is too thin to tell.
package indirect enum PolicyGate: Hashable, Sendable {
  case expression(PolicyExpression)
  case and([PolicyGate])
  case or([PolicyGate])
  case not(PolicyGate)
  /// A condition for each side; nil lets a side pass.
  case side(long: PolicyGate?, short: PolicyGate?)

  /// The condition that everything meets.
  package static let open = PolicyGate.and([])
}
