package import Essentials
import Mathematics

extension ReplayTrust {
  /// All figures; where one is not known there is an object with the reason under `unknown`.
  package var json: JSONValue {
    [
      "verdict": .string(verdict.rawValue),
      "sentence": .string(verdict.sentence.english),
      "grounds": .array(
        grounds.map {
          [
            "question": .string($0.question.rawValue), "bearing": .string($0.bearing.rawValue),
            "sentence": .string($0.sentence.english),
          ]
        }),
      "trades": .integer(trades), "openTrades": .integer(openTrades), "net": .number(net),
      "wins": wins.json(confidence: settings.confidence), "losses": .integer(losses),
      "breakEvenShare": .optional(breakEvenShare),
      "expectancy": expectancy.json { $0.json }, "equity": equity.json { $0.json },
      "randomInstants": randomInstants.json { $0.json },
      "randomSides": randomSides.json { $0.json }, "heldMarket": heldMarket.json { $0.json },
      "confidence": .number(settings.confidence), "trials": .integer(settings.trials),
      "slippage": .number(settings.slippage), "seed": .string(String(settings.seed)),
      "draws": .integer(settings.draws), "resamples": .integer(settings.resamples),
    ]
  }
}

extension Calibration {
  /// All figures and bins, intervals at a confidence.
  package func json(confidence: Double = 0.95) -> JSONValue {
    [
      "verdict": .string(verdict.rawValue), "came": came.json(confidence: confidence),
      "said": .number(said), "gap": gap?.json ?? .null,
      "brier": .number(brier.value), "reliability": .number(brier.reliability),
      "resolution": .number(brier.resolution), "uncertainty": .number(brier.uncertainty),
      "withinBins": .number(brier.withinBins), "inTheLarge": .optional(inTheLarge),
      "maximalDeviation": .number(maximalDeviation), "deviatesUpTo": .number(deviatesUpTo),
      "maximalProbability": .optional(maximalProbability),
      "bins": .array(
        bins.map {
          [
            "lowest": .number($0.chances.lowerBound), "highest": .number($0.chances.upperBound),
            "said": .number($0.said), "came": $0.came.json(confidence: confidence),
          ]
        }),
    ]
  }
}

extension ExitRegret {
  /// All figures beside those of chance.
  package var json: JSONValue {
    [
      "trades": .integer(trades), "regret": regret.json, "scaledRegret": scaledRegret.json,
      "early": early.json,
      "horizons": .array(
        horizons.map { ["seconds": .number($0.after.seconds), "gain": $0.gain.json] }),
    ]
  }
}

extension Finding {
  fileprivate func json(_ known: (Value) -> JSONValue) -> JSONValue {
    switch self {
    case .known(let value): known(value)
    case .unknown(let reason): ["unknown": .string(reason)]
    }
  }
}

extension Proportion {
  fileprivate func json(confidence: Double) -> JSONValue {
    let interval = interval(confidence: confidence)
    return [
      "count": .integer(successes), "of": .integer(trials), "share": .number(share),
      "lower": .number(interval.lowerBound), "upper": .number(interval.upperBound),
    ]
  }
}

extension ConfidenceInterval {
  fileprivate var json: JSONValue {
    [
      "estimate": .number(estimate), "lower": .number(lower), "upper": .number(upper),
      "confidence": .number(confidence),
    ]
  }
}

extension NullComparison {
  fileprivate var json: JSONValue {
    [
      "observed": .number(observed), "chance": .number(expected),
      "deviation": .number(deviation), "probability": .number(probability),
      "difference": difference.json, "draws": .integer(draws),
    ]
  }
}

extension TradeExpectancy {
  fileprivate var json: JSONValue {
    [
      "coins": coins.json, "returns": returns.json, "blockLength": .number(blockLength),
      "noGainProbability": .number(noGainProbability),
    ]
  }
}

extension EquityTrust {
  fileprivate var json: JSONValue {
    [
      "periodSeconds": .number(period.seconds), "observations": .integer(observations),
      "annualSharpe": .number(annualSharpe), "annualInterval": annualInterval?.json ?? .null,
      "aboveZero": .optional(aboveZero), "deflated": .optional(deflated),
      "annualLuckySharpe": .number(annualLuckySharpe), "trials": .integer(trials),
      "daysNeeded": .optional(daysNeeded),
    ]
  }
}

extension RandomInstants {
  fileprivate var json: JSONValue {
    [
      "trades": .integer(trades), "room": .number(room), "executionGap": .number(executionGap),
      "coinsPerTrade": comparison.json,
    ]
  }
}

extension RandomSides {
  fileprivate var json: JSONValue {
    ["groups": .integer(groups), "coinsPerTrade": comparison.json]
  }
}

extension HeldMarket {
  fileprivate var json: JSONValue {
    [
      "totalReturn": .number(totalReturn), "drawdown": .number(drawdown),
      "annualSharpe": .optional(annualSharpe), "accountReturn": .number(accountReturn),
      "difference": difference?.json ?? .null, "beta": .optional(beta),
      "contracts": .integer(contracts),
    ]
  }
}
