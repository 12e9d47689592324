package import Essentials

/// An exchange that brought no whole answer.
///
/// Each case says whether the server may have received the request, because a request that was
/// received may have cost money or started work even though nobody heard the answer.
package enum HTTPFailure: ExplainedFailure, Hashable {
  case hostNotFound(host: String)
  case couldNotConnect(to: String, reason: String)
  /// TLS could not be agreed, or the server could not prove who it is.
  case notTrusted(host: String, reason: String)
  case timedOut(Wait, host: String, limit: Duration, mayHaveBeenReceived: Bool)
  /// The body, or the header, is larger than allowed.
  case tooLarge(host: String, limitBytes: Int)
  /// The connection ended before the answer did.
  case brokenOff(host: String, reason: String, mayHaveBeenReceived: Bool)
  /// What came is not HTTP.
  case malformedAnswer(host: String, reason: String)
  /// The task that waited was cancelled, or the client was let go.
  case cancelled(mayHaveBeenReceived: Bool)
  /// The transfer could not be set up in this process: no memory, no certificates to trust.
  case couldNotStart(reason: String)

  /// What was waited for when time ran out.
  package enum Wait: String, Hashable, Sendable {
    case connection, firstByte, nextByte, wholeAnswer
  }

  /// Whether the server may have received the whole request and acted on it.
  package var mayHaveBeenReceived: Bool {
    switch self {
    case .hostNotFound, .couldNotConnect, .notTrusted, .couldNotStart: false
    case .tooLarge, .malformedAnswer: true
    case .timedOut(_, _, _, let mayHaveBeenReceived),
      .brokenOff(_, _, let mayHaveBeenReceived), .cancelled(let mayHaveBeenReceived):
      mayHaveBeenReceived
    }
  }

  package var key: String {
    switch self {
    case .hostNotFound: "host_not_found"
    case .couldNotConnect: "could_not_connect"
    case .notTrusted: "server_not_trusted"
    case .timedOut: "timed_out"
    case .tooLarge: "answer_too_large"
    case .brokenOff: "connection_broken_off"
    case .malformedAnswer: "malformed_answer"
    case .cancelled: "cancelled"
    case .couldNotStart: "transfer_not_started"
    }
  }

  package var explanation: String {
    switch self {
    case .hostNotFound(let host): "The host \(host) is not known."
    case .couldNotConnect(let place, let reason): "No connection to \(place): \(reason)."
    case .notTrusted(let host, let reason): "The connection to \(host) is not safe: \(reason)."
    case .timedOut(let wait, let host, let limit, let mayHaveBeenReceived):
      "\(wait.sentence(host: host)) within \(limit.seconds) s."
        + Self.fate(mayHaveBeenReceived)
    case .tooLarge(let host, let limit):
      "The answer of \(host) is larger than \(limit) bytes." + Self.fate(true)
    case .brokenOff(let host, let reason, let mayHaveBeenReceived):
      "The connection to \(host) broke off: \(reason)." + Self.fate(mayHaveBeenReceived)
    case .malformedAnswer(let host, let reason):
      "What \(host) sent is not HTTP: \(reason)." + Self.fate(true)
    case .cancelled(let mayHaveBeenReceived):
      "The exchange was cancelled." + Self.fate(mayHaveBeenReceived)
    case .couldNotStart(let reason): "The exchange could not be set up: \(reason)."
    }
  }

  private static func fate(_ mayHaveBeenReceived: Bool) -> String {
    mayHaveBeenReceived
      ? " The server may have acted on the request."
      : " The server did not receive the request."
  }

  package var remedy: String {
    switch self {
    case .hostNotFound: "Check the address and the network's name service."
    case .couldNotConnect: "Check the address, the port and that the server runs."
    case .notTrusted: "Give the certificate of the authority that signed the server's."
    case .timedOut(.connection, _, _, _): "Check the network, or try again later."
    case .timedOut: "Allow more time, or ask for less."
    case .tooLarge: "Ask for less, or raise the limit."
    case .brokenOff: "Try again where the request may be repeated."
    case .malformedAnswer: "Check that the address is that of the service meant."
    case .cancelled: "Start it again where it is still wanted."
    case .couldNotStart: "Check the options of the connection and the memory of the machine."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .timedOut: .timedOut
    case .couldNotStart: .badConfiguration
    default: .failed
    }
  }
}

extension HTTPFailure.Wait {
  fileprivate func sentence(host: String) -> String {
    switch self {
    case .connection: "There was no connection to \(host)"
    case .firstByte: "\(host) did not begin to answer"
    case .nextByte: "\(host) fell silent in the middle of its answer and sent nothing more"
    case .wholeAnswer: "\(host) did not finish its answer"
    }
  }
}

extension Duration {
  /// In seconds, with a fraction where there is one.
  fileprivate var seconds: String {
    let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    return milliseconds % 1000 == 0
      ? String(milliseconds / 1000) : String(Double(milliseconds) / 1000)
  }
}
