internal import Essentials

// How an event becomes bytes, and bytes a chain.
//
// Invariants, by number; tests cite them.
//
//  J1  Events are numbered 1, 2, 3, ... without a gap. A number is never used twice.
//  J2  chain(0) is the SHA-256 digest of the birth text below; it belongs to no event.
//  J3  chain(n) is the SHA-256 digest of the canonical bytes of event n, which begin with chain(n-1).
//  J4  Equal bytes come only from equal events: every text is preceded by its length.
//  J5  An event that was acknowledged survives the end of the process and of the power.
//  J6  The journal's record names the head: the number and chain of the last event.
//  J7  The record names the anchor: the number and chain before the first event that is still there.
//      An anchor other than 0 is explained by an event `journal.archived` that comes after it.
//  J8  Read models are what their events make of them; they are written in the event's transaction.
//  J9  At most one process writes at a time, and each begins where the events end. A number is given
//      and acknowledged in one order.
//
// The birth text, lines ended by a line feed:
//
//     athanor journal
//     format 1
//     id <id>
//     created <milliseconds since 1970>
//
// The canonical bytes of an event; whole numbers are little endian and signed:
//
//      0                               32      40      48      56   60   64   68   72   76   80
//     +-------------------------------+-------+-------+-------+----+----+----+----+----+----+------
//     | chain of the predecessor      | seq   | at ms | cause | ve | run| wor| sub| kin| pay| texts
//     +-------------------------------+-------+-------+-------+----+----+----+----+----+----+------
//                                                       0 = no  version, then the lengths in bytes
//                                                       cause   of the five texts that follow
//
// The texts are run, world, subject, kind and payload in UTF-8, one right after the other.

/// Computes chain values; keeps its buffer from event to event.
struct JournalEncoding {
  /// The version of the canonical bytes; it is part of the birth text and so of every chain value.
  static let format = 1

  private static let headerCount = 80

  private var bytes: [UInt8] = []

  /// chain(0), invariant J2.
  static func genesis(_ birth: JournalBirth) -> DigestBytes {
    let text = """
      athanor journal
      format \(format)
      id \(birth.id)
      created \(birth.at.millisecondsSinceEpoch)

      """
    return Array(text.utf8).withRawBytes { DigestBytes(of: $0) }
  }

  /// The parts of an event as they lie in the store, valid while the row is current.
  struct Parts {
    var seq: Int64
    var at: Int64
    /// 0 where there is no cause.
    var cause: Int64
    var version: Int32
    var run: UnsafeRawBufferPointer
    var world: UnsafeRawBufferPointer
    var subject: UnsafeRawBufferPointer
    var kind: UnsafeRawBufferPointer
    var payload: UnsafeRawBufferPointer
  }

  /// chain(n), invariant J3.
  mutating func chain(after predecessor: DigestBytes, _ parts: Parts) -> DigestBytes {
    let count =
      Self.headerCount + parts.run.count + parts.world.count + parts.subject.count
      + parts.kind.count + parts.payload.count
    if bytes.count < count { bytes = [UInt8](repeating: 0, count: count * 2) }
    return bytes.withUnsafeMutableBytes { buffer in
      predecessor.withBytes { buffer.copyMemory(from: $0) }
      buffer.storeBytes(of: parts.seq.littleEndian, toByteOffset: 32, as: Int64.self)
      buffer.storeBytes(of: parts.at.littleEndian, toByteOffset: 40, as: Int64.self)
      buffer.storeBytes(of: parts.cause.littleEndian, toByteOffset: 48, as: Int64.self)
      buffer.storeBytes(of: parts.version.littleEndian, toByteOffset: 56, as: Int32.self)
      var offset = Self.headerCount
      func place(_ text: UnsafeRawBufferPointer, lengthAt: Int) {
        buffer.storeBytes(
          of: Int32(truncatingIfNeeded: text.count).littleEndian, toByteOffset: lengthAt,
          as: Int32.self)
        UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(from: text)
        offset += text.count
      }
      place(parts.run, lengthAt: 60)
      place(parts.world, lengthAt: 64)
      place(parts.subject, lengthAt: 68)
      place(parts.kind, lengthAt: 72)
      place(parts.payload, lengthAt: 76)
      return DigestBytes(of: UnsafeRawBufferPointer(rebasing: buffer[..<offset]))
    }
  }

  /// chain(n) of an event in memory.
  mutating func chain(
    after predecessor: DigestBytes, seq: Int64, cause: Int64?, of draft: JournalDraft,
    payload: String
  ) -> DigestBytes {
    Array(draft.run.utf8).withRawBytes { run in
      Array(draft.world.utf8).withRawBytes { world in
        Array(draft.subject.utf8).withRawBytes { subject in
          Array(draft.kind.utf8).withRawBytes { kind in
            Array(payload.utf8).withRawBytes { payload in
              chain(
                after: predecessor,
                Parts(
                  seq: seq, at: draft.at.millisecondsSinceEpoch, cause: cause ?? 0,
                  version: Int32(draft.version), run: run, world: world, subject: subject,
                  kind: kind, payload: payload))
            }
          }
        }
      }
    }
  }

  /// Whether the chain value of an event follows from its predecessor's.
  mutating func holds(_ event: JournalEvent, after predecessor: DigestBytes) -> Bool {
    let draft = JournalDraft(
      event.kind, at: event.at, run: event.run, world: event.world, subject: event.subject,
      version: event.version)
    return chain(
      after: predecessor, seq: event.seq, cause: event.cause, of: draft,
      payload: event.payloadText) == event.chain
  }
}
