import Essentials
import Markets
import Testing

@Suite("Joined books")
struct JoinedBooksTests {
  /// Messages that say which they are.
  private struct Numbers: BookRecording {
    var sequencing = BookProtocol.bybit
    let numbers: [Int64]

    var count: Int { numbers.count }
    func instant(at place: Int) -> Timestamp {
      Timestamp(millisecondsSinceEpoch: numbers[place])
    }
    func read(
      _ place: Int, _ body: (BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Void
    ) {
      let number = numbers[place]
      let bids: ContiguousArray = [BookLevel(ticks: number, lots: 1)]
      body(
        BookHeader(
          kind: .delta,
          sequence: BookSequence(first: number, last: number, previous: nil, cross: nil),
          instant: instant(at: place)),
        bids.span, ContiguousArray<BookLevel>().span)
    }
  }

  @Test("every message of every part is read at its place, also beside parts without any")
  func places() throws {
    let parts: [[Int64]] = [[], [1, 2, 3], [], [], [4], [5, 6], []]
    let joined = try #require(JoinedBooks(parts.map { Numbers(numbers: $0) }))
    #expect(joined.count == 6 && joined.sequencing == .bybit)
    for place in 0..<6 {
      #expect(joined.instant(at: place).millisecondsSinceEpoch == Int64(place) + 1)
      joined.read(place) { header, bids, asks in
        #expect(header.sequence.last == Int64(place) + 1)
        #expect(bids[0].ticks == Int64(place) + 1 && asks.isEmpty)
      }
    }
  }

  @Test("there is nothing to join of no recording, nor of two that count differently")
  func refused() {
    #expect(JoinedBooks([]) == nil)
    #expect(
      JoinedBooks([Numbers(numbers: [1]), Numbers(sequencing: .binanceFutures, numbers: [2])])
        == nil)
  }
}
