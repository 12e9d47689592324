/// The right to write a journal, taken for one commit and given back.
///
/// It is a lock on a file beside the journal. On the journal's own file it would end SQLite's locks
/// whenever it is closed, since POSIX lets go of all locks of a process with the first descriptor.
///
/// ```
/// byte 0   the right to write; its content is 1 while somebody writes
/// byte 1   the place at the head of the queue
/// 2 ...    the claims
/// ```
///
/// Whoever wants to write waits at the head of the queue, so a process that commits without a pause
/// cannot keep the others out. Who finds the content 1 under the lock knows that the one before failed
/// or died.
final class WriterLock {
  let patienceMilliseconds: Int
  private let journal: String
  private let file: LockFile

  /// The byte that is the right to write.
  private static let right: Int64 = 0
  private static let queue: Int64 = 1
  /// The first byte that a claim may have.
  static let claims: Int64 = 2

  static func path(journal: String) -> String { journal + ".lock" }

  /// - Parameter patienceMilliseconds: about how long ``hold(_:)`` waits; 0 tries once.
  init(journal: String, patienceMilliseconds: Int) throws(JournalFailure) {
    self.journal = journal
    self.patienceMilliseconds = patienceMilliseconds
    file = try LockFile(path: Self.path(journal: journal))
  }

  /// What became of the writing before this one.
  enum Predecessor: Hashable, Sendable {
    case done
    /// It failed, or its process died.
    case failed
  }

  /// Runs `body` while nobody else writes. Where the one before failed, `body` says whether what it
  /// left has been mended; until then the next is told as well.
  func hold<Result>(
    _ body: (Predecessor) throws(JournalFailure) -> (Result, isMended: Bool)
  ) throws(JournalFailure) -> Result {
    try takeTurn()
    defer { file.unlock(Self.right) }
    let predecessor: Predecessor = try file.isMarked ? .failed : .done
    if predecessor == .done { try file.mark(true) }
    let (result, isMended) = try body(predecessor)
    // Where the mark cannot be taken away, the next one mends what is whole.
    if predecessor == .done || isMended { try? file.mark(false) }
    return result
  }

  private func takeTurn() throws(JournalFailure) {
    var patience = 1000 * patienceMilliseconds
    guard try file.lock(Self.queue, patience: &patience) else {
      throw .heldByAnotherWriter(path: journal)
    }
    defer { file.unlock(Self.queue) }
    guard try file.lock(Self.right, patience: &patience) else {
      throw .heldByAnotherWriter(path: journal)
    }
  }

  /// Runs `body` while nobody writes, nil where somebody does. Makes no file and waits for nobody.
  static func whileNobodyWrites<Result>(
    journal: String, _ body: () throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result? {
    guard let file = LockFile(reading: path(journal: journal)) else { return try body() }
    guard try file.tryLock(right, .shared) else { return nil }
    defer { file.unlock(right) }
    return try body()
  }
}
