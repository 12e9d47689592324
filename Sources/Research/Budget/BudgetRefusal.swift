package import Essentials

/// A ceiling, or another condition of a grant.
package enum BudgetCeiling: Hashable, Sendable {
  case requestPrompt
  case requestCompletion
  case requestCost
  case tokens(BudgetPeriod)
  case cost(BudgetPeriod)
  case exploreTokens(BudgetPeriod)
  case exploreCost(BudgetPeriod)
  /// What calls of the exploit lane must leave to the explore lane.
  case exploreFloorTokens(BudgetPeriod)
  case exploreFloorCost(BudgetPeriod)
  /// A cost ceiling holds and the model has no price.
  case unknownPrice(model: String)
  /// The expansion reserve was claimed before the error had repeated often enough.
  case expansionNotEarned
  /// The idea has had its expansion.
  case expansionSpent

  /// The name under `budget_exceeded` and in messages.
  package var key: String {
    switch self {
    case .requestPrompt: "request_prompt"
    case .requestCompletion: "request_completion"
    case .requestCost: "request_cost"
    case .tokens(let period): "\(period.rawValue)_total"
    case .cost(let period): "\(period.rawValue)_cost"
    case .exploreTokens(let period): "explore_\(period.rawValue)_total"
    case .exploreCost(let period): "explore_\(period.rawValue)_cost"
    case .exploreFloorTokens, .exploreFloorCost: "explore_floor"
    case .unknownPrice: "unknown_price"
    case .expansionNotEarned: "expansion_not_earned"
    case .expansionSpent: "expansion_spent"
    }
  }

  /// The period whose ceiling it is, nil for a condition of the request or the idea.
  package var period: BudgetPeriod? {
    switch self {
    case .tokens(let period), .cost(let period), .exploreTokens(let period),
      .exploreCost(let period), .exploreFloorTokens(let period), .exploreFloorCost(let period):
      period
    default: nil
    }
  }

  /// Whether a shorter prompt could bring the call below the ceiling.
  package var yieldsToShrinking: Bool {
    switch self {
    case .requestPrompt, .requestCost: true
    default: false
    }
  }
}

/// A ceiling that a request would exceed, with the figures.
///
/// Figures are tokens, or billionths of a dollar where the ceiling is in money.
package struct CeilingBreach: Hashable, Sendable {
  package let ceiling: BudgetCeiling
  package let limit: Int
  /// Consumed so far, kept amounts included where the ceiling keeps any.
  package let used: Int
  /// Held by calls that are under way.
  package let reserved: Int
  package let asked: Int

  package init(_ ceiling: BudgetCeiling, limit: Int, used: Int = 0, reserved: Int = 0, asked: Int) {
    self.ceiling = ceiling
    self.limit = limit
    self.used = used
    self.reserved = reserved
    self.asked = asked
  }

  /// What is left below the ceiling; never below zero.
  package var left: Int { max(0, limit - used - reserved) }

  /// One sentence with the figures.
  package var explanation: String {
    switch ceiling {
    case .requestPrompt: "The prompt has up to \(asked) tokens, and \(limit) are allowed."
    case .requestCompletion:
      "The completion may have \(asked) tokens, and \(limit) are allowed."
    case .requestCost: "The call may cost \(money(asked)), and \(money(limit)) are allowed."
    case .tokens(let period): sentence("The \(period.rawValue)'s ceiling", count)
    case .cost(let period): sentence("The \(period.rawValue)'s cost ceiling", money)
    case .exploreTokens(let period):
      sentence("The \(period.rawValue)'s ceiling for exploring", count)
    case .exploreCost(let period):
      sentence("The \(period.rawValue)'s cost ceiling for exploring", money)
    case .exploreFloorTokens(let period):
      sentence("What the \(period.rawValue) leaves beside the share for exploring", count)
    case .exploreFloorCost(let period):
      sentence("What the \(period.rawValue)'s cost leaves beside the share for exploring", money)
    case .unknownPrice(let model):
      "A cost ceiling holds, and the price of \(model) is not known."
    case .expansionNotEarned:
      "The expansion reserve opens after \(limit) identical errors, and there were \(asked)."
    case .expansionSpent: "The idea has used its one expansion."
    }
  }

  /// What to do about it, in one sentence.
  package var remedy: String {
    switch ceiling {
    case .requestPrompt: "Shorten the prompt or raise max_prompt_tokens."
    case .requestCompletion: "Ask for fewer tokens or raise max_completion_tokens."
    case .requestCost: "Shorten the prompt, take a cheaper model or raise max_cost_usd_per_request."
    case .tokens(let period): "\(waiting(period)) or raise max_tokens_per_\(period.rawValue)."
    case .cost(let period): "\(waiting(period)) or raise max_cost_usd_per_\(period.rawValue)."
    case .exploreTokens(let period):
      "Exploit what was found or raise max_explore_tokens_per_\(period.rawValue)."
    case .exploreCost(let period):
      "Exploit what was found or raise max_explore_cost_usd_per_\(period.rawValue)."
    case .exploreFloorTokens, .exploreFloorCost: "Explore, or lower explore_ratio."
    case .unknownPrice: "Add the model to the price table, with a price of 0 where it is free."
    case .expansionNotEarned: "Shorten the prompt to max_prompt_tokens."
    case .expansionSpent: "Repair the formula or drop the idea."
    }
  }

  private func waiting(_ period: BudgetPeriod) -> String {
    switch period {
    case .batch: "Begin another run"
    case .day: "Wait for the next day (UTC)"
    case .week: "Wait for the next week (Monday, UTC)"
    }
  }

  private func sentence(_ subject: String, _ show: (Int) -> String) -> String {
    "\(subject) is \(show(limit)): \(show(used)) are used, \(show(reserved)) reserved, "
      + "\(show(asked)) asked for."
  }

  private func count(_ tokens: Int) -> String { "\(tokens) tokens" }
  private func money(_ amount: Int) -> String { NanoDollars(Int64(amount)).description }
}

/// Why a call is not allowed: every ceiling that it would exceed.
package struct BudgetRefusal: Hashable, Sendable {
  /// At least one, requests before batches before days before weeks.
  package let breaches: [CeilingBreach]

  package init(breaches: [CeilingBreach]) {
    precondition(!breaches.isEmpty, "a call was refused without a reason")
    self.breaches = breaches
  }

  /// The keys of the ceilings, each once, joined by commas.
  package var reasons: String {
    var seen: Set<String> = []
    return breaches.map(\.ceiling.key).filter { seen.insert($0).inserted }.joined(separator: ",")
  }

  /// Whether a shorter prompt could be granted: nothing else stands in the way.
  package var yieldsToShrinking: Bool { breaches.allSatisfy(\.ceiling.yieldsToShrinking) }
}

/// A refusal as the command line reports it.
package struct BudgetBlocked: ExplainedFailure, Hashable {
  /// The keys of the ceilings, joined by commas.
  package let reasons: String
  package let breaches: [CeilingBreach]

  package init(_ refusal: BudgetRefusal) {
    reasons = refusal.reasons
    breaches = refusal.breaches
  }

  /// A refusal of the documented search, which knows the keys of ceilings and no more.
  package init(reasons: [String]) {
    self.reasons = reasons.joined(separator: ",")
    breaches = []
  }

  package var key: String { "budget_blocked" }
  /// The wording that the seed documents agree upon.
  package var message: String { "alpha generation blocked by budget policy: \(reasons)" }
  package var explanation: String {
    ([message + "."] + breaches.map(\.explanation)).joined(separator: " ")
  }
  package var remedy: String {
    breaches.first?.remedy ?? "Shorten the prompt or raise the ceilings."
  }
  package var outcome: FailureOutcome { .refused }
}
