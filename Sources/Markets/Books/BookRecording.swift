package import Essentials

/// Recorded messages of one book in the order in which they came, each of which can be read at any
/// time.
///
/// Whoever replays reads messages by their place and lets a ``SynchronizedBook`` judge them, so a
/// recording may hold whatever a venue sent. Reading must not allocate.
package protocol BookRecording: Sendable {
  /// How the messages follow each other.
  var sequencing: BookProtocol { get }
  /// The number of messages.
  var count: Int { get }

  /// When the message at a place from 0 was made, by the venue's clock.
  func instant(at place: Int) -> Timestamp

  /// Calls `body` with the message at a place; the levels live as long as the call.
  func read(
    _ place: Int, _ body: (BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Void)
}
