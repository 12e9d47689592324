/// What a call earns.
package enum CostRule: String, Hashable, Sendable, CaseIterable {
  /// The move along the call less the costs, so that a wrong call loses both.
  case charged
  /// The net label along the call: costs are taken off losses too, which flatters. Kept for numbers
  /// that were made so.
  case removedFromBothSigns = "removed_from_both_signs"

  /// The gain of a call in the direction of `action`, 1 or -1, or 0 for none, as a decimal.
  func gain(of action: Double, on row: LabeledRow, cost: Double) -> Double {
    switch self {
    case .charged: action == 0 ? 0 : action * row.move - cost
    case .removedFromBothSigns: action * row.target
    }
  }
}
