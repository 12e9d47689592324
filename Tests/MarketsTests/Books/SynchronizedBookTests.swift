import Essentials
import Testing

@testable import Markets

/// What a message does to a book, written on a line.
private struct Step {
  let header: BookHeader
  let bids: ContiguousArray<BookLevel>
  let asks: ContiguousArray<BookLevel>

  static func snapshot(
    _ last: Int64, cross: Int64? = nil, bid: Int64 = 100, ask: Int64 = 101
  ) -> Step {
    Step(.snapshot, BookSequence(last, cross: cross), (bid, 5), (ask, 5))
  }

  static func delta(
    _ first: Int64, _ last: Int64, after previous: Int64? = nil, cross: Int64? = nil,
    bid: (Int64, Int64) = (99, 7)
  ) -> Step {
    Step(
      .delta, BookSequence(first: first, last: last, previous: previous, cross: cross), bid, nil)
  }

  private init(
    _ kind: BookMessageKind, _ sequence: BookSequence, _ bid: (Int64, Int64), _ ask: (Int64, Int64)?
  ) {
    header = BookHeader(
      kind: kind, sequence: sequence,
      instant: Timestamp(millisecondsSinceEpoch: sequence.last))
    bids = [BookLevel(ticks: bid.0, lots: bid.1)]
    asks = ask.map { [BookLevel(ticks: $0.0, lots: $0.1)] } ?? []
  }
}

extension SynchronizedBook {
  fileprivate mutating func receive(_ step: Step) -> BookDirective {
    receive(step.header, bids: step.bids.span, asks: step.asks.span)
  }
}

@Suite("Synchronized book")
struct SynchronizedBookTests {
  @Test("Bybit: changes before the snapshot are dropped, those after it are applied in order")
  func bybit() {
    var book = SynchronizedBook(.bybit, width: 64)
    #expect(book.receive(.delta(5, 5)) == .skipped)
    #expect(book.state == .awaitingSnapshot)
    #expect(book.receive(.snapshot(10, cross: 3)) == .applied)
    #expect(book.receive(.delta(11, 11, cross: 4)) == .applied)
    #expect(book.receive(.delta(11, 11, cross: 4)) == .skipped)
    #expect(book.receive(.snapshot(11)) == .skipped)
    #expect(book.book.lots(at: 99, of: .bid) == 7)
    #expect(book.instant == Timestamp(millisecondsSinceEpoch: 11))
    #expect(book.counts.early == 1 && book.counts.repeated == 2 && book.counts.applied == 2)
  }

  @Test("Bybit: a gap breaks the book once, and the next snapshot mends it")
  func bybitGap() {
    var book = SynchronizedBook(.bybit, width: 64)
    _ = book.receive(.snapshot(10))
    let gap = BookBreak.sequenceGap(expected: 11, received: 12)
    #expect(book.receive(.delta(12, 12)) == .requestSnapshot(gap))
    #expect(book.state == .broken(gap))
    #expect(book.receive(.delta(13, 13)) == .skipped)
    #expect(book.book.lots(at: 99, of: .bid) == 0)
    #expect(book.receive(.snapshot(20)) == .applied)
    #expect(book.state == .synchronized)
    #expect(book.counts.gaps == 1)
  }

  @Test("Bybit: a message with the number 1 is a whole book, even where it calls itself a change")
  func bybitRestart() {
    var book = SynchronizedBook(.bybit, width: 64)
    _ = book.receive(.snapshot(10))
    #expect(book.receive(.delta(1, 1, bid: (50, 3))) == .applied)
    #expect(book.book.bestBid == BookLevel(ticks: 50, lots: 3))
    #expect(book.book.bestAsk == nil)
    #expect(book.receive(.delta(2, 2)) == .applied)
  }

  @Test("Bybit: the common sequence must not go backward")
  func bybitCross() {
    var book = SynchronizedBook(.bybit, width: 64)
    _ = book.receive(.snapshot(10, cross: 100))
    #expect(
      book.receive(.delta(11, 11, cross: 99))
        == .requestSnapshot(.crossSequenceBackward(last: 100, received: 99)))
  }

  @Test("Binance: the changes that came before the snapshot are joined to it")
  func join() {
    var book = SynchronizedBook(.binanceFutures, width: 64)
    #expect(book.receive(.delta(1, 4, after: 0, bid: (99, 1))) == .requestSnapshot(nil))
    #expect(book.receive(.delta(6, 9, after: 4, bid: (99, 2))) == .skipped)
    #expect(book.receive(.delta(11, 12, after: 9, bid: (98, 3))) == .skipped)
    #expect(book.receive(.snapshot(8)) == .applied)
    #expect(book.book.lots(at: 99, of: .bid) == 2)
    #expect(book.book.lots(at: 98, of: .bid) == 3)
    #expect(book.lastChange == 12)
    #expect(book.receive(.delta(13, 15, after: 12)) == .applied)
    #expect(book.state == .synchronized)
  }

  @Test("Binance: a snapshot that ends before the changes at hand begin is asked for again")
  func staleSnapshot() {
    var book = SynchronizedBook(.binanceFutures, width: 64)
    _ = book.receive(.delta(11, 12, after: 9, bid: (99, 2)))
    _ = book.receive(.delta(13, 14, after: 12, bid: (99, 3)))
    let stale = BookBreak.snapshotTooOld(snapshot: 5, firstChange: 11)
    #expect(book.receive(.snapshot(5)) == .requestSnapshot(stale))
    #expect(book.receive(.delta(15, 16, after: 14, bid: (97, 1))) == .skipped)
    #expect(book.receive(.snapshot(12)) == .applied)
    #expect(book.book.lots(at: 99, of: .bid) == 3)
    #expect(book.book.lots(at: 97, of: .bid) == 1)
    #expect(book.counts.staleSnapshots == 1 && book.counts.gaps == 0)
  }

  @Test("Binance spot: messages follow each other without a number between")
  func spot() {
    var book = SynchronizedBook(.binanceSpot, width: 64)
    _ = book.receive(.snapshot(10))
    #expect(book.receive(.delta(8, 10)) == .skipped)
    #expect(book.receive(.delta(9, 12)) == .applied)
    #expect(book.receive(.delta(13, 14)) == .applied)
    #expect(
      book.receive(.delta(16, 17)) == .requestSnapshot(.sequenceGap(expected: 15, received: 16)))
    #expect(book.receive(.delta(18, 19)) == .skipped)
    #expect(book.receive(.snapshot(17)) == .applied)
    #expect(book.lastChange == 19)
  }

  @Test("a hole in the kept changes is counted, and what follows it is joined")
  func holeBeforeSnapshot() {
    var book = SynchronizedBook(.binanceSpot, width: 64)
    _ = book.receive(.delta(1, 4))
    _ = book.receive(.delta(9, 12))
    #expect(book.counts.gaps == 1 && book.counts.early == 1)
    #expect(book.receive(.snapshot(10)) == .applied)
    #expect(book.lastChange == 12)
  }

  @Test("a crossed book and an impossible level break the book")
  func crossed() {
    var book = SynchronizedBook(.bybit, width: 64)
    _ = book.receive(.snapshot(10))
    let crossing = BookBreak.crossed(bid: 101, ask: 101)
    #expect(book.receive(.delta(11, 11, bid: (101, 1))) == .requestSnapshot(crossing))
    #expect(book.counts.crossings == 1)
    #expect(book.receive(.snapshot(12, bid: 103)) != .applied)
    #expect(book.state == .broken(.crossed(bid: 103, ask: 101)))
    _ = book.receive(.snapshot(13))
    for bad in [(0, 1), (-5, 1), (99, -1), (.max, 1)] as [(Int64, Int64)] {
      let level = BookLevel(ticks: bad.0, lots: bad.1)
      #expect(
        book.receive(.delta(14, 14, bid: bad)) == .requestSnapshot(.impossibleLevel(level)))
      #expect(book.book.count(of: .bid) == 1)
      _ = book.receive(.snapshot(13))
    }
    #expect(book.counts.impossible == 4)
  }

  @Test("a lost connection forgets the stream")
  func disconnect() {
    var book = SynchronizedBook(.binanceFutures, width: 64)
    _ = book.receive(.snapshot(10))
    book.disconnect()
    #expect(book.state == .awaitingSnapshot)
    #expect(book.receive(.delta(11, 12, after: 10)) == .requestSnapshot(nil))
  }
}
