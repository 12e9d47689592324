package import Essentials

/// Which events were archived, and into which files.
struct ArchiveIndex: JournalReadModel {
  let name = "archive_index"
  let version = 1
  let tables = [
    JournalTable(
      name: "archive_index_segment",
      columns: """
        last INTEGER NOT NULL, first INTEGER NOT NULL, chain_before TEXT NOT NULL, \
        chain TEXT NOT NULL, file TEXT NOT NULL, fingerprint TEXT NOT NULL, \
        recorded INTEGER NOT NULL
        """, key: "last")
  ]

  var kinds: [String]? { [ArchivedSegment.kind] }

  func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
    for event in events where event.kind == ArchivedSegment.kind {
      guard let segment = event.payload.flatMap(ArchivedSegment.init) else { continue }
      try store.run(
        "INSERT OR REPLACE INTO archive_index_segment VALUES (?, ?, ?, ?, ?, ?, ?)",
        .integer(segment.last), .integer(segment.first), .text(segment.chainBefore.hexadecimal),
        .text(segment.chain.hexadecimal), .text(segment.file),
        .text(segment.fingerprint.hexadecimal), .integer(event.seq))
    }
  }

  /// All segments in the order of their events.
  func segments(in store: JournalTables) throws(JournalFailure) -> [ArchivedSegment] {
    try store.rows("SELECT * FROM archive_index_segment ORDER BY last").compactMap { row in
      guard let last = row[0].integer, let first = row[1].integer,
        let before = row[2].text.flatMap({ DigestBytes(hexadecimal: $0) }),
        let chain = row[3].text.flatMap({ DigestBytes(hexadecimal: $0) }), let file = row[4].text,
        let fingerprint = row[5].text.flatMap({ Fingerprint(hexadecimal: $0) })
      else { return nil }
      return ArchivedSegment(
        first: first, last: last, chainBefore: before, chain: chain, file: file,
        fingerprint: fingerprint)
    }
  }
}

/// Events that were moved from the journal into a file, as the event `journal.archived` records it.
package struct ArchivedSegment: Hashable, Sendable {
  package let first: Int64
  package let last: Int64
  /// The chain values before the first and after the last of the events.
  package let chainBefore: DigestBytes
  package let chain: DigestBytes
  /// The name of the file in the folder of the journal's archives.
  package let file: String
  /// The digest of the file's bytes.
  package let fingerprint: Fingerprint

  static let kind = "journal.archived"

  init(
    first: Int64, last: Int64, chainBefore: DigestBytes, chain: DigestBytes, file: String,
    fingerprint: Fingerprint
  ) {
    self.first = first
    self.last = last
    self.chainBefore = chainBefore
    self.chain = chain
    self.file = file
    self.fingerprint = fingerprint
  }

  init?(_ payload: JSONValue) {
    guard case .integer(let first)? = payload["first"], case .integer(let last)? = payload["last"],
      case .string(let before)? = payload["chain_before"],
      case .string(let chain)? = payload["chain"], case .string(let file)? = payload["file"],
      case .string(let digits)? = payload["fingerprint"],
      let chainBefore = DigestBytes(hexadecimal: before),
      let chainAfter = DigestBytes(hexadecimal: chain),
      let fingerprint = Fingerprint(hexadecimal: digits)
    else { return nil }
    self.init(
      first: Int64(first), last: Int64(last), chainBefore: chainBefore, chain: chainAfter,
      file: file, fingerprint: fingerprint)
  }

  var payload: JSONValue {
    [
      "first": .integer(Int(first)), "last": .integer(Int(last)),
      "chain_before": .string(chainBefore.hexadecimal), "chain": .string(chain.hexadecimal),
      "file": .string(file), "fingerprint": .string(fingerprint.hexadecimal),
    ]
  }
}
