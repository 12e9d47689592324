import Mathematics
package import Models

/// Which way an outlook points, before any gate is asked, and how surely.
package struct Leaning: Hashable, Sendable {
  /// The ways an outlook can point.
  package enum Way: String, Hashable, Sendable, CaseIterable {
    /// To a long position.
    case long
    /// To a short position.
    case short
    /// To none.
    case wait
  }

  /// What a side must reach to be worth an entry.
  package struct Bar: Hashable, Sendable {
    /// The least score Ψ at the best horizon.
    package let score: Double
    /// The least expected net result there.
    package let net: Double

    /// Joins two bars.
    package init(score: Double, net: Double) {
      self.score = score
      self.net = net
    }
  }

  /// The way: the side with the larger score among those that reach the bar, or none.
  package let way: Way
  /// A bound on the probability that infinitely many paths would point another way: each comparison
  /// that the decision rests on fails with probability Φ(-|difference| / standard error). Zero for
  /// closed forms.
  package let flipProbability: Double

  /// Judges two sides by their best horizons.
  package init(_ estimate: TradeEstimate, long: UnifiedScore, short: UnifiedScore, bar: Bar) {
    let sides = (
      SideChance(estimate.long, long, bar), SideChance(estimate.short, short, bar)
    )
    let lead = long.points[long.best].value - short.points[short.best].value
    let leadError =
      long.points[long.best].standardError + short.points[short.best].standardError
    switch (sides.0.passes, sides.1.passes) {
    case (false, false):
      way = .wait
      flipProbability = min(1, sides.0.passing + sides.1.passing)
    case (true, false):
      way = .long
      flipProbability = Self.leading(sides.0, sides.1, lead, leadError)
    case (false, true):
      way = .short
      flipProbability = Self.leading(sides.1, sides.0, -lead, leadError)
    case (true, true):
      way = lead >= 0 ? .long : .short
      flipProbability =
        lead >= 0
        ? Self.leading(sides.0, sides.1, lead, leadError)
        : Self.leading(sides.1, sides.0, -lead, leadError)
    }
  }

  /// The leader fails the bar, or the other side both passes it and overtakes.
  private static func leading(
    _ leader: SideChance, _ other: SideChance, _ lead: Double, _ error: Double
  ) -> Double {
    let overtaken = SideChance.reversal(lead, error)
    let rise = other.passes ? overtaken : min(other.passing, max(overtaken, lead < 0 ? 1 : 0))
    return min(1, leader.failing + rise)
  }
}

/// One side's standing against the bar.
private struct SideChance {
  /// Whether it reaches the bar.
  let passes: Bool
  /// A bound on the probability that a side that passes does not.
  let failing: Double
  /// A bound on the probability that a side that fails passes: it must clear what it missed.
  let passing: Double

  init(_ horizons: [HorizonEstimate], _ score: UnifiedScore, _ bar: Leaning.Bar) {
    let point = score.points[score.best]
    let net = horizons[score.best].net
    let margins = [
      (point.value - bar.score, point.standardError), (net.value - bar.net, net.standardError),
    ]
    passes = margins.allSatisfy { $0.0 >= 0 }
    failing = margins.reduce(0) { $0 + Self.reversal($1.0, $1.1) }
    passing = margins.filter { $0.0 < 0 }.reduce(1) { min($0, Self.reversal($1.0, $1.1)) }
  }

  /// The probability that the true difference has the other sign.
  static func reversal(_ difference: Double, _ error: Double) -> Double {
    error > 0 ? StandardNormal.cumulative(-difference.magnitude / error) : 0
  }
}
