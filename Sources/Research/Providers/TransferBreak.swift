package import Essentials
package import Networking

/// Why an exchange brought no whole answer, as a value that can be recorded and replayed.
package struct TransferBreak: Hashable, Sendable {
  /// The name that programs branch on, such as `connection_broken_off`.
  package let key: String
  package let explanation: String
  package let remedy: String
  package let isTimeout: Bool
  /// Whether the same request may succeed later.
  package let isTemporary: Bool
  /// Whether the provider may have received the request, so that it may have billed it.
  package let mayHaveBeenReceived: Bool

  package init(_ failure: HTTPFailure) {
    key = failure.key
    explanation = failure.explanation
    remedy = failure.remedy
    isTimeout = failure.outcome == .timedOut
    isTemporary =
      switch failure {
      case .hostNotFound, .couldNotConnect, .timedOut, .brokenOff: true
      case .notTrusted, .tooLarge, .malformedAnswer, .cancelled, .couldNotStart: false
      }
    mayHaveBeenReceived = failure.mayHaveBeenReceived
  }
}

extension TransferBreak: ReadableDocument {
  package init(reading reader: inout DocumentReader) {
    key = reader.requiredText("key")
    explanation = reader.requiredText("explanation")
    remedy = reader.requiredText("remedy")
    isTimeout = reader.flag("timeout") ?? false
    isTemporary = reader.flag("temporary") ?? false
    mayHaveBeenReceived = reader.flag("may_have_been_received") ?? true
  }

  /// The object that a recording holds.
  package var json: JSONValue {
    [
      "key": .string(key), "explanation": .string(explanation), "remedy": .string(remedy),
      "timeout": .bool(isTimeout), "temporary": .bool(isTemporary),
      "may_have_been_received": .bool(mayHaveBeenReceived),
    ]
  }
}
