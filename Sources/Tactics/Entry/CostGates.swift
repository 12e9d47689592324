import Markets

/// The gates that ask what is left of an expectation.
///
/// With ``CostCounting/once`` costs are taken from gross expectations, and an expectation that is
/// net already is left alone. With ``CostCounting/seed`` the configured fee is taken from net
/// expectations again.
enum CostGates {
  /// The leverage up to which the seed multiplies an expectation.
  private static let seedLeverageMax = 50.0

  /// Not both sides expect to lose.
  static func bothNegative(
    _ entry: EntryCircumstances, _ settings: EntrySettings
  ) -> TacticVerdict {
    let reason = EntryGate.bothNegative.rawValue
    let long = net(entry.long, entry, settings.costs)
    let short = net(entry.short, entry, settings.costs)
    guard long.isFinite, short.isFinite else { return .notApplicable(reason) }
    let floor = settings.costs.bothNetFloor
    return .passing(
      if: long > floor || short > floor, reason,
      [.init("net_long", long, limit: floor), .init("net_short", short, limit: floor)])
  }

  /// The trade expects enough before costs.
  static func gross(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings
  ) -> TacticVerdict {
    let reason = EntryGate.gross.rawValue
    var expected = gross(entry[side], entry, settings.costs)
    if !settings.costs.grossRequiresSide {
      let other = gross(entry[side.opposite], entry, settings.costs)
      if other.isFinite { expected = expected.isFinite ? max(expected, other) : other }
    }
    guard expected.isFinite else { return .notApplicable(reason) }
    let limit = settings.costs.grossMin.value(in: entry.market.regime)
    return .passing(if: expected >= limit, reason, [.init("gross", expected, limit: limit)])
  }

  /// The trade expects enough after costs, and the more of it the more poison and doubt there are.
  static func netExpectancy(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings
  ) -> TacticVerdict {
    let reason = EntryGate.netExpectancy.rawValue
    let costs = settings.costs
    let regime = entry.market.regime
    let toxicity = entry.market.toxicity
    let confidence = entry.direction.confidence
    var floor = costs.netMin.value(in: regime)
    var measures: [TacticVerdict.Measure] = []
    if toxicity > costs.toxicityStart {
      let excess = (toxicity - costs.toxicityStart) / (1 - costs.toxicityStart)
      let bump = costs.toxicityBump.value(in: regime) * excess
      floor += bump
      measures.append(.init("toxicity_bump", bump))
    }
    if confidence < costs.confidenceReference {
      let lack = (costs.confidenceReference - confidence) / costs.confidenceReference
      let bump = costs.confidenceBump.value(in: regime) * lack
      floor += bump
      measures.append(.init("confidence_bump", bump))
    }
    let net = net(entry[side], entry, costs)
    measures += [
      .init("cost", cost(entry, costs)), .init("toxicity", toxicity),
      .init("direction_confidence", confidence),
    ]
    guard net.isFinite else {
      return costs.requiresSignal
        ? TacticVerdict(.fail, reason, [.init("net", net, limit: floor)] + measures)
        : .notApplicable(reason, measures)
    }
    return .passing(
      if: net >= floor, reason, [.init("net", net, limit: floor)] + measures)
  }

  /// A trade that ends at target, stop or time-out expects a multiple of its costs.
  static func fee(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings
  ) -> TacticVerdict {
    let reason = EntryGate.fee.rawValue
    let costs = settings.costs
    var expected = entry[side].eventReturn
    if costs.counting == .seed {
      expected *= min(entry.leverage.known(or: 1), seedLeverageMax)
    }
    guard expected.isFinite else { return .notApplicable(reason) }
    let cost = cost(entry, costs)
    let limit = cost * costs.feeMultiple.value(in: entry.market.regime) + costs.feeExtra
    return .passing(
      if: expected >= limit, reason,
      [.init("event_return", expected, limit: limit), .init("cost", cost)])
  }

  /// Makes one of the two cost rules informational where the settings say so.
  static func reconcile(
    netExpectancy: inout TacticVerdict, fee: inout TacticVerdict, by mode: CostGateMode
  ) {
    guard netExpectancy.outcome != .notApplicable, fee.outcome != .notApplicable else { return }
    func inform(_ verdict: inout TacticVerdict) {
      guard verdict.outcome == .fail else { return }
      verdict = .notApplicable(verdict.reason + "_informational", verdict.measures)
    }
    switch mode {
    case .expectancyPreferred: inform(&fee)
    case .feePreferred: inform(&netExpectancy)
    case .softOr:
      if netExpectancy.outcome == .pass {
        inform(&fee)
      } else if fee.outcome == .pass {
        inform(&netExpectancy)
      }
    case .both, .strict: break
    }
  }

  // MARK: - Costs

  /// What getting in and out costs: the estimate of the trade, or the configured fee.
  private static func cost(_ entry: EntryCircumstances, _ costs: EntrySettings.Costs) -> Double {
    let configured = 2 * (costs.baseFee + costs.slippageBasisPoints * 1e-4)
    return costs.counting == .seed ? configured : entry.roundTripCost.known(or: configured)
  }

  /// What is expected after costs; NaN where nothing is.
  private static func net(
    _ belief: SideBelief, _ entry: EntryCircumstances, _ costs: EntrySettings.Costs
  ) -> Double {
    if costs.counting == .seed { return belief.netReturn - cost(entry, costs) }
    return belief.netReturn.isFinite
      ? belief.netReturn : belief.grossReturn - cost(entry, costs)
  }

  /// What is expected before costs; NaN where nothing is.
  private static func gross(
    _ belief: SideBelief, _ entry: EntryCircumstances, _ costs: EntrySettings.Costs
  ) -> Double {
    belief.grossReturn.isFinite && costs.counting == .once
      ? belief.grossReturn : belief.netReturn + cost(entry, costs)
  }
}
