import Mathematics

/// Seeded draws for simulated markets.
struct Chance {
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  mutating func uniform() -> Double { generator.nextUniform() }

  mutating func whole(below bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  /// A draw of the standard normal distribution.
  mutating func normal() -> Double {
    StandardNormal.quantile((Double(generator.next() >> 12) + 0.5) * 0x1p-52)
  }

  /// A waiting time with mean one.
  mutating func exponential() -> Double { -Elementary.log(onePlus: -generator.nextUniform()) }

  /// Independent normal draws.
  mutating func normals(_ count: Int, deviation: Double = 1) -> [Double] {
    (0..<count).map { _ in deviation * normal() }
  }
}
