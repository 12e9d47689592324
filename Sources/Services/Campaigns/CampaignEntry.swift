package import AlphaLanguage
package import Backtesting
import Essentials
package import Research

/// A candidate of a campaign that checked: what it is, where it comes from and what it was worth.
package struct CampaignEntry: Sendable {
  /// What events say of it; its key names it everywhere.
  package var facts: CandidateFacts
  package let candidate: CandidateAlpha
  package let formula: CheckedFormula
  package let settings: SimulationSettings
  /// The position of its idea in the plan.
  package let idea: Int
  package let lane: Lane
  /// What made it, for the search to learn from.
  package let arm: LaneBandit.Arm
  /// The key of the candidate that it was made from, nil for a proposal.
  package let parent: String?
  /// Texts of it that were checked.
  package let attempts: Int
  /// The event that its simulation follows from.
  var cause: Int64
  package internal(set) var result: SimulationResult?
  package internal(set) var card: ScoreCard?
  package internal(set) var trust: TrustReport?

  package var key: String { facts.key }

  var ticket: SimulationTicket {
    SimulationTicket(
      candidate: facts, validationPassed: true, validationAttempts: attempts,
      fingerprint: KnownFormulas.Identity(formula, candidate.simulation.settings).fingerprint
        .hexadecimal)
  }
}

extension CampaignEntry {
  /// The candidate as an alpha with its price and trust; nil before it was judged.
  package var priced: PricedAlpha? {
    guard let result, let trust else { return nil }
    return PricedAlpha(name: key, formula: formula, result: result, trust: trust)
  }
}

/// What became of the proposals for one idea.
package enum IdeaOutcome: Hashable, Sendable {
  case proposed(candidates: Int)
  /// A period is used up; the sentence says until when the idea waits.
  case carriedOver(BudgetRefusal, reason: String)
  /// Its prompt can never be within the ceilings as they are.
  case dropped(BudgetRefusal, reason: String)
  /// The model gave nothing that could be read.
  case failed(reason: String)

  init(_ blocked: BlockedQuestion) {
    self =
      blocked.isCarriedOver
      ? .carriedOver(blocked.refusal, reason: blocked.reason)
      : .dropped(blocked.refusal, reason: blocked.reason)
  }

  /// Why nothing was proposed, nil where something was.
  package var reason: String? {
    switch self {
    case .proposed: nil
    case .carriedOver(_, let reason), .dropped(_, let reason), .failed(let reason): reason
    }
  }

  /// Why the budget did not allow the idea, nil where it did.
  package var refusal: BudgetRefusal? {
    switch self {
    case .carriedOver(let refusal, _), .dropped(let refusal, _): refusal
    case .proposed, .failed: nil
    }
  }

  /// The name of the case in events and reports.
  package var name: String {
    switch self {
    case .proposed: "proposed"
    case .carriedOver: "carried_over"
    case .dropped: "dropped"
    case .failed: "failed"
    }
  }
}
