import Essentials
import Execution
import Foundation
import Markets
import Storage

/// Following a recorded stream, from its JSON and from the converted file: each message is read, its
/// book kept, and the best prices looked at.
///
/// Events are levels and trades, as those who replay books count them. What is measured from JSON
/// begins with the unpacked bytes of each line in memory, and from a converted file with its map.
struct FeedSuite {
  private let rounds = 10

  /// `RECORDING VENUE SYMBOL TICK LOT`.
  func runJSON(_ arguments: [String]) throws {
    guard arguments.count == 5, let kind = BookProtocol(rawValue: arguments[1]),
      let tick = TickSize(text: arguments[3]), let lot = LotSize(text: arguments[4])
    else { throw CocoaError(.fileReadCorruptFile) }
    let market = FeedMarket(symbol: arguments[2], tick: tick, lot: lot)
    var bytes: [UInt8] = []
    var lines: [Range<Int>] = []
    try LineFile(path: arguments[0]).visit { line in
      let start = bytes.count
      line.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
      lines.append(start..<bytes.count)
      return true
    }
    var best = Double.infinity
    var topSum: Int64 = 0
    var counts = FeedCounts()
    for _ in 0..<rounds {
      var feed = MarketFeed(kind, markets: [market])
      let seconds = Benchmark.seconds {
        for range in lines {
          let line = bytes.span.extracting(range)
          guard let message = RecordedMessage(line), let arrived = message.arrived else { continue }
          _ = feed.receive(
            line.extracting(message.start..<line.count), arrived: arrived)
          topSum &+= feed.books[0].book.bestBid?.ticks ?? 0
        }
      }
      best = min(best, seconds)
      counts = feed.reader.counts
      guard feed.books[0].state == .synchronized, counts.allRefused == 0 else {
        throw CocoaError(.fileReadCorruptFile)
      }
    }
    Benchmark.answer([
      ("messages", "\(counts.messages)"), ("bytes", "\(counts.bytes)"),
      ("events", "\(counts.levels + counts.trades)"), ("quotes", "\(counts.quotes)"),
      ("messages_per_second", "\(Double(counts.messages) / best)"),
      ("events_per_second", "\(Double(counts.levels + counts.trades) / best)"),
      ("bytes_per_second", "\(Double(counts.bytes) / best)"), ("top_sum", "\(topSum)"),
    ])
  }

  /// `FILE`, as `athanor data convert` writes it.
  func runConverted(_ arguments: [String]) throws {
    guard let path = arguments.first else { throw CocoaError(.fileReadCorruptFile) }
    var best = Double.infinity
    var opening = Double.infinity
    var topSum: Int64 = 0
    var counts = FeedFileCounts()
    for _ in 0..<rounds {
      var opened: FeedFile?
      opening = min(opening, try Benchmark.seconds { opened = try FeedFile(path: path) })
      guard let file = opened else { continue }
      counts = file.counts
      var book = SynchronizedBook(file.head.protocol)
      var traded = 0.0
      let seconds = Benchmark.seconds {
        file.visit { record, bids, asks in
          switch record.content {
          case .book(let header):
            _ = book.receive(header, bids: bids, asks: asks)
            topSum &+= book.book.bestBid?.ticks ?? 0
          case .trade(let trade): traded += trade.units
          case .mark, .funding: break
          }
          return true
        }
      }
      best = min(best, seconds)
      guard book.state == .synchronized, traded >= 0 else {
        throw CocoaError(.fileReadCorruptFile)
      }
    }
    Benchmark.answer([
      ("records", "\(counts.records)"), ("events", "\(counts.changes)"),
      ("events_per_second", "\(Double(counts.changes) / best)"),
      ("records_per_second", "\(Double(counts.records) / best)"),
      ("opening_seconds", "\(opening)"), ("top_sum", "\(topSum)"),
    ])
  }
}
