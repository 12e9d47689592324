/// Upper bounds of token counts, learned for each model from what providers counted.
///
/// The ratio of actual tokens to the script-aware estimate is remembered for the latest
/// ``samplesMax`` calls of a model. If the next call is like those before it (exchangeable with
/// them), its ratio is at most the `ceil((n + 1) * coverage)`-th smallest of the `n` seen with a
/// probability of at least `coverage`: split conformal prediction (Vovk, Gammerman and Shafer,
/// "Algorithmic Learning in a Random World", 2005, section 2.2). A margin of 2% is added for drift.
///
/// Until that rank exists (99 calls for a coverage of 99%) the bound is the larger of the estimate and
/// the largest ratio seen, and never below the contract value. All arithmetic is in integers.
package struct TokenCalibration: Hashable, Sendable {
  /// The probability, in percent, that a learned bound holds.
  package static let coveragePercent = 99
  package static let samplesMax = 512
  /// How many calls make the rank of the coverage exist: the least n with ceil((n+1)*99/100) <= n.
  package static let samplesNeeded = 99
  /// Models beyond this many are not learned, so that made-up names cannot fill the memory.
  package static let modelsMax = 256
  private static let marginPercent = 2

  /// The ratios of each model in millionths, in the order of their arrival.
  private var models: [String: [Int32]] = [:]

  package init() {}

  /// How many calls of a model are remembered.
  func sampleCount(_ model: String) -> Int { models[model]?.count ?? 0 }

  /// Learns that a prompt estimated at `basis` tokens had `actual`. Neither may be zero.
  package mutating func learn(model: String, basis: Int, actual: Int) {
    guard let ratio = Self.ratio(basis: basis, actual: actual) else { return }
    add(ratio, to: model)
  }

  /// The ratio of an actual count to its estimate in millionths, rounded up; nil where either is none.
  static func ratio(basis: Int, actual: Int) -> Int32? {
    guard basis > 0, actual > 0 else { return nil }
    return Int32(clamping: (Int128(actual) * 1_000_000 + Int128(basis) - 1) / Int128(basis))
  }

  /// Remembers a ratio; the oldest one makes room.
  mutating func add(_ ratio: Int32, to model: String) {
    guard models.count < Self.modelsMax || models[model] != nil else { return }
    Self.add(ratio, to: &models[model, default: []])
  }

  private static func add(_ ratio: Int32, to ratios: inout [Int32]) {
    if ratios.count == samplesMax { ratios.removeFirst() }
    ratios.append(ratio)
  }

  /// The bound for a prompt of `model` whose contract value and script-aware estimate are given.
  package func bound(model: String, rough: Int, scriptAware: Int) -> Int {
    let estimate = max(rough, scriptAware)
    guard let ratios = models[model], let largest = ratios.max() else { return estimate }
    guard ratios.count >= Self.samplesNeeded else {
      return max(estimate, Self.scaled(scriptAware, by: Int(largest)))
    }
    let sorted = ratios.sorted()
    let rank = ((sorted.count + 1) * Self.coveragePercent + 99) / 100
    let withMargin = Int(sorted[rank - 1]) * (100 + Self.marginPercent) / 100
    return max(1, Self.scaled(scriptAware, by: withMargin))
  }

  private static func scaled(_ estimate: Int, by millionths: Int) -> Int {
    Int(clamping: (Int128(estimate) * Int128(millionths) + 999_999) / 1_000_000)
  }
}
