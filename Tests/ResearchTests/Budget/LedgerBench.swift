import Essentials

@testable import Research

/// A ledger to try things on: plain prices, a clock that stands still, requests in one line.
enum LedgerBench {
  /// Friday, in ISO week 2026-W47.
  static let friday = Timestamp(startOf: CalendarDate("2026-11-20")!)
  static let hour: Int64 = 3_600_000

  static func later(_ milliseconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: friday.millisecondsSinceEpoch + milliseconds)
  }

  /// A dollar for a million tokens of either kind: a token is a thousand billionths.
  static let prices = PriceTable(
    date: "2026-11", source: "bench",
    models: [
      (
        "plain",
        ModelPrice([ModelPrice.Tier(input: PicoDollars(1_000_000), output: PicoDollars(1_000_000))])
      )
    ])

  static func request(
    _ prompt: Int, _ completion: Int = 0, lane: Lane = .both, run: String = "r",
    idea: String = "i", model: String = "plain"
  ) -> CallRequest {
    CallRequest(
      run: run, idea: idea, stage: "alpha_maker", lane: lane, provider: "bench", model: model,
      promptTokensMax: prompt, completionTokensMax: completion)
  }

  static func used(_ prompt: Int, _ completion: Int = 0) -> UsagePoint {
    UsagePoint(usage: TokenUsage(prompt: prompt, completion: completion), source: .provider)
  }

  /// A configuration whose only ceilings are those that `change` sets.
  static func ledger(_ change: (inout BudgetConfiguration) -> Void) -> TokenLedger {
    var configuration = BudgetConfiguration()
    configuration.maxPromptTokens = 1_000_000
    configuration.maxCompletionTokens = 1_000_000
    configuration.batch = .init()
    configuration.day = .init()
    change(&configuration)
    return TokenLedger(configuration: configuration, prices: prices)
  }
}

extension TokenLedger {
  /// Reserves and returns the keys of the ceilings that refuse it, "" where it is granted.
  mutating func reasons(_ request: CallRequest, at now: Timestamp = LedgerBench.friday) throws
    -> String
  {
    try reserve(request, at: now).verdict.refusal?.reasons ?? ""
  }

  /// Reserves what must be granted.
  mutating func grant(_ request: CallRequest, at now: Timestamp = LedgerBench.friday) throws
    -> Reservation
  {
    guard let reservation = try reserve(request, at: now).verdict.reservation else {
      throw LedgerFailure.unusableRequest(reason: "it was to be granted")
    }
    return reservation
  }
}
