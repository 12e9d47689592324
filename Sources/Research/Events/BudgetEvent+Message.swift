extension BudgetEvent {
  /// What happened, in one sentence for a person.
  package var message: String {
    switch fact {
    case .granted(_, let check):
      "A call of \(check.request.promptTokensMax) tokens and \(check.request.completionTokensMax) "
        + "for the answer is granted."
    case .exploreFloorPreserved: "The prompt keeps its minimum of candidates that explore."
    case .shortened(_, let cut):
      "The prompt's \(cut.phase.rawValue) are cut by \(cut.dropped.count), which saves "
        + "\(cut.tokensSaved) tokens."
    case .refused(let check), .blocked(let check):
      "A call is refused: \(check.breaches.map(\.ceiling.key).joined(separator: ", "))."
    case .settled(let settlement):
      "\(settlement.reservation.request.model) used \(settlement.point.usage.total) tokens"
        + (settlement.cost.isKnown ? ", for \(settlement.cost.entered)." : ".")
    case .voided(_, let reason, _): "A granted call is not billed: \(reason.rawValue)."
    case .presumed(_, let reason):
      "A granted call counts as used until more is known: \(reason.rawValue)."
    case .warned(let warning):
      "\(warning.level.rawValue) % of the \(warning.kind.rawValue) of \(warning.scope.name) are used."
    case .warningCleared(let warning):
      "Less than \(warning.level.rawValue) % of the \(warning.kind.rawValue) of "
        + "\(warning.scope.name) are used again."
    }
  }
}
