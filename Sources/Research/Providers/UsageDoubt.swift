package import Essentials

/// A reason not to trust what a provider says a call has used.
///
/// A doubt changes no account: `TokenUsage` decides what is billed. It is what an event says, so that
/// a provider which counts wrongly is found.
package enum UsageDoubt: Hashable, Sendable, CustomStringConvertible {
  /// There is no usage at all.
  case missing
  /// A count that is negative, no number or impossibly large, as it came.
  case notACount(name: String, value: String)
  /// More prompt tokens than the request has bytes; no encoding has tokens shorter than a byte.
  case promptBeyondBytes(reported: Int, bytes: Int)
  /// More output tokens than the ceiling that the provider was told.
  case completionBeyondCeiling(reported: Int, ceiling: Int)
  /// Fewer output tokens than characters can have been written with.
  case completionTooSmall(reported: Int, characters: Int)
  /// A total below its parts.
  case totalBelowParts(total: Int, parts: Int)

  /// A stable name that programs branch on.
  package var code: String {
    switch self {
    case .missing: "usage_missing"
    case .notACount: "usage_not_a_count"
    case .promptBeyondBytes: "usage_prompt_beyond_bytes"
    case .completionBeyondCeiling: "usage_completion_beyond_ceiling"
    case .completionTooSmall: "usage_completion_too_small"
    case .totalBelowParts: "usage_total_below_parts"
    }
  }

  package var description: String {
    switch self {
    case .missing: "The provider reports no usage."
    case .notACount(let name, let value): "The provider reports \(name) as \(value)."
    case .promptBeyondBytes(let reported, let bytes):
      "The provider reports \(reported) prompt tokens for a request of \(bytes) bytes."
    case .completionBeyondCeiling(let reported, let ceiling):
      "The provider reports \(reported) output tokens, above the ceiling of \(ceiling)."
    case .completionTooSmall(let reported, let characters):
      "The provider reports \(reported) output tokens for an answer of \(characters) characters."
    case .totalBelowParts(let total, let parts):
      "The provider reports a total of \(total) tokens, below its parts of \(parts)."
    }
  }

  /// The doubt as a part of an event's payload.
  package var json: JSONValue { ["code": .string(code), "explanation": .string(description)] }

  /// Providers wrap a request in marks of their own and repeat the schema in words of theirs.
  private static let wrappingBytes = 1_000

  /// No token of a public encoding is longer than this many characters on average over an answer.
  private static let charactersPerTokenMax = 24

  /// Returns what is doubtful about the usage object of an answer, in a fixed order.
  package static func doubts(
    about reported: JSONValue?, call: ModelCall, answer text: String
  ) -> [UsageDoubt] {
    guard let reported, case .object(let members) = reported, !members.isEmpty else {
      return [.missing]
    }
    var doubts: [UsageDoubt] = []
    let names = [
      "prompt_tokens", "input_tokens", "completion_tokens", "output_tokens", "total_tokens",
    ]
    for name in names {
      guard let value = reported[name], value != .null else { continue }
      if count(value) == nil {
        doubts.append(.notACount(name: name, value: String(value.compactText.prefix(40))))
      }
    }
    let bytes =
      call.instructions.utf8.count + call.prompt.utf8.count
      + 2 * call.schema.compactText.utf8.count + wrappingBytes
    func first(_ names: String...) -> Int? {
      names.compactMap { reported[$0].flatMap(count) }.first
    }
    let uncached = first("prompt_tokens", "input_tokens")
    let beside = ["cache_creation_input_tokens", "cache_read_input_tokens"]
      .compactMap { reported[$0].flatMap(count) }.reduce(0, +)
    let prompt = uncached.map { $0 + beside }
    if let prompt, prompt > bytes {
      doubts.append(.promptBeyondBytes(reported: prompt, bytes: bytes))
    }
    let completion = first("completion_tokens", "output_tokens")
    if let completion {
      if completion > call.maxOutputTokens {
        doubts.append(.completionBeyondCeiling(reported: completion, ceiling: call.maxOutputTokens))
      }
      let characters = text.unicodeScalars.count
      if completion * charactersPerTokenMax < characters {
        doubts.append(.completionTooSmall(reported: completion, characters: characters))
      }
    }
    if let prompt = uncached, let completion, let total = first("total_tokens"),
      total < prompt + completion
    {
      doubts.append(.totalBelowParts(total: total, parts: prompt + completion))
    }
    return doubts
  }

  private static func count(_ value: JSONValue) -> Int? {
    guard case .integer(let number) = value, (0...TokenUsage.tokensMax).contains(number) else {
      return nil
    }
    return number
  }
}
