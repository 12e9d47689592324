/// Whether a position is left because another symbol promises more.
package enum SwitchExit {
  /// A position that is left, and the symbol that is entered in its place.
  package struct Switch: Hashable, Sendable {
    package var from: String
    package var to: String
    /// How much more the other symbol is worth than the margin and the costs of both trades.
    package var excess: Double

    /// What is stored with the trade.
    package var reason: String { "\(SwitchExit.reasonPrefix)\(to)" }
  }

  /// What reasons of switches begin with.
  static let reasonPrefix = "SWITCH_TO_"

  /// Returns the switch from the worst position to the best symbol that is not held; nil where it
  /// does not pay. Of equal symbols the one that sorts first is taken; what is not known is neither
  /// left nor entered.
  package static func judge(
    held: [ScoredSymbol], candidates: [ScoredSymbol], feeRate: Double,
    under settings: ExitSettings.Switching
  ) -> Switch? {
    let symbols = Set(held.map(\.symbol))
    func precedes(_ left: ScoredSymbol, _ right: ScoredSymbol) -> Bool {
      left.score == right.score ? left.symbol < right.symbol : left.score < right.score
    }
    guard settings.isEnabled, feeRate.isFinite,
      let worst = held.filter({ $0.score.isFinite }).min(by: precedes),
      let best = ScoredSymbol.ranked(candidates.filter { !symbols.contains($0.symbol) }).first
    else { return nil }
    let cost = settings.costMultiple * feeRate
    let excess = best.score - worst.score - settings.margin - cost
    return excess > 0 ? Switch(from: worst.symbol, to: best.symbol, excess: excess) : nil
  }
}
