import Mathematics

/// Seeded numbers for tests of chance.
struct SeededChance {
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  /// A number from 0 to below 1.
  mutating func unit() -> Double { generator.nextUniform() }

  /// A whole number from one to another, both included.
  mutating func between(_ least: Int, _ most: Int) -> Int {
    least + Int(generator.next() % UInt64(most - least + 1))
  }
}
