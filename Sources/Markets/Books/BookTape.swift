package import Essentials

/// A recording of a book in memory: headers, and the levels of all messages in one stretch.
package struct BookTape: BookRecording {
  package let sequencing: BookProtocol
  private var headers: ContiguousArray<BookHeader> = []
  private var levels: ContiguousArray<BookLevel> = []
  /// Where the bids of each message begin and its asks do; they end where the next ones begin.
  private var starts: ContiguousArray<(bids: Int, asks: Int)> = []

  /// A tape without messages.
  package init(_ sequencing: BookProtocol) {
    self.sequencing = sequencing
  }

  package var count: Int { headers.count }
  /// The number of levels in all messages.
  package var levelCount: Int { levels.count }

  /// Appends a message as it came.
  package mutating func append(
    _ header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) {
    headers.append(header)
    let start = levels.count
    for place in 0..<bids.count { levels.append(bids[place]) }
    starts.append((start, levels.count))
    for place in 0..<asks.count { levels.append(asks[place]) }
  }

  /// When the message at a place was made.
  package func instant(at place: Int) -> Timestamp { headers[place].instant }

  /// Calls `body` with the message at a place.
  package func read(
    _ place: Int, _ body: (BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Void
  ) {
    let (bids, asks) = starts[place]
    let end = place + 1 < starts.count ? starts[place + 1].bids : levels.count
    let all = levels.span
    body(headers[place], all.extracting(bids..<asks), all.extracting(asks..<end))
  }
}
