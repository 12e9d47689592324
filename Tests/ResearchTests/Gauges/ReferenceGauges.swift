import Essentials

@testable import Research
@testable import Storage

/// The gauges as the system that came before computes them, from the same events: flags of the whole
/// run, pressure from reservations, velocity between the first and the last of six points. What our
/// gauges show otherwise, they show otherwise on purpose.
struct ReferenceGauges {
  private(set) var prompt = (value: 0, limit: 12_000)
  private(set) var completion = (value: 0, limit: 1_600)
  private(set) var batch = 0
  private(set) var day = 0
  private(set) var isBlocked = false
  private(set) var overPrompt = false
  private(set) var fallbacks = 0
  private(set) var pressureSeries: [Double] = []
  private var pulses: [(at: Timestamp, tokens: Int, dollars: Double)] = []

  init(_ events: [JournalEvent]) {
    for event in events {
      guard let payload = event.payload else { continue }
      if event.kind == "llm.usage_point" {
        guard case .integer(let tokens)? = payload["total_tokens"] else { continue }
        pulses.append((event.at, tokens, Self.double(payload["estimated_cost_usd"])))
      } else if event.kind.hasPrefix("budget.") {
        prompt.value = Self.whole(payload["prompt_tokens"])
        completion.value = Self.whole(payload["completion_tokens"])
        batch = Self.whole(payload["projected_batch_tokens"])
        day = Self.whole(payload["projected_day_tokens"])
        overPrompt = overPrompt || payload["budget_exceeded"]?["request_prompt"] == .bool(true)
        isBlocked = isBlocked || event.kind == "budget.blocked"
        fallbacks += event.kind == "budget.fallback_applied" ? 1 : 0
        pressureSeries.append(Double(prompt.value) / Double(prompt.limit))
      }
    }
  }

  var pressure: Double {
    [
      Double(prompt.value) / Double(prompt.limit),
      Double(completion.value) / Double(completion.limit), Double(batch) / 52_000,
      Double(day) / 1_500_000,
    ].max() ?? 0
  }

  var isProtected: Bool { isBlocked || overPrompt || fallbacks > 0 }

  var state: String {
    if isBlocked { return "blocked" }
    if pressure >= 1 { return "critical" }
    return isProtected || pressure >= 0.85 ? "warning" : "stable"
  }

  var tokensPerSecond: Double { velocity { Double($0.tokens) } }
  var dollarsPerMinute: Double { velocity { $0.dollars } * 60 }

  private func velocity(_ amount: ((at: Timestamp, tokens: Int, dollars: Double)) -> Double)
    -> Double
  {
    let points = pulses.suffix(6)
    guard points.count > 1, let first = points.first, let last = points.last else { return 0 }
    return points.reduce(0) { $0 + amount($1) } / max(1, last.at.seconds(since: first.at))
  }

  private static func whole(_ value: JSONValue?) -> Int {
    if case .integer(let whole)? = value { whole } else { 0 }
  }

  private static func double(_ value: JSONValue?) -> Double {
    switch value {
    case .integer(let whole): Double(whole)
    case .number(let number): number
    default: 0
    }
  }
}
