package import Essentials

/// Something that happened and is to be recorded.
package struct JournalDraft: Hashable, Sendable {
  /// What led to an event.
  package enum Cause: Hashable, Sendable {
    case none
    /// An event that is recorded already.
    case event(Int64)
    /// The draft at this place among those that are appended together; it must stand before.
    case draft(Int)
  }

  package var at: Timestamp
  package var run: String
  package var world: String
  package var subject: String
  package var kind: String
  package var cause: Cause
  package var version: Int
  package var payload: JSONValue

  package init(
    _ kind: String, at: Timestamp, run: String = "", world: String = "", subject: String = "",
    cause: Cause = .none, version: Int = 1, payload: JSONValue = [:]
  ) {
    self.at = at
    self.run = run
    self.world = world
    self.subject = subject
    self.kind = kind
    self.cause = cause
    self.version = version
    self.payload = payload
  }

  /// A longer name names nothing.
  package static let nameBytesMax = 256
  /// What is larger belongs into a file whose fingerprint the event carries.
  package static let payloadBytesMax = 16 << 20

  /// Why the draft cannot be recorded as the one at `place` of those appended together, after the
  /// event `head`; nil where it can.
  func objection(place: Int, head: Int64) -> String? {
    let words = kind.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isWord: (Substring.UTF8View) -> Bool = { word in
      !word.isEmpty
        && word.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }
    guard words.allSatisfy({ isWord(Substring($0).utf8) }), kind.utf8.count <= Self.nameBytesMax
    else { return "a kind is words of small letters, digits and _ with points between them" }
    for (role, name) in [("run", run), ("world", world), ("subject", subject)] {
      guard name.utf8.count <= Self.nameBytesMax else {
        return "its \(role) is longer than \(Self.nameBytesMax) bytes"
      }
      guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        return "its \(role) has a control character"
      }
    }
    guard (1...Int(Int32.max)).contains(version) else { return "its version is \(version)" }
    switch cause {
    case .none: break
    case .event(let seq):
      guard seq >= 1, seq <= head else { return "its cause, event \(seq), is not recorded" }
    case .draft(let other):
      guard other >= 0, other < place else { return "its cause does not stand before it" }
    }
    return nil
  }
}
