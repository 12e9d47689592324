/// What was wrong with a stream of trades or bars, by kind.
///
/// The rule: what is refused changes nothing but these counts; a gap is counted and never filled, so
/// who reads bars sees it in their open times.
package struct BarCounts: Hashable, Sendable {
  /// Trades or bars that were taken in.
  package var accepted = 0
  /// Refused for a price, range or volume that cannot be.
  package var impossible = 0
  /// Refused as the same as one before.
  package var duplicate = 0
  /// Refused because their bar is published.
  package var late = 0
  /// Refused because they begin at no multiple of their span.
  package var misaligned = 0
  /// Taken in although a later one of the same bar came before.
  package var outOfOrder = 0
  /// Spans without any bar, between two that have one.
  package var missing = 0
  /// Bars published although smaller bars of theirs are missing.
  package var incomplete = 0
  /// Bars withheld because the stream began in their middle.
  package var headless = 0
  /// Bars in which nobody traded, such as those of an outage.
  package var silent = 0

  package init() {}

  /// Counts a refusal.
  mutating func refuse(_ defect: BarDefect) {
    switch defect {
    case .impossiblePrice, .crossedRange, .impossibleVolume: impossible += 1
    case .duplicate: duplicate += 1
    case .late: late += 1
    case .misaligned: misaligned += 1
    }
  }
}
