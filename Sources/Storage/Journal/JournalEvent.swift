package import Essentials

/// One thing that happened, as it stands in the journal.
package struct JournalEvent: Hashable, Sendable {
  /// Its number, counted from 1 without gaps.
  package let seq: Int64
  /// When it happened, by the clock of whoever recorded it; not necessarily ascending.
  package let at: Timestamp
  /// The run of a program that it belongs to, empty where there is none.
  package let run: String
  /// The world that it belongs to, empty where there is none.
  package let world: String
  /// What it is about, such as a formula's fingerprint or an order's id; may be empty.
  package let subject: String
  /// What happened, such as `simulation.completed`.
  package let kind: String
  /// The number of the event that led to it, always smaller than its own.
  package let cause: Int64?
  /// The version of the payload's layout, by kind.
  package let version: Int
  /// The payload as canonical JSON on one line.
  package let payloadText: String
  /// The digest of this event and, through its predecessor, of all before it.
  package let chain: DigestBytes

  /// The payload; nil where the text is no JSON, which only a foreign hand can bring about. Parsed
  /// anew on each use.
  package var payload: JSONValue? { try? JSONValue(parsing: payloadText) }
}

/// Where a journal ends: its last event and the digest of everything up to it.
///
/// Whoever keeps a copy of it elsewhere can prove later that nothing before it was changed.
package struct JournalHead: Hashable, Sendable {
  /// The number of the last event, 0 where there is none yet.
  package let seq: Int64
  package let chain: DigestBytes

  package init(seq: Int64, chain: DigestBytes) {
    self.seq = seq
    self.chain = chain
  }
}

/// What tells one journal from every other.
package struct JournalBirth: Hashable, Sendable {
  /// A name that no other journal has.
  package let id: String
  package let at: Timestamp

  package init(id: String, at: Timestamp) {
    self.id = id
    self.at = at
  }
}
