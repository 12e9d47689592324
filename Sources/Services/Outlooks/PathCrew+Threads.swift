import Dispatch
package import Models

extension PathCrew {
  /// A crew of so many threads, the caller's among them.
  package static func threads(_ count: Int) -> PathCrew {
    guard count > 1 else { return .caller }
    return PathCrew(of: count) { parts, part in
      DispatchQueue.concurrentPerform(iterations: parts, execute: part)
    }
  }
}
