import Essentials
import Foundation
import Markets
import Mathematics
import Storage
import TestKit

@testable import Services

/// A feed of a market that moves by chance: a book and a trade a second, and a mark every ten.
struct SyntheticFeed {
  var kind = BookProtocol.bybit
  /// Fifteen and a half seconds behind a full minute, an hour behind those of ``RecordedFolder``.
  var start: Int64 = Int64(RecordedFolder.start) + 3_615_500
  var seconds = 1800
  /// Minutes since the first whole one in which nobody trades, and in which nothing is told.
  var quiet: Set<Int64> = []
  var deaf: Set<Int64> = []
  /// Seconds in which a message of the book is missing; a snapshot comes with the last of them.
  var broken: Range<Int> = 0..<0
  var seed: UInt64 = 11

  static let tick = TickSize(nanos: 100_000_000)
  static let lot = LotSize(nanos: 1_000_000)

  /// Writes the records of a file to several, in parts of about the same length.
  static func cut(_ path: String, into paths: [String]) throws {
    let whole = try FeedFile(path: path)
    let writers = try paths.map { try FeedFileWriter(path: $0, head: whole.head) }
    var count = 0
    var failure: (any Error)?
    whole.visit { record, bids, asks in
      do {
        try writers[count * paths.count / whole.counts.records]
          .append(record, bids: bids, asks: asks)
      } catch { failure = error }
      count += 1
      return failure == nil
    }
    if let failure { throw failure }
    for writer in writers { _ = try writer.finish(source: whole.source) }
  }

  func write(_ symbol: String, to path: String, tick: TickSize? = Self.tick) throws {
    guard let tick, let lot = Self.lot,
      let head = FeedFileHead(symbol: symbol, protocol: kind, tick: tick, lot: lot)
    else { throw CocoaError(.featureUnsupported) }
    let writer = try FeedFileWriter(path: path, head: head)
    var generator = SplitMix64(seed: seed)
    var (middle, number): (Int64, Int64) = (600_000, 100)
    // Asks have negative ticks here.
    var before: [BookLevel] = []
    var told = false
    for second in 0..<seconds {
      let instant = Timestamp(millisecondsSinceEpoch: start + 1000 * Int64(second))
      let minute = (instant.millisecondsSinceEpoch - start - 44_500) / 60_000
      middle += Int64.random(in: -60...60, using: &generator)
      number += 1
      let levels = (1...5).map { step in
        BookLevel(ticks: Int64(step), lots: Int64.random(in: 5...900, using: &generator))
      }
      let isSnapshot = !told || second + 1 == broken.upperBound
      let isMissing = broken.contains(second) && second == broken.lowerBound
      let isDeaf = deaf.contains(minute)
      let gone = isSnapshot ? [] : before.map { BookLevel(ticks: $0.ticks, lots: 0) }
      before = levels.flatMap { level in
        [
          BookLevel(ticks: middle - level.ticks, lots: level.lots),
          BookLevel(ticks: -(middle + level.ticks), lots: level.lots),
        ]
      }
      if !isMissing, !isDeaf || isSnapshot {
        let isBybit = kind == .bybit
        let header = BookHeader(
          kind: isSnapshot ? .snapshot : .delta,
          sequence: BookSequence(
            first: number, last: number, previous: isBybit || isSnapshot ? nil : number - 1,
            cross: isBybit ? 7 * number : nil), instant: instant)
        let bids = ContiguousArray((gone + before).filter { $0.ticks > 0 })
        let asks = ContiguousArray(
          (gone + before).filter { $0.ticks < 0 }.map {
            BookLevel(ticks: -$0.ticks, lots: $0.lots)
          })
        try writer.append(FeedRecord(.book(header)), bids: bids.span, asks: asks.span)
        told = true
      }
      guard !isDeaf else { continue }
      if second % 10 == 3, let mark = tick.price(ticks: middle) {
        try writer.append(
          FeedRecord(
            .mark(ReferencePrice(instant: instant + TimeSpan(milliseconds: 100), mark: mark))))
      }
      guard !quiet.contains(minute) else { continue }
      let isBuy = Bool.random(using: &generator)
      try writer.append(
        FeedRecord(
          .trade(
            Trade(
              instant: instant + TimeSpan(milliseconds: 300),
              price: Double(middle + (isBuy ? 1 : -1)) / 10,
              units: Double(Int64.random(in: 1...400, using: &generator)) / 1000,
              taker: isBuy ? .buy : .sell, id: UInt64(number)))))
    }
    _ = try writer.finish(source: Fingerprint(of: "made by a test"))
  }
}
