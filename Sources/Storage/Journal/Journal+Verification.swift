extension Journal {
  /// Examines everything that is stored: each event against the chain, the tables against what was
  /// made, the read models against what the events make of them, the archives, and the write-ahead
  /// log where nobody is writing at the moment.
  ///
  /// The journal may be written meanwhile; what is appended after the beginning is not examined.
  /// Changes nothing. Cost: reads everything once for the chain and once for each read model.
  ///
  /// - Parameters:
  ///   - scope: how much is examined.
  ///   - threads: how many work; the verdict is the same.
  ///   - progress: called from any thread with the events examined and their number.
  package func verify(
    _ scope: JournalScope = .everything, threads: Int = 1,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(JournalFailure) -> JournalVerdict {
    while true {
      let record = try record
      let verification = JournalVerification(
        path: path, birth: birth, models: models, readers: readers, record: record, scope: scope,
        progress: progress)
      var verdict = try verification.run(threads: threads)
      // A cut that was made meanwhile took events away from under the examination.
      if try self.record.anchor != record.anchor { continue }
      if let damage = try settledLogDamage() {
        verdict.findings.append(.logDamaged(frame: damage.frame))
      }
      return verdict
    }
  }

  private var record: JournalRecord {
    get throws(JournalFailure) {
      try readers.with { connection throws(JournalFailure) in try JournalRecord(connection) }
    }
  }

  /// The damage of a write-ahead log that nobody is writing; nil where somebody is.
  private func settledLogDamage() throws(JournalFailure) -> WriteAheadLog.Damage? {
    let path = path
    let damage = try WriterLock.whileNobodyWrites(journal: path) { () throws(JournalFailure) in
      try WriteAheadLog.damage(journal: path)
    }
    return damage ?? nil
  }
}
