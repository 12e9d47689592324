package import Essentials

/// What a venue demands of a position up to a worth.
package struct MarginTier: Hashable, Sendable {
  /// The worth up to which the tier holds, itself included.
  package let notionalCap: CoinAmount
  /// The share of the worth that must remain as margin, or the position is liquidated.
  package let maintenanceRate: SignedRate
  /// What is taken off the product of worth and rate, so that the margin does not jump between tiers.
  package let deduction: CoinAmount
  /// The highest leverage, in hundredths.
  package let maximumLeverage: Leverage

  package init(
    notionalCap: CoinAmount, maintenanceRate: SignedRate, deduction: CoinAmount,
    maximumLeverage: Leverage
  ) {
    self.notionalCap = notionalCap
    self.maintenanceRate = maintenanceRate
    self.deduction = deduction
    self.maximumLeverage = maximumLeverage
  }
}

/// The worth of a position for each unit of margin, counted exactly in hundredths; at least 1.
package struct Leverage: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let hundredths: Int64

  /// The leverage of so many hundredths; nil below 1 and above a thousand.
  package init?(hundredths: Int64) {
    guard (100...100_000).contains(hundredths) else { return nil }
    self.hundredths = hundredths
  }

  /// The leverage rounded down to the hundredth; nil where it is missing, below 1 or above a thousand.
  package init?(_ value: Double) {
    // A millionth of a hundredth makes up for decimals that the double below them stands for.
    let hundredths = (value * 100 + 1e-6).rounded(.down)
    guard hundredths >= 100, hundredths <= 100_000 else { return nil }
    self.hundredths = Int64(hundredths)
  }

  /// The leverage that a venue wrote, such as `12.50`; nil where it is none.
  package init?(text: some StringProtocol) {
    guard let hundredths = exactCount(text, places: 2) else { return nil }
    self.init(hundredths: hundredths)
  }

  private init(checked hundredths: Int64) {
    self.hundredths = hundredths
  }

  /// No more worth than margin.
  package static let one = Leverage(checked: 100)

  package var value: Double { Double(hundredths) / 100 }

  package var description: String { decimalText(hundredths, places: 2) }

  package static func < (left: Self, right: Self) -> Bool { left.hundredths < right.hundredths }
}

/// A venue's tiers of maintenance margin, which Bybit calls risk limits and Binance leverage brackets.
///
/// 1. Caps grow from tier to tier, rates do not fall, leverages do not grow.
/// 2. The first deduction is zero, and each further one makes the margin continuous where two tiers
///    meet: dₙ = dₙ₋₁ + capₙ₋₁·(rₙ − rₙ₋₁). Bybit v5 "Get Risk Limit"; Binance "Leverage and Margin".
package struct MarginTiers: Hashable, Sendable {
  /// At least one, by rising cap.
  package let tiers: [MarginTier]

  /// Tiers of caps, rates and leverages; the deductions follow from them.
  package init(
    _ rows: [(cap: CoinAmount, rate: SignedRate, leverage: Leverage)]
  ) throws(TierFailure) {
    var tiers: [MarginTier] = []
    for row in rows {
      var deduction = CoinAmount.zero
      if let last = tiers.last {
        guard
          let step = SignedRate(
            hundredMillionths: row.rate.hundredMillionths - last.maintenanceRate.hundredMillionths),
          let jump = last.notionalCap.times(step)
        else { throw .rateOutOfRange(tier: tiers.count + 1) }
        deduction = last.deduction + jump
      }
      tiers.append(
        MarginTier(
          notionalCap: row.cap, maintenanceRate: row.rate, deduction: deduction,
          maximumLeverage: row.leverage))
    }
    try self.init(tiers: tiers)
  }

  /// Tiers as a venue gives them, deductions included.
  package init(tiers: [MarginTier]) throws(TierFailure) {
    guard let first = tiers.first else { throw .noTiers }
    guard first.deduction == .zero else {
      throw .deductionDiffers(tier: 1, given: first.deduction, computed: .zero)
    }
    for (number, tier) in tiers.enumerated() {
      guard tier.notionalCap > .zero, tier.maintenanceRate > .zero,
        tier.maintenanceRate.hundredMillionths < 100_000_000
      else { throw .rateOutOfRange(tier: number + 1) }
      guard number > 0 else { continue }
      let last = tiers[number - 1]
      guard tier.notionalCap > last.notionalCap, tier.maintenanceRate >= last.maintenanceRate,
        tier.maximumLeverage <= last.maximumLeverage
      else { throw .outOfOrder(tier: number + 1) }
      let step =
        tier.maintenanceRate.hundredMillionths - last.maintenanceRate.hundredMillionths
      let jump = roundedQuotient(
        Int128(last.notionalCap.atoms) * Int128(step), by: 100_000_000)
      let computed = CoinAmount(exactly: Int128(last.deduction.atoms) + jump)
      guard computed == tier.deduction else {
        throw .deductionDiffers(
          tier: number + 1, given: tier.deduction, computed: computed ?? .largest)
      }
    }
    self.tiers = tiers
  }

  /// The tier of a position of so much worth, its sign aside; nil above the last cap, where the venue
  /// opens none.
  package func tier(of notional: CoinAmount) -> MarginTier? {
    let worth = notional.magnitude
    return tiers.first { worth <= $0.notionalCap }
  }

  /// The margin below which a position of so much worth is liquidated, never below zero. A position
  /// that has grown beyond the last cap is held to the last tier.
  package func maintenance(of notional: CoinAmount) -> CoinAmount {
    let worth = notional.magnitude
    let tier = tier(of: worth) ?? tiers[tiers.count - 1]
    guard let product = worth.times(tier.maintenanceRate) else { return .largest }
    return max(.zero, product - tier.deduction)
  }

  /// The highest leverage at which a position of so much worth may be opened; nil above the last cap.
  package func maximumLeverage(for notional: CoinAmount) -> Leverage? {
    tier(of: notional)?.maximumLeverage
  }
}

/// Why a list of margin tiers is none.
package enum TierFailure: ExplainedFailure, Hashable {
  case noTiers
  case outOfOrder(tier: Int)
  case rateOutOfRange(tier: Int)
  case deductionDiffers(tier: Int, given: CoinAmount, computed: CoinAmount)

  package var key: String { "invalid_margin_tiers" }

  package var explanation: String {
    switch self {
    case .noTiers:
      "The list of margin tiers is empty."
    case .outOfOrder(let tier):
      "Margin tier \(tier) has a lower cap or rate, or a higher leverage, than the one before it."
    case .rateOutOfRange(let tier):
      "Margin tier \(tier) has a cap or a rate that is not above zero, or a rate of 1 or more."
    case .deductionDiffers(let tier, let given, let computed):
      "Margin tier \(tier) deducts \(given) where the tiers before it make \(computed)."
    }
  }

  package var remedy: String { "Load the tiers from the venue again." }
  package var outcome: FailureOutcome { .badConfiguration }
}
