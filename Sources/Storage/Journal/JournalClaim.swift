internal import Essentials
internal import Synchronization

/// Something of a journal that one opening has for itself as long as this object lives: its budget, a
/// run. It ends with the process too, however that ends.
///
/// A claim keeps nobody from reading or from recording; it excludes those who make the same claim.
package final class JournalClaim: Sendable {
  /// What is claimed.
  package let name: String
  private let file: HeldFile

  /// The lock stays as it is while the claim lives, so any thread may own it.
  private struct HeldFile: @unchecked Sendable {
    let file: LockFile
  }

  fileprivate init(
    journal: String, name: String, work: String, patienceMilliseconds: Int
  ) throws(JournalFailure) {
    self.name = name
    let file = try LockFile(path: WriterLock.path(journal: journal))
    var patience = 1000 * patienceMilliseconds
    guard try file.lock(Self.byte(of: name), patience: &patience) else {
      throw .claimed(path: journal, work: work)
    }
    self.file = HeldFile(file: file)
  }

  /// The byte that stands for a name: 60 bits of its digest, so that no two names share one.
  static func byte(of name: String) -> Int64 {
    guard let number = Int64(Fingerprint(of: name).hexadecimal.prefix(15), radix: 16) else {
      preconditionFailure("a digest is written in hexadecimal digits")
    }
    return WriterLock.claims + number
  }
}

extension Journal {
  /// Takes something of the journal for oneself, such as its budget or a run, against all processes
  /// and all other openings. Fails with `claimed` where another has it.
  ///
  /// - Parameters:
  ///   - name: what is claimed.
  ///   - work: what the holder does, as it follows on "Another process is", nil for "working on" the
  ///     name.
  ///   - patienceMilliseconds: about how long another holder is waited for; 0 tries once, nil is the
  ///     patience with which the journal was opened.
  ///   - isShared: whether all who claim the name in this opening have it together; otherwise they
  ///     exclude each other too.
  package func claim(
    _ name: String, for work: String? = nil, patienceMilliseconds: Int? = nil,
    isShared: Bool = false
  ) throws(JournalFailure) -> JournalClaim {
    guard let writer else { throw .openedForReading(path: path) }
    let patience = patienceMilliseconds ?? writer.patienceMilliseconds
    func take() throws(JournalFailure) -> JournalClaim {
      try JournalClaim(
        journal: path, name: name, work: work ?? "working on \(name)",
        patienceMilliseconds: patience)
    }
    guard isShared else { return try take() }
    let result: Result<JournalClaim, JournalFailure> = sharedClaims.withLock { claims in
      if let claim = claims[name]?.claim { return .success(claim) }
      do throws(JournalFailure) {
        let claim = try take()
        claims = claims.filter { $0.value.claim != nil }
        claims[name] = SharedClaim(claim: claim)
        return .success(claim)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

/// A claim that lives as long as somebody outside has it.
struct SharedClaim: Sendable {
  weak let claim: JournalClaim?
}
