import Essentials

/// A refusal, or a prompt that was too large, for as long as its causes hold.
struct StandingVerdict: Hashable, Sendable {
  struct Cause: Hashable, Sendable {
    /// The ceiling's name, such as `request_prompt`.
    let key: String
    /// How much the call asked for in the ceiling's unit.
    let asked: Double
    /// The period of a ceiling that holds for all calls in it; others concern the call alone.
    let period: BudgetPeriod?
    let isMoney: Bool
  }

  let at: Timestamp
  let isBlocked: Bool
  let causes: [Cause]

  init(_ check: BudgetCheck, isBlocked: Bool, at now: Timestamp) {
    at = now
    self.isBlocked = isBlocked
    causes = check.breaches.map { breach in
      let (period, isMoney): (BudgetPeriod?, Bool) =
        switch breach.ceiling {
        case .tokens(let period): (period, false)
        case .cost(let period): (period, true)
        default: (nil, false)
        }
      return Cause(
        key: breach.ceiling.key, asked: Double(breach.asked), period: period, isMoney: isMoney)
    }
  }

  init(_ step: FallbackStep, at now: Timestamp) {
    at = now
    isBlocked = false
    causes = step.exceeded.map { Cause(key: $0, asked: 0, period: nil, isMoney: false) }
  }

  func exceeds(_ key: String) -> Bool { causes.contains { $0.key == key } }
}
