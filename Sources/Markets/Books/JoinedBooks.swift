package import Essentials

/// The messages of several recordings of one book, one recording after the other.
package struct JoinedBooks: BookRecording {
  private let parts: [any BookRecording]
  /// The place at which each part begins, and the number of all messages.
  private let begins: [Int]

  /// Joins recordings in the order of their time; nil where there is none, or where they do not follow
  /// each other by the same protocol.
  package init?(_ parts: [any BookRecording]) {
    guard let first = parts.first, parts.allSatisfy({ $0.sequencing == first.sequencing }) else {
      return nil
    }
    self.parts = parts
    begins = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// How the messages of all parts follow each other.
  package var sequencing: BookProtocol { parts[0].sequencing }
  /// The messages of all parts.
  package var count: Int { begins[parts.count] }

  /// When the message at a place of all was made.
  package func instant(at place: Int) -> Timestamp {
    let part = part(of: place)
    return parts[part].instant(at: place - begins[part])
  }

  /// Calls `body` with the message at a place of all. Cost: a search among the parts.
  package func read(
    _ place: Int, _ body: (BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Void
  ) {
    let part = part(of: place)
    parts[part].read(place - begins[part], body)
  }

  /// The last part that begins at a place or before it. Empty parts are passed over.
  private func part(of place: Int) -> Int {
    precondition(place >= 0 && place < count, "message \(place) of \(count)")
    var (low, high) = (0, parts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if begins[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }
}
