/// How often an entry rule takes costs from an expectation.
package enum CostCounting: String, Hashable, Sendable, CaseIterable {
  /// Costs are taken from gross expectations, once.
  case once
  /// Fees are taken again from expectations that are net, and leverage multiplies gains only.
  case seed
}

/// Which of the two cost rules, net expectancy and fee, decides an entry.
package enum CostGateMode: String, Hashable, Sendable, CaseIterable {
  /// The fee rule is for information where both apply.
  case expectancyPreferred = "nx_preferred"
  /// The net expectancy is for information where both apply.
  case feePreferred = "fee_preferred"
  /// One of the two is enough.
  case softOr = "soft_or"
  case both, strict
}

/// What the agreement of drift and position is measured in.
package enum AlignmentMeasure: String, Hashable, Sendable, CaseIterable {
  /// The drift over the time the position is meant to be held, a return like the thresholds.
  case horizonReturn = "horizon_return"
  /// The annual drift itself.
  case seed
}

/// How far measured skill may move the demands of the direction gate.
package enum GateAdaptation: String, Hashable, Sendable, CaseIterable {
  /// Only as far as its 95 % interval excludes chance.
  case significant
  /// As it is measured, whatever the sample.
  case seed
}

/// What the confirmation of an exit counts.
package enum ConfirmationMeasure: String, Hashable, Sendable, CaseIterable {
  /// Time of events during which the trigger held without a break.
  case eventTime = "event_time"
  /// Decision cycles, however long they take.
  case seed
}

/// What the chance of reaching the target is judged by.
package enum ProfitMeasure: String, Hashable, Sendable, CaseIterable {
  /// The share of targets among the paths that reach a barrier, which the horizon does not decide.
  case resolvedShare = "resolved_share"
  /// The plain probability within the horizon.
  case seed
}

/// What an unrealized loss is measured in.
package enum DrawdownMeasure: String, Hashable, Sendable, CaseIterable {
  /// The move of the price, never closer than noise reaches.
  case price
  /// The return on margin, which leverage multiplies.
  case seed
}

/// When the floor of unrealized losses begins to hold.
package enum DrawdownStart: String, Hashable, Sendable, CaseIterable {
  case immediate
  /// Behind the minimum hold.
  case seed
}

/// How often a shock raises the floor of unrealized losses.
package enum ShockCounting: String, Hashable, Sendable, CaseIterable {
  case once
  /// By its score, and again by its mode.
  case seed
}

/// What tells that a position which vanished was forced out.
package enum ForcedCloseEvidence: String, Hashable, Sendable, CaseIterable {
  /// The mark near or beyond the liquidation price, or safety mode.
  case price
  /// Also the number of times it was missed, which nearly every vanished position reaches.
  case seed
}

/// How leverage and the notional that it may carry are found.
package enum LeverageModel: String, Hashable, Sendable, CaseIterable {
  /// From what may be lost at the stop, and how far noise reaches.
  case riskBudget = "risk_budget"
  /// From expectation over risk blended with a signal.
  case seed
}

/// How scores become shares of the capital.
package enum WeightTransform: String, Hashable, Sendable, CaseIterable {
  case linear, power, softmax
  case standardizedSoftmax = "zscore_softmax"
}

/// How the share of the capital that a market's expectation deserves is found.
package enum KellyModel: String, Hashable, Sendable, CaseIterable {
  /// For all wanted markets together, beside what is held, by how they move together.
  case multivariate
  /// For each market as if there were no other, dealt out by scores.
  case single
}

/// What is allocated where no score is positive.
package enum EmptyAllocation: String, Hashable, Sendable, CaseIterable {
  case nothing
  /// Equal weights.
  case seed
}

/// What happens to an order below the least that the venue takes.
package enum SmallOrderMode: String, Hashable, Sendable, CaseIterable {
  /// It is raised to the least, within a ratio.
  case raise
  case skip
}

/// What the results of trades are measured in when a symbol is judged.
package enum ResultMeasure: String, Hashable, Sendable, CaseIterable {
  /// Returns of the notional.
  case notional
  /// Returns of the margin, which leverage multiplies.
  case seed
}

/// Which probabilities a side must show before it is chosen.
package enum ProbabilityLimits: String, Hashable, Sendable, CaseIterable {
  case none
  /// The probability of any profit.
  case profit
  /// Also those of reaching the target and the stop, which the horizon decides.
  case seed
}

/// The law of motion of simulated prices.
package enum OutlookLaw: String, Hashable, Sendable, CaseIterable {
  /// Geometric Brownian motion, which has closed forms and is never simulated.
  case gaussian
  /// Steps with Student's t distribution.
  case student
  /// Geometric Brownian motion with jumps.
  case jumps
  /// A pull to a level in markets that revert, where one is believed; Student's t elsewhere.
  case reverting
  /// A variance that follows from the last one, where it is known; Student's t elsewhere.
  case garch
  /// Steps drawn from the market's own past, once there is enough; Student's t before.
  case bootstrap
}

/// Where simulated trades are stopped.
package enum StopModel: String, Hashable, Sendable, CaseIterable {
  /// At the distance of the protective stop that an entry would get.
  case riskBudget = "risk_budget"
  /// At a configured distance that grows with volatility and horizon.
  case seed
}

/// How an entry is ordered.
package enum EntryOrderKind: String, Hashable, Sendable, CaseIterable {
  /// At any price.
  case market
  /// At once, at a limit that lies a little beyond the price that was decided at, or not at all.
  case limit
}

/// How much estimates of a drift count.
package enum BeliefRules: String, Hashable, Sendable, CaseIterable {
  /// By their errors: what chance explains counts for nothing.
  case derived
  /// At face value, whatever their errors, up to a cap.
  case faceValue = "face_value"
  /// At face value, in the fixed annual units and with the fixed reactions of the seed.
  case seed
}
