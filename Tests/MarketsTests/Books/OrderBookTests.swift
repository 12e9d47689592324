import Mathematics
import TestKit
import Testing

@testable import Markets

@Suite("Order book")
struct OrderBookTests {
  @Test(
    "a book with any window agrees with the plain one after every update",
    arguments: [(64, 20), (64, 400), (128, 3000), (1024, 500)])
  func agreesWithPlainBook(width: Int, reach: Int64) {
    for seed in 1...3 as ClosedRange<UInt64> {
      var generator = SplitMix64(seed: seed)
      var book = OrderBook(width: width)
      var plain = PlainBook()
      var center: Int64 = 100_000
      for step in 0..<500 {
        if step % 61 == 0 { center += Int64.random(in: -2 * reach...2 * reach, using: &generator) }
        let side: QuoteSide = Bool.random(using: &generator) ? .bid : .ask
        let distance = Int64.random(in: 0...reach, using: &generator)
        let level = BookLevel(
          ticks: max(1, side == .bid ? center - distance : center + 1 + distance),
          lots: Bool.random(using: &generator) ? 0 : Int64.random(in: 1...9, using: &generator))
        book.set(level, of: side)
        plain.set(level, of: side)
        let expected = plain.levels(of: side)
        let best = side == .bid ? book.bestBid : book.bestAsk
        guard best == expected.first, book.lots(at: level.ticks, of: side) == level.lots else {
          Issue.record("seed \(seed), step \(step): \(best as Any) for \(expected.first as Any)")
          return
        }
        if step % 50 == 0 {
          #expect(Array(book.levels(of: side)) == expected, "seed \(seed), step \(step)")
          #expect(book.count(of: side) == expected.count)
        }
      }
    }
  }

  @Test("an update in one piece is the same as level by level")
  func batches() {
    var generator = SplitMix64(seed: 3)
    var whole = OrderBook(width: 64)
    var single = OrderBook(width: 64)
    for _ in 0..<200 {
      let bids = ContiguousArray(
        (0..<20).map { _ in
          BookLevel(
            ticks: Int64.random(in: 1...300, using: &generator),
            lots: Int64.random(in: 0...2, using: &generator))
        })
      let asks = ContiguousArray(
        bids.map { BookLevel(ticks: $0.ticks + 300, lots: $0.lots) })
      whole.set(bids: bids.span, asks: asks.span)
      for level in bids { single.set(level, of: .bid) }
      for level in asks { single.set(level, of: .ask) }
      #expect(whole.levels(of: .bid) == single.levels(of: .bid))
      #expect(whole.levels(of: .ask) == single.levels(of: .ask))
    }
  }

  @Test("a side that is emptied has no best price, and begins again anywhere")
  func emptied() {
    var book = OrderBook(width: 64)
    for ticks in [10, 500, 90_000] as [Int64] {
      book.set(BookLevel(ticks: ticks, lots: 1), of: .ask)
      #expect(book.bestAsk == BookLevel(ticks: ticks, lots: 1))
      book.set(BookLevel(ticks: ticks, lots: 0), of: .ask)
      #expect(book.bestAsk == nil)
      #expect(book.spread == nil)
    }
    book.set(BookLevel(ticks: 5, lots: 1), of: .bid)
    book.set(BookLevel(ticks: 70_000, lots: 2), of: .bid)
    book.removeAll()
    #expect(book.count(of: .bid) == 0)
    #expect(book.lots(at: 5, of: .bid) == 0)
  }

  @Test("a market order takes level after level until it is filled or the bound is reached")
  func sweeps() {
    var book = OrderBook(width: 64)
    for (ticks, lots) in [(101, 5), (102, 7), (104, 9)] as [(Int64, Int64)] {
      book.set(BookLevel(ticks: ticks, lots: lots), of: .ask)
      book.set(BookLevel(ticks: 200 - ticks, lots: lots), of: .bid)
    }
    let all = [(101, 5), (102, 7), (104, 3)] as [(Int64, Int64)]
    #expect(book.sweep(.ask, lots: 15).map(\.ticks) == all.map(\.0))
    #expect(book.sweep(.ask, lots: 15).map(\.lots) == all.map(\.1))
    #expect(book.sweep(.ask, lots: 15, bound: 102).map(\.lots) == [5, 7])
    #expect(book.sweep(.bid, lots: 6, bound: 98).map(\.ticks) == [99, 98])
    #expect(book.sweep(.bid, lots: 100).map(\.lots) == [5, 7, 9])
    #expect(book.sweep(.ask, lots: 0).isEmpty)
    #expect(book.spread == 2)
    #expect(book.doubledMid == 200)
    #expect(!book.isCrossed)
    book.set(BookLevel(ticks: 101, lots: 1), of: .bid)
    #expect(book.isCrossed)
  }
}
