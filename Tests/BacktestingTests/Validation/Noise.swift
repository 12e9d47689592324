import Mathematics

/// Seeded series for statistical laws.
enum Noise {
  /// Independent normal draws.
  static func normal(_ count: Int, seed: UInt64, mean: Double = 0, deviation: Double = 1)
    -> [Double]
  {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let uniform = (Double(generator.next() >> 12) + 0.5) * 0x1p-52
      return mean + deviation * StandardNormal.quantile(uniform)
    }
  }

  /// A first-order autoregression.
  static func autoregressive(_ count: Int, coefficient: Double, seed: UInt64) -> [Double] {
    var level = 0.0
    return normal(count, seed: seed).map { shock in
      level = coefficient * level + shock
      return level
    }
  }
}
