import Essentials
import Foundation
import Markets

/// Applying a recorded Binance stream to a book: `FEED` holds a line for each message, nanoseconds of
/// the recorder's clock, a space, and the JSON of a depth event or a snapshot; other lines are left
/// out. What is measured begins where the levels are whole ticks and lots in memory.
struct BookSuite {
  private struct Message {
    let header: BookHeader
    let bids: Range<Int>
    let asks: Range<Int>
  }

  private let kind: BookProtocol
  private let messages: [Message]
  private let levels: ContiguousArray<BookLevel>
  private let rounds = 20

  /// `FEED futures|spot TICK LOT`.
  init(arguments: [String]) throws {
    guard arguments.count == 4, let tick = TickSize(text: arguments[2]),
      let lot = LotSize(text: arguments[3])
    else { throw CocoaError(.fileReadCorruptFile) }
    kind = arguments[1] == "spot" ? .binanceSpot : .binanceFutures
    let text = try String(contentsOfFile: arguments[0], encoding: .utf8)
    var levels: ContiguousArray<BookLevel> = []
    var messages: [Message] = []
    func append(_ rows: JSONValue?) throws -> Range<Int> {
      let start = levels.count
      guard case .array(let rows)? = rows else { throw CocoaError(.fileReadCorruptFile) }
      for case .array(let row) in rows {
        guard case .string(let price) = row[0], case .string(let units) = row[1],
          let ticks = tick.ticks(text: price), let quantity = lot.lots(text: units)
        else { throw CocoaError(.fileReadCorruptFile) }
        levels.append(BookLevel(ticks: ticks, lots: quantity.lots))
      }
      return start..<levels.count
    }
    for line in text.split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      let outer = try JSONValue(parsing: line[line.index(after: space)...])
      let inner = outer["data"] ?? outer
      let isSnapshot = inner["lastUpdateId"] != nil
      guard isSnapshot || inner["e"] == .string("depthUpdate") else { continue }
      let last = Self.number(inner[isSnapshot ? "lastUpdateId" : "u"])
      let header = BookHeader(
        kind: isSnapshot ? .snapshot : .delta,
        sequence: BookSequence(
          first: isSnapshot ? last : Self.number(inner["U"]), last: last,
          previous: inner["pu"].map { Self.number($0) }),
        instant: Timestamp(millisecondsSinceEpoch: Self.number(inner["E"])))
      messages.append(
        Message(
          header: header, bids: try append(inner[isSnapshot ? "bids" : "b"]),
          asks: try append(inner[isSnapshot ? "asks" : "a"])))
    }
    self.messages = messages
    self.levels = levels
  }

  private static func number(_ value: JSONValue?) -> Int64 {
    guard case .integer(let number)? = value else { return 0 }
    return Int64(number)
  }

  func run() throws {
    var best = Double.infinity
    var topSum: Int64 = 0
    for _ in 0..<rounds {
      var book = SynchronizedBook(kind)
      let seconds = Benchmark.seconds {
        for message in messages {
          _ = book.receive(
            message.header, bids: levels.span.extracting(message.bids),
            asks: levels.span.extracting(message.asks))
          topSum &+= book.book.bestBid?.ticks ?? 0
        }
      }
      best = min(best, seconds)
      guard book.state == .synchronized else { throw CocoaError(.fileReadCorruptFile) }
    }
    Benchmark.answer([
      ("messages", "\(messages.count)"), ("levels", "\(levels.count)"),
      ("levels_per_second", "\(Double(levels.count) / best)"),
      ("messages_per_second", "\(Double(messages.count) / best)"), ("top_sum", "\(topSum)"),
    ])
  }
}
