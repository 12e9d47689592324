package import Essentials

extension ExitRegret {
  /// All figures beside those of chance.
  package var json: JSONValue {
    [
      "trades": .integer(trades), "regret": Self.json(regret),
      "scaled_regret": Self.json(scaledRegret), "early": Self.json(early),
      "horizons": .array(
        horizons.map { ["seconds": .number($0.after.seconds), "gain": Self.json($0.gain)] }),
    ]
  }

  private static func json(_ comparison: NullComparison) -> JSONValue {
    [
      "observed": .number(comparison.observed), "expected": .number(comparison.expected),
      "deviation": .number(comparison.deviation),
      "probability": .number(comparison.probability), "difference": comparison.difference.json,
      "draws": .integer(comparison.draws),
    ]
  }
}
