package import Essentials

/// A line of a recorded feed: nanoseconds of the recorder's clock since 1970 and a space, where the
/// recorder wrote them, then the message as it came.
package struct RecordedMessage: Hashable, Sendable {
  /// When it arrived, by the recorder's clock; nil where the line does not say.
  package let arrivedNanoseconds: Int64?
  /// The place of the message's first byte in the line.
  package let start: Int

  /// Looks at a line; nil for one that is empty or that begins with what is neither time nor message.
  package init?(_ line: Span<UInt8>) {
    var here = 0
    var nanoseconds: Int64 = 0
    while here < line.count, line[here] &- 48 < 10, here < 19 {
      nanoseconds = nanoseconds &* 10 &+ Int64(line[here] &- 48)
      here += 1
    }
    guard here < line.count else { return nil }
    if here == 0 {
      guard line[0] == UInt8(ascii: "{") else { return nil }
      arrivedNanoseconds = nil
      start = 0
    } else {
      guard line[here] == UInt8(ascii: " "), nanoseconds >= 0 else { return nil }
      arrivedNanoseconds = nanoseconds
      start = here + 1
    }
  }

  /// When it arrived, to the millisecond.
  package var arrived: Timestamp? {
    arrivedNanoseconds.map { Timestamp(millisecondsSinceEpoch: $0 / 1_000_000) }
  }
}
