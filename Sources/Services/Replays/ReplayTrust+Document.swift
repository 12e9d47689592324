package import Backtesting
package import Essentials
import Mathematics

extension ReplayTrust {
  /// The judgment as a JSON object.
  ///
  /// Figures that are not known are `null`, and `unknown` says for each of them why. Sharpe ratios are
  /// annual, probabilities and shares are fractions, amounts are coins.
  package var json: JSONValue {
    var reasons: [JSONValue.Member] = []
    func note<Value>(_ name: String, _ finding: Finding<Value>) {
      if let reason = finding.reason { reasons.append(.init(name, .string(reason))) }
    }
    note("expectancy", expectancy)
    note("equity", equity)
    note("random_instants", randomInstants)
    note("random_sides", randomSides)
    note("held_market", heldMarket)
    let share = wins.interval(confidence: settings.confidence)
    return [
      "verdict": .string(verdict.rawValue), "sentence": .string(verdict.sentence.english),
      "grounds": .array(
        grounds.map {
          [
            "question": .string($0.question.rawValue), "bearing": .string($0.bearing.rawValue),
            "sentence": .string($0.sentence.english),
          ]
        }),
      "trades": .integer(trades), "open_trades": .integer(openTrades), "net": .number(net),
      "wins": .integer(wins.successes), "losses": .integer(losses),
      "win_share_from": .number(share.lowerBound), "win_share_to": .number(share.upperBound),
      "break_even_share": .optional(breakEvenShare),
      "expectancy": expectancy.value.map(\.json) ?? .null,
      "equity": equity.value.map(\.json) ?? .null,
      "random_instants": randomInstants.value.map {
        [
          "comparison": $0.comparison.json, "execution_gap": .number($0.executionGap),
          "trades": .integer($0.trades), "room": .number($0.room),
        ]
      } ?? .null,
      "random_sides": randomSides.value.map {
        ["comparison": $0.comparison.json, "groups": .integer($0.groups)]
      } ?? .null,
      "held_market": heldMarket.value.map {
        [
          "total_return": .number($0.totalReturn), "drawdown": .number($0.drawdown),
          "sharpe": .optional($0.annualSharpe), "beta": .optional($0.beta),
          "difference": $0.difference.map(\.json) ?? .null,
        ]
      } ?? .null,
      "trials": .integer(settings.trials), "confidence": .number(settings.confidence),
      "unknown": .object(reasons),
    ]
  }
}

extension TradeExpectancy {
  fileprivate var json: JSONValue {
    [
      "coins": .number(coins.estimate), "coins_interval": coins.json,
      "return": .number(returns.estimate), "return_interval": returns.json,
      "block_length": .number(blockLength), "no_gain_probability": .number(noGainProbability),
    ]
  }
}

extension EquityTrust {
  fileprivate var json: JSONValue {
    [
      "period_ms": .integer(Int(period.milliseconds)), "observations": .integer(observations),
      "sharpe": .number(annualSharpe), "sharpe_interval": annualInterval.map(\.json) ?? .null,
      "probabilistic_sharpe": .optional(aboveZero), "deflated_sharpe": .optional(deflated),
      "lucky_sharpe": .number(annualLuckySharpe), "days_needed": .optional(daysNeeded),
    ]
  }
}

extension NullComparison {
  fileprivate var json: JSONValue {
    [
      "observed": .number(observed), "expected": .number(expected),
      "deviation": .number(deviation), "probability": .number(probability),
      "difference": difference.json, "draws": .integer(draws),
    ]
  }
}
