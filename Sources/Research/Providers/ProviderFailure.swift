package import Essentials

/// A call of a provider's model that brought no usable answer.
package struct ProviderFailure: ExplainedFailure, Hashable {
  /// Who was asked.
  package struct Origin: Hashable, Sendable {
    package var provider: String
    package var model: String
    /// The provider's name for the exchange, for questions to its support.
    package var requestID: String?

    package init(provider: String, model: String, requestID: String? = nil) {
      self.provider = provider
      self.model = model
      self.requestID = requestID
    }
  }

  /// What went wrong.
  package enum Cause: Hashable, Sendable {
    /// The environment variable that would hold the key is not set.
    case keyMissing(variable: String)
    /// The ceiling of the answer is below what the provider accepts.
    case ceilingTooLow(tokens: Int, accepted: Int)
    /// The provider answered with a complaint in the place of an answer.
    case complained(ProviderComplaint)
    /// The provider began to answer and then complained.
    case failedMidAnswer(ProviderComplaint)
    /// The exchange broke off, or never came about.
    case broken(TransferBreak)
    /// The answer ended by itself before the model had stopped.
    case unended
    /// The answer is not what the provider's interface promises.
    case unreadable(reason: String)
    case emptyAnswer
    /// The model declined; its words, empty where it gave none.
    case declined(words: String)
    case filtered
    /// The model stopped for a reason that a call for text should not meet.
    case unwantedEnding(String)
    /// The recording that is replayed lacks this request.
    case notRecorded(differences: [String])
  }

  package let origin: Origin
  package let cause: Cause
  /// What the provider said about asking again.
  package let advice: RetryAdvice
  /// What the provider had counted when the answer broke off; it bills no less.
  package let usageSoFar: JSONValue?

  package init(
    _ origin: Origin, _ cause: Cause, advice: RetryAdvice = RetryAdvice(),
    usageSoFar: JSONValue? = nil
  ) {
    self.origin = origin
    self.cause = cause
    self.advice = advice
    self.usageSoFar = usageSoFar
  }

  /// A model that declines may do so at length.
  private static let wordsLengthMax = 400

  /// `openai_provider_error` and its like, so that programs know which provider failed.
  package var key: String { "\(origin.provider)_provider_error" }

  package var explanation: String {
    let who = "\(origin.provider) (\(origin.model))"
    let request = origin.requestID.map { " [request \($0)]" } ?? ""
    switch cause {
    case .keyMissing(let variable): return "\(variable) is not set"
    case .ceilingTooLow(let tokens, let accepted):
      return "\(who) accepts no ceiling of \(tokens) output tokens; the smallest is \(accepted)."
    case .complained(let complaint):
      let what = complaint.isCertainlyFree ? "refused" : "failed"
      return "\(who) \(what): \(complaint.summary)\(request)"
    case .failedMidAnswer(let complaint):
      return "\(who) failed while it answered: \(complaint.summary)\(request)"
    case .broken(let transfer):
      return "\(who) gave no whole answer: \(transfer.explanation)\(request)"
    case .unended: return "\(who) ended its answer before the model had stopped\(request)."
    case .unreadable(let reason): return "The answer of \(who) cannot be read: \(reason)\(request)."
    case .emptyAnswer: return "\(who) answered without a text\(request)."
    case .declined(let words):
      let shown = words.isEmpty ? "" : ": \(words.prefix(Self.wordsLengthMax))"
      return "\(who) declined to answer\(shown)\(request)"
    case .filtered: return "A filter of \(who) stopped the answer\(request)."
    case .unwantedEnding(let reason): return "\(who) stopped with `\(reason)`\(request)."
    case .notRecorded(let differences):
      return "The recording has no such request to \(who): \(differences.joined(separator: "; "))."
    }
  }

  package var remedy: String {
    let variable = ProviderKind(rawValue: origin.provider)?.keyVariable ?? "the key's variable"
    switch cause {
    case .keyMissing(let variable):
      return "Set \(variable), or name a file of mode 0600 that holds the key in \(variable)_FILE."
    case .ceilingTooLow: return "Raise --max-output-tokens and the budget's max_completion_tokens."
    case .complained(let complaint), .failedMidAnswer(let complaint):
      return Self.remedy(complaint.kind, variable: variable)
    case .broken(let transfer):
      return transfer.isTimeout
        ? "Try again later, or allow more with BRAIN_LLM_TIMEOUT_SEC." : transfer.remedy
    case .unended: return "Try again; what the call may have cost stays counted."
    case .unreadable:
      return "Check that --llm-base-url names a server of this provider's interface."
    case .emptyAnswer: return "Raise --max-output-tokens or lower --reasoning-effort."
    case .declined, .filtered: return "Change the idea or its notes; the same prompt ends the same."
    case .unwantedEnding: return "Use a model that answers with text."
    case .notRecorded: return "Record the run anew, or replay it with the inputs of the recording."
    }
  }

  private static func remedy(_ kind: ProviderComplaint.Kind, variable: String) -> String {
    switch kind {
    case .keyRejected: "Check the key in \(variable)."
    case .notPermitted: "Use a key that may use this model from this place."
    case .quotaExhausted: "Add credit or raise the limit at the provider; waiting does not help."
    case .modelUnknown: "Check --llm-model and --llm-base-url."
    case .promptTooLong: "Lower max_prompt_tokens, or use a model with a longer context."
    case .policyViolated: "Change the idea or its notes; the same prompt ends the same."
    case .badRequest: "Mend the option that the provider names."
    case .redirected: "Set --llm-base-url to the address that the server points to."
    case .rateLimited, .overloaded, .timedOut, .conflicted, .serverFailed: "Try again later."
    }
  }

  /// A stable name of the cause, such as `unended`; for a complaint the name of its kind.
  package var causeName: String {
    switch cause {
    case .keyMissing: "key_missing"
    case .ceilingTooLow: "ceiling_too_low"
    case .complained(let complaint), .failedMidAnswer(let complaint): complaint.kind.rawValue
    case .broken(let transfer): transfer.key
    case .unended: "unended"
    case .unreadable: "unreadable"
    case .emptyAnswer: "empty_answer"
    case .declined: "declined"
    case .filtered: "filtered"
    case .unwantedEnding: "unwanted_ending"
    case .notRecorded: "not_recorded"
    }
  }

  /// Whether the provider may have received the request; where it certainly did not, nothing is
  /// owed and nothing was refused.
  package var wasReceived: Bool {
    switch cause {
    case .keyMissing, .ceilingTooLow, .notRecorded: false
    case .broken(let transfer): transfer.mayHaveBeenReceived
    case .complained, .failedMidAnswer, .unended, .unreadable, .emptyAnswer, .declined, .filtered,
      .unwantedEnding:
      true
    }
  }

  /// The failure as the payload of an event.
  package var json: JSONValue {
    let status: Int? =
      if case .complained(let complaint) = cause { complaint.status } else { nil }
    return [
      "provider": .string(origin.provider), "model": .string(origin.model),
      "cause": .string(causeName), "status": status.map(JSONValue.integer) ?? .null,
      "request_id": origin.requestID.map(JSONValue.string) ?? .null,
      "usage_so_far": usageSoFar ?? .null,
      "temporary": .bool(isTemporary), "explanation": .string(explanation),
      "remedy": .string(remedy),
    ]
  }

  /// A missing key and what the provider will never accept are refusals; what the configuration
  /// can mend is a bad configuration.
  package var outcome: FailureOutcome {
    switch cause {
    case .broken(let transfer): return transfer.isTimeout ? .timedOut : .refused
    case .ceilingTooLow, .notRecorded: return .badConfiguration
    default: return .refused
    }
  }
}
