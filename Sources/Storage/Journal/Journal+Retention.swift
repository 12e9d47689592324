package import Essentials

extension Journal {
  /// Keeps the events from number `first` on and moves those before it into a file, from which they
  /// can be read and verified for ever.
  ///
  /// The file lies in the folder of the journal's name with `.archive`. It is written, made durable
  /// and read back before anything is removed, and the removal is one transaction with the event
  /// `journal.archived` that names the file and its digest. Numbers and chain go on unbroken, and the
  /// tables of read models keep what they know. Others may record meanwhile, and nobody else may cut.
  /// Cost: reads and removes every event before `first`.
  @discardableResult
  package func retain(
    from first: Int64, at now: Timestamp, run: String = ""
  ) throws(JournalFailure) -> ArchivedSegment {
    let claim = try claim("archive", for: "archiving events")
    defer { withExtendedLifetime(claim) {} }
    let record = try readers.with { connection throws(JournalFailure) in
      try JournalRecord(connection)
    }
    let last = first - 1
    guard last > record.anchor.seq else {
      throw .unusableCut(reason: "what lies before event \(first) is archived already")
    }
    guard last <= record.head.seq else {
      throw .unusableCut(reason: "the last event is \(record.head.seq)")
    }
    try inFiles { () throws(FileFailure) in try Folder.create(JournalArchive.folder(of: path)) }
    let name = JournalArchive.fileName(first: record.anchor.seq + 1, last: last)
    var chain = record.anchor.chain
    let written = try write(to: "\(JournalArchive.folder(of: path))/\(name)") {
      file throws(JournalFailure) in
      var encoding = JournalEncoding()
      var seq = record.anchor.seq
      var cursor = try JournalCursor(self, after: seq, through: last)
      while let part = try cursor.next() {
        for event in part {
          guard event.seq == seq + 1, encoding.holds(event, after: chain) else {
            throw .integrity(path: path, finding: .eventChanged(seq: seq + 1))
          }
          seq = event.seq
          chain = event.chain
        }
        try file.append(part)
      }
      guard seq == last else {
        throw .integrity(path: path, finding: .eventsMissing(first: seq + 1, last: last))
      }
      return Int(last - record.anchor.seq)
    }
    let segment = ArchivedSegment(
      first: record.anchor.seq + 1, last: last, chainBefore: record.anchor.chain, chain: chain,
      file: name, fingerprint: written.fingerprint)
    try JournalArchive(journal: path, segment: segment).read { _ throws(JournalFailure) in }
    let anchor = chain.withBytes(Array.init)
    _ = try append([
      JournalDraft(ArchivedSegment.kind, at: now, run: run, payload: segment.payload)
    ]) { connection throws(JournalFailure) in
      try inDatabase { () throws(DatabaseFailure) in
        try connection.run("DELETE FROM event WHERE seq <= ?", [.integer(last)])
        try connection.run(
          "UPDATE journal SET anchor_seq = ?, anchor_chain = ?", [.integer(last), .blob(anchor)])
      }
    }
    return segment
  }
}
