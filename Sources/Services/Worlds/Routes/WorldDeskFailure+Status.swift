import Essentials
package import Networking
import Storage
import Worlds

/// With which status of HTTP a desk of worlds refuses.
extension WorldDeskFailure: RouteRefusal {
  /// 403 for who may not, 404 for what is not there, 409 for what contradicts the state of the world,
  /// 410 for what was archived, 422 for what cannot be used,
  /// 503 where another process is at work on the world.
  package var status: Int {
    switch self {
    case .refused(let refusal):
      switch refusal.kind {
      case .forbidden: 403
      case .missing: 404
      case .conflict: 409
      case .unusable: 422
      }
    case .unknownCycle: 404
    case .snapshotMissing: 410
    case .unknownAlpha, .incompleteAlpha: 422
    case .evidence(let failure):
      // Nothing that the request says is wrong where a panel cannot be measured.
      failure.outcome == .badConfiguration ? 409 : failure.outcome.httpStatus
    case .journal(let failure):
      switch failure {
      case .claimed, .heldByAnotherWriter: 503
      default: outcome.httpStatus
      }
    case .unreadable: outcome.httpStatus
    }
  }
  /// When to ask again, where waiting helps.
  package var headers: HTTPHeaders { status == 503 ? ["Retry-After": "1"] : [:] }
}
