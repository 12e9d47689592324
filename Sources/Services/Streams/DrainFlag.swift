import Synchronization

/// Says whether the hub wants to know when a subscriber's queue is empty.
///
/// Most of the time nobody waits for that, and then the hub's thread is not woken for it. Who wants to
/// know says so first and looks at the queue afterwards, so that it cannot become empty in between
/// without being noticed.
final class DrainFlag: Sendable {
  private let isWanted = Atomic<Bool>(false)

  /// The hub wants to be told, once.
  func want() { isWanted.store(true, ordering: .sequentiallyConsistent) }

  /// Whether the hub is to be told.
  func take() -> Bool { isWanted.exchange(false, ordering: .sequentiallyConsistent) }
}
