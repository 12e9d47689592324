package import Essentials
package import Networking
import Synchronization

/// Tells whose a token is.
///
/// Trying a token against its hash takes about 50 ms and 64 MiB on purpose, so tokens that were tried
/// are remembered by a keyed digest until the book's file changes, which is looked at for each
/// request: a revocation holds at once. One token is tried at a time, and ``AttemptMeter`` says how
/// often. A token of no entry is tried against a hash that nobody has, so that the time does not tell
/// which ids there are.
package final class TokenDesk: Sendable {
  private struct State: Sendable {
    var book = AccessBook()
    var stamp: AccessFile.Stamp?
    var failure: AccessFailure?
    /// The id of the entry by the digest of its token, nil where the token is no good.
    var good: [[UInt8]: String] = [:]
    var bad: Set<[UInt8]> = []
    var attempts: AttemptMeter
    /// Counts the states of the book, so that what was tried against an earlier one is not kept.
    var generation = 0
    var isRead = false
  }

  private let file: AccessFile
  private let digest: KeyedDigest
  private let cost: PasswordHash.Cost
  private let now: @Sendable () -> Timestamp
  private let elapsed: @Sendable () -> Duration
  private let state: Mutex<State>
  /// Held while a token is tried.
  private let trying = Mutex(())

  /// The tokens that are remembered, of each sort; at the limit all of the sort are forgotten.
  private static let rememberedMax = 512
  /// No token is longer.
  private static let tokenBytesMax = 256

  /// - Parameters:
  ///   - cost: what trying a token of no entry takes; that of the entries, so that it does not tell.
  ///   - chance: gives bits that nobody can foretell.
  ///   - now: the instant by the system's clock, for tokens that expire.
  ///   - elapsed: the time on a clock that never jumps.
  package init(
    file: AccessFile, cost: PasswordHash.Cost = .interactive, chance: () -> UInt64,
    now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration
  ) {
    self.file = file
    self.cost = cost
    self.now = now
    self.elapsed = elapsed
    let words = (0..<KeyedDigest.keyBytes / 8).map { _ in chance() }
    let key = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    guard let digest = KeyedDigest(key: key) else {
      preconditionFailure("a key of \(key.count) bytes")
    }
    self.digest = digest
    state = Mutex(State(attempts: AttemptMeter(at: elapsed())))
  }

  /// Returns whose a token is; `peer` is the address that it came from. Microseconds for a token
  /// that was tried before, and otherwise the time of a hash.
  package func caller(
    with token: SecretText, from peer: String
  ) throws(AccessRefusal) -> Caller {
    guard token.revealed.utf8.count <= Self.tokenBytesMax else { throw .invalidToken }
    let digest = digest.digest(of: token)
    if let known = try known(digest) { return known }
    return try trying.withLock { _ throws(AccessRefusal) in
      // Somebody may have tried it meanwhile.
      if let known = try known(digest) { return known }
      return try attempt(token, digest, from: peer)
    }
  }

  /// The entries of the book as it stands, for a page that lists them.
  package func book() throws(AccessFailure) -> AccessBook { try file.read() }

  /// The caller of a token that was tried before; throws where it was no good, nil where it was not.
  private func known(_ digest: [UInt8]) throws(AccessRefusal) -> Caller? {
    try state.withLock { state throws(AccessRefusal) in
      refresh(&state)
      if let failure = state.failure { throw .bookUnreadable(failure) }
      if state.bad.contains(digest) { throw .invalidToken }
      guard let id = state.good[digest], let entry = state.book.entry(id) else { return nil }
      guard entry.isValid(at: now()) else { throw .invalidToken }
      return Caller(name: entry.name, role: entry.role)
    }
  }

  private func attempt(
    _ token: SecretText, _ digest: [UInt8], from peer: String
  ) throws(AccessRefusal) -> Caller {
    let parsed = AccessToken(token)
    let (entry, generation) = try state.withLock { state throws(AccessRefusal) in
      if let seconds = state.attempts.draw(peer, at: elapsed()) {
        throw .tooManyAttempts(seconds: seconds)
      }
      return (parsed.flatMap { state.book.entry($0.id) }, state.generation)
    }
    let hash = entry?.hash ?? .decoy(cost: cost)
    let isRecognized = hash.recognizes(parsed?.secret ?? token)
    let found = entry.flatMap { isRecognized && $0.isValid(at: now()) ? $0 : nil }
    state.withLock { state in
      if found != nil { state.attempts.giveBack(peer) }
      guard state.generation == generation else { return }
      if let found {
        if state.good.count >= Self.rememberedMax { state.good = [:] }
        state.good[digest] = found.id
      } else {
        if state.bad.count >= Self.rememberedMax { state.bad = [] }
        state.bad.insert(digest)
      }
    }
    guard let found else { throw .invalidToken }
    return Caller(name: found.name, role: found.role)
  }

  /// Reads the book where its file is another than before.
  private func refresh(_ state: inout State) {
    let stamp = file.stamp
    guard !state.isRead || stamp != state.stamp else { return }
    state.stamp = stamp
    state.isRead = true
    state.generation += 1
    state.good = [:]
    state.bad = []
    do throws(AccessFailure) {
      state.book = try file.read()
      state.failure = nil
    } catch {
      state.book = AccessBook()
      state.failure = error
    }
  }
}
