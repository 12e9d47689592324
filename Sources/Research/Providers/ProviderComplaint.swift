package import Essentials

/// What a provider says is wrong, whether by a status, an error object, or both.
package struct ProviderComplaint: Hashable, Sendable {
  /// What follows from a complaint.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case keyRejected = "key_rejected"
    case notPermitted = "not_permitted"
    /// There is no money or quota left; waiting does not help.
    case quotaExhausted = "quota_exhausted"
    case modelUnknown = "model_unknown"
    case promptTooLong = "prompt_too_long"
    /// The provider's policy forbids the prompt; some bill for the judgment.
    case policyViolated = "policy_violated"
    case badRequest = "bad_request"
    case redirected
    case rateLimited = "rate_limited"
    case overloaded
    case timedOut = "timed_out"
    case conflicted
    case serverFailed = "server_failed"
  }

  /// The HTTP status; nil for a complaint in the middle of a stream or inside a 200.
  package var status: Int?
  /// The provider's class of error, such as `invalid_request_error`.
  package var type: String?
  /// The provider's word for the error, such as `context_length_exceeded`.
  package var code: String?
  /// The provider's sentence, whole.
  package var message: String

  /// More than helps anybody.
  private static let summaryLengthMax = 400

  package init(status: Int? = nil, type: String? = nil, code: String? = nil, message: String) {
    self.status = status
    self.type = type
    self.code = code
    self.message = message
  }

  /// Reads an error in any of the shapes that providers and local servers send: an object or a text
  /// under `error`, the object itself, or `detail`. What is none of these is the message as it is.
  package init(status: Int?, document: JSONValue) {
    let error = document.present("error") ?? document
    if case .string(let text) = error {
      self.init(status: status, message: text)
      return
    }
    let details = error["details"] ?? .null
    // llama.cpp and vLLM repeat the status as the code.
    let code = details.text("error_code") ?? error.text("code")
    self.init(
      status: status, type: error.text("type"), code: code,
      message: error.text("message") ?? error.text("detail") ?? error.compactText)
    if self.status == nil, case .integer(let number) = error["code"] { self.status = number }
  }

  /// Reads the body of an answer whose status says that something is wrong.
  package init(status: Int, body: String) {
    guard let document = try? JSONValue(parsing: body) else {
      let text = body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      self.init(status: status, message: text.isEmpty ? "no explanation" : text)
      return
    }
    self.init(status: status, document: document)
  }

  /// What the codes mean whatever the status.
  private static let kinds: [String: Kind] = [
    "insufficient_quota": .quotaExhausted, "billing_hard_limit_reached": .quotaExhausted,
    "credit_balance_exhausted": .quotaExhausted, "enforced_spend_limit_reached": .quotaExhausted,
    "billing_error": .quotaExhausted,
    "context_length_exceeded": .promptTooLong, "exceed_context_size_error": .promptTooLong,
    "request_too_large": .promptTooLong, "string_above_max_length": .promptTooLong,
    "content_filter": .policyViolated, "content_policy_violation": .policyViolated,
    "invalid_prompt": .policyViolated,
    "model_not_found": .modelUnknown, "not_found_error": .modelUnknown,
    "invalid_api_key": .keyRejected, "authentication_error": .keyRejected,
    "permission_error": .notPermitted,
    "rate_limit_exceeded": .rateLimited, "rate_limit_error": .rateLimited,
    "overloaded_error": .overloaded, "unavailable_error": .overloaded,
    "timeout_error": .timedOut, "api_error": .serverFailed, "server_error": .serverFailed,
    "invalid_request_error": .badRequest,
  ]

  /// What a bad request means that has no code of its own: Anthropic's and vLLM's sentences.
  private static let sentences: [(part: String, kind: Kind)] = [
    ("prompt is too long", .promptTooLong), ("maximum context length", .promptTooLong),
    ("credit balance is too low", .quotaExhausted),
  ]

  /// What follows: by the code, then the status, then the type, each coarser than the one before.
  package var kind: Kind {
    if let code, let kind = Self.kinds[code] { return kind }
    let byType = type.flatMap { Self.kinds[$0] }
    // A class that says more than the status does.
    if let byType, [.quotaExhausted, .promptTooLong, .overloaded].contains(byType) {
      return byType
    }
    switch status {
    case 400:
      let message = message.lowercased()
      return Self.sentences.first { message.contains($0.part) }?.kind ?? .badRequest
    case 401: return .keyRejected
    case 402: return .quotaExhausted
    case 403: return .notPermitted
    case 404: return .modelUnknown
    case 408, 504, 524: return .timedOut
    case 409: return .conflicted
    case 413: return .promptTooLong
    case 429: return .rateLimited
    case 503, 529: return .overloaded
    case .some(300..<400): return .redirected
    case .some(400..<500): return .badRequest
    case .some(500...): return .serverFailed
    default: return byType ?? .serverFailed
    }
  }

  /// Whether nothing can have been billed: the request was turned away before a model saw it.
  package var isCertainlyFree: Bool {
    guard let status, (300..<500).contains(status) else { return false }
    switch kind {
    case .policyViolated, .overloaded, .timedOut, .serverFailed: return false
    default: return true
    }
  }

  /// The sentence, cut where it is very long, with its status and code.
  package var summary: String {
    let isLong = message.count > Self.summaryLengthMax
    let message = isLong ? String(message.prefix(Self.summaryLengthMax)) + "..." : message
    let marks = [status.map { "HTTP \($0)" }, code ?? type].compactMap { $0 }
    return marks.isEmpty ? message : "\(marks.joined(separator: " ")): \(message)"
  }
}
