package import Essentials
package import Networking

/// Reads the answer to one request as its bytes come, and says in the end what became of the call.
///
/// The same reader stands behind a live connection and a replayed one. Values in, values out.
package struct AnswerAssembly: Sendable {
  private let served: ServedModel
  private let speaker: any ProviderDialect
  private let key: APIKey?
  private var head: HTTPHead?
  private var advice = RetryAdvice()
  /// What the answer says of the provider's limits; nil before its head came.
  package private(set) var rateLimits: RateLimitState?
  private var form = Form.document
  private var draft = AnswerDraft()
  private var body: [UInt8] = []
  private var events = ServerSentEvents(eventBytesMax: HTTPLanguageModel.answerBytesMax)

  private enum Form {
    /// One document, to be read when it is whole.
    case document
    case stream
    /// The status says that this is no answer.
    case complaint
  }

  /// Begins to read; `key` is masked wherever the server repeats it.
  package init(_ served: ServedModel, key: APIKey?) {
    self.served = served
    self.key = key
    speaker = served.speaker
  }

  /// Whether the provider has said that nothing more comes.
  package var isOver: Bool { draft.isOver }

  /// Takes the status and the header fields. What they say decides how the body is read, not what
  /// was asked for: some servers answer with one document whoever asks for a stream.
  package mutating func receive(_ head: HTTPHead, at now: Timestamp) {
    self.head = head
    advice = RetryAdvice(head.headers, at: now)
    rateLimits = RateLimitState(head.headers, at: now)
    guard head.isSuccess else {
      form = .complaint
      return
    }
    let type = head.headers["content-type"]?.lowercased() ?? ""
    form = type.hasPrefix("text/event-stream") ? .stream : .document
  }

  /// Takes the next bytes of the body.
  package mutating func receive(_ bytes: [UInt8]) {
    guard form == .stream else {
      body += bytes
      return
    }
    do throws(ServerSentEventsTooLarge) {
      for event in try events.read(bytes) where !event.data.isEmpty && !draft.isOver {
        speaker.read(eventText: event.data, into: &draft)
      }
    } catch {
      draft.noteUnreadable("an event of its stream is larger than \(error.limitBytes) bytes")
    }
  }

  /// Returns what became of the call; `breakage` says why the exchange ended, where it did not end by
  /// itself.
  package mutating func finish(_ breakage: TransferBreak?) -> ModelOutcome {
    var origin = ProviderFailure.Origin(provider: served.provider.rawValue, model: served.model)
    guard let head else {
      let cause = breakage.map(ProviderFailure.Cause.broken) ?? .unended
      let failure = masked(ProviderFailure(origin, cause))
      return breakage?.mayHaveBeenReceived == false
        ? .refused(failure) : .lost(failure, partial: nil)
    }
    origin.requestID = head.headers["x-request-id"] ?? head.headers["request-id"]
    switch form {
    case .complaint:
      let complaint = complaint(head)
      let failure = masked(ProviderFailure(origin, .complained(complaint), advice: advice))
      return complaint.isCertainlyFree ? .refused(failure) : .lost(failure, partial: nil)
    case .document where breakage == nil: readDocument()
    case .document, .stream: break
    }
    return masked(
      draft.outcome(origin, advice: advice, breakage: breakage))
  }

  private func complaint(_ head: HTTPHead) -> ProviderComplaint {
    if (300..<400).contains(head.status), let place = head.headers["location"] {
      return ProviderComplaint(status: head.status, message: "the server points to \(place)")
    }
    let text = String(decoding: body, as: UTF8.self)
    return ProviderComplaint(status: head.status, body: key?.masking(text) ?? text)
  }

  private mutating func readDocument() {
    do throws(JSONMistake) {
      let document = try JSONValue(parsing: String(decoding: body, as: UTF8.self))
      speaker.read(document: document, into: &draft)
    } catch {
      draft.noteUnreadable("it is no JSON, expected \(error.expectation) at byte \(error.offset)")
    }
  }

  private func masked(_ outcome: ModelOutcome) -> ModelOutcome {
    switch outcome {
    case .answered(let answer): .answered(masked(answer))
    case .refused: outcome
    case .lost(let failure as ProviderFailure, let partial):
      .lost(masked(failure), partial: partial.map(masked))
    case .lost(let failure, let partial): .lost(failure, partial: partial.map(masked))
    }
  }

  private func masked(_ answer: ModelAnswer) -> ModelAnswer {
    guard let key else { return answer }
    var answer = answer
    answer.text = key.masking(answer.text)
    answer.usage = answer.usage.map(key.masking)
    answer.responseID = answer.responseID.map(key.masking)
    return answer
  }

  private func masked(_ failure: ProviderFailure) -> ProviderFailure {
    key.map(failure.masked) ?? failure
  }
}

extension ProviderFailure {
  /// The failure without the key, which a server may have sent back in its complaint.
  fileprivate func masked(by key: APIKey) -> ProviderFailure {
    var origin = origin
    origin.requestID = origin.requestID.map(key.masking)
    let cause: Cause =
      switch cause {
      case .complained(let complaint): .complained(complaint.masked(by: key))
      case .failedMidAnswer(let complaint): .failedMidAnswer(complaint.masked(by: key))
      case .declined(let words): .declined(words: key.masking(words))
      case .unwantedEnding(let reason): .unwantedEnding(key.masking(reason))
      default: cause
      }
    return ProviderFailure(
      origin, cause, advice: advice, usageSoFar: usageSoFar.map(key.masking))
  }
}

extension ProviderComplaint {
  fileprivate func masked(by key: APIKey) -> ProviderComplaint {
    ProviderComplaint(
      status: status, type: type.map(key.masking), code: code.map(key.masking),
      message: key.masking(message))
  }
}
