package import Essentials

/// The leverage of an entry, what it may carry, and what decided.
package struct LeverageDecision: Hashable, Sendable {
  /// What kept leverage, or the notional, from being more.
  package enum Bound: String, Hashable, Sendable, CaseIterable {
    /// What may be lost at the stop.
    case riskBudget = "risk_budget"
    case regime
    /// The distance of the liquidation price.
    case liquidation
    case weakEntry = "weak_entry"
    case toxicity
    case venue
    case target
    case floor
    /// Too little is known: the least leverage, and nothing to carry.
    case unknown
  }

  /// The leverage that margin is posted for; at least 1.
  package var leverage: Double
  /// The most notional that the entry may carry, in multiples of equity; infinite never, 0 where
  /// nothing may be carried.
  package var notionalMax: Double
  /// The distance of the protective stop as a fraction of the price, whatever the model; NaN where
  /// volatility is not known.
  package var stopDistance: Double
  /// What decided the notional.
  package var notionalBound: Bound
  /// What decided the leverage.
  package var leverageBound: Bound
  /// The model that decided.
  package internal(set) var source = LeverageModel.riskBudget
  /// Every value on the way, with the limit that it was held against.
  package var measures: [TacticVerdict.Measure]

  package init(
    leverage: Double, notionalMax: Double, stopDistance: Double, notionalBound: Bound,
    leverageBound: Bound, measures: [TacticVerdict.Measure]
  ) {
    self.leverage = leverage
    self.notionalMax = notionalMax
    self.stopDistance = stopDistance
    self.notionalBound = notionalBound
    self.leverageBound = leverageBound
    self.measures = measures
  }

  /// Returns a value on the way by its name; NaN where there is none.
  package subscript(name: String) -> Double {
    measures.first { $0.name == name }?.value ?? .nan
  }

  /// The least leverage and nothing to carry, for want of knowledge.
  static func unknown(_ measures: [TacticVerdict.Measure]) -> LeverageDecision {
    LeverageDecision(
      leverage: 1, notionalMax: 0, stopDistance: .nan, notionalBound: .unknown,
      leverageBound: .unknown, measures: measures)
  }

  /// What is stored with the trade.
  package var json: JSONValue {
    [
      "leverage": .number(leverage), "notional_max": .number(notionalMax),
      "stop_distance": .number(stopDistance), "notional_bound": .string(notionalBound.rawValue),
      "leverage_bound": .string(leverageBound.rawValue),
      "values": .object(measures.map { JSONValue.Member($0.name, .number($0.value)) }),
    ]
  }
}

extension LeverageDecision {
  /// Decides by the configured model. Cost: constant, no allocation but the measures.
  package init(for circumstances: LeverageCircumstances, under settings: LeverageSettings) {
    switch settings.model {
    case .riskBudget: self = RiskBudget.decide(circumstances, under: settings)
    case .seed: self = SeedLeverage.decide(circumstances, under: settings)
    }
    source = settings.model
    measures.append(.init("reject_count", Double(circumstances.balanceRejects.count)))
  }

  /// Returns the greatest leverage whose liquidation price keeps a distance.
  package static func liquidationCap(maintenance: Double, buffer: Double, distance: Double)
    -> Double
  {
    let sum = maintenance + buffer + distance
    return sum > 0 ? 1 / sum : .greatestFiniteMagnitude
  }
}
