package import Essentials

/// What is known of a call after it: how much it used, and how that is known.
package struct UsagePoint: Hashable, Sendable {
  package var usage: TokenUsage
  package var source: UsageSource
  package var promptCharacters: Int
  package var completionCharacters: Int
  /// The name that the provider gave its answer.
  package var responseID: String?
  /// The provider's own `usage` object, as it came; one of more than ``reportedBytesMax`` is left out.
  package var reported: JSONValue?
  /// An object with `effort`, `summary` and `verbosity` where they were asked for.
  package var reasoning: JSONValue?

  package init(
    usage: TokenUsage, source: UsageSource, promptCharacters: Int = 0,
    completionCharacters: Int = 0, responseID: String? = nil, reported: JSONValue? = nil,
    reasoning: JSONValue? = nil
  ) {
    self.usage = usage
    self.source = source
    self.promptCharacters = promptCharacters
    self.completionCharacters = completionCharacters
    self.responseID = responseID
    self.reported = reported
    self.reasoning = reasoning
  }

  /// More than any provider says about a call; what is longer is not kept.
  package static let reportedBytesMax = 16_384

  /// Reads the usage of an answer, with the rough estimates of the texts in the place of what the
  /// provider does not say.
  package init(
    reported: JSONValue?, promptCharacters: Int, completionCharacters: Int,
    responseID: String? = nil, reasoning: JSONValue? = nil
  ) {
    let (usage, source) = TokenUsage.read(
      reported, roughPrompt: RoughEstimate.tokens(characters: promptCharacters),
      roughCompletion: RoughEstimate.tokens(characters: completionCharacters))
    let isKept = (reported?.compactText.utf8.count ?? 0) <= Self.reportedBytesMax
    self.init(
      usage: usage, source: source, promptCharacters: promptCharacters,
      completionCharacters: completionCharacters, responseID: responseID,
      reported: isKept ? reported : nil,
      reasoning: reasoning)
  }

  package var promptTokensRough: Int { RoughEstimate.tokens(characters: promptCharacters) }
  package var completionTokensRough: Int { RoughEstimate.tokens(characters: completionCharacters) }
}

/// A settled call: the usage point beside what had been granted.
package struct Settlement: Hashable, Sendable {
  package let reservation: Reservation
  package let point: UsagePoint
  package let cost: CallCost
  /// The part of the use that was within the grant, and the part beyond it.
  package let within: Spend
  package let beyond: Spend
  /// Whether the reservation had expired, so that its use was presumed until now.
  package let isLate: Bool
}

/// Why a granted call is not billed.
package enum VoidReason: String, Hashable, Sendable, CaseIterable {
  /// It was never sent.
  case notSent = "not_sent"
  /// The provider refused it without billing it, as with a rate limit.
  case refusedByProvider = "refused_by_provider"
  /// The provider's own records show that it was not billed.
  case notBilled = "not_billed"
}

/// Why nobody knows whether a granted call was billed.
package enum PresumptionReason: String, Hashable, Sendable, CaseIterable {
  /// Nobody settled it in time.
  case deadline
  /// The process that was to make it is gone.
  case ownerGone = "owner_gone"
  /// It was sent, and the answer did not arrive.
  case answerLost = "answer_lost"
}
