package import Essentials
package import Networking

/// Why a subscriber is not taken in.
package enum LiveRefusal: Hashable, Sendable {
  case full(subscribers: Int)
  case stopped
}

extension LiveRefusal: RouteRefusal {
  package var key: String {
    switch self {
    case .full: "stream_full"
    case .stopped: "stream_stopped"
    }
  }

  package var explanation: String {
    switch self {
    case .full(let subscribers): "The stream has \(subscribers) subscribers, which is its limit."
    case .stopped: "The stream has ended, because the server is ending."
    }
  }

  package var remedy: String {
    switch self {
    case .full: "Close pages that are not needed, or try again later."
    case .stopped: "Connect again when the server is back."
    }
  }

  package var outcome: FailureOutcome { .failed }

  package var status: Int { 503 }
  package var headers: HTTPHeaders { ["Retry-After": "5"] }
}
