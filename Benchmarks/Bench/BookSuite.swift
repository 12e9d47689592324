import Backtesting
import Essentials
import Execution
import Foundation
import Markets
import Models
import Services
import Storage
import Tactics

/// A recorded feed of Binance: read as JSON, converted, and replayed from the converted file.
///
/// Changes are levels and trades, which is what other programs count as events. Every way follows the
/// venue's numbers and looks at the best price after each message of the book.
struct BookSuite {
  private let path: String
  private let `protocol`: BookProtocol
  private let market: FeedMarket
  private let target: String
  private let rounds = 9

  /// `FEED futures|spot SYMBOL TICK LOT FOLDER`.
  init(arguments: [String]) throws {
    guard arguments.count == 6, let tick = TickSize(text: arguments[3]),
      let lot = LotSize(text: arguments[4])
    else { throw CocoaError(.fileReadCorruptFile) }
    path = arguments[0]
    `protocol` = arguments[1] == "spot" ? .binanceSpot : .binanceFutures
    market = FeedMarket(symbol: arguments[2], tick: tick, lot: lot)
    target = arguments[5] + "/feed.athanor"
  }

  func run() throws {
    let conversion = FeedConversion(from: path, to: target, protocol: `protocol`, market: market)
    let converting = try (0..<3).map { _ in
      try Benchmark.seconds { _ = try conversion.run() }
    }
    let (messages, reading, readSum) = try readJSON()
    var opened: FeedFile?
    let opening = try Benchmark.seconds { opened = try FeedFile(path: target) }
    guard let file = opened else { throw CocoaError(.fileReadCorruptFile) }
    let (following, followedSum) = try follow(file)
    let (replaying, replayedSum) = try replay(file)
    guard readSum == followedSum, followedSum == replayedSum else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let changes = Double(file.counts.changes)
    var counted: [(String, String)] = []
    if let counter = AllocationCounter() {
      for (name, count) in [
        ("read", try allocationsOfReading(counter)),
        ("replay", allocations(of: timeline(of: file, to: Onlooker()), counter)),
        ("trader", allocations(of: timeline(of: file, to: trader), counter)),
      ] {
        counted += [
          ("\(name)_allocations", "\(count.allocations)"), ("\(name)_events", "\(count.events)"),
        ]
      }
    }
    Benchmark.answer(
      counted + [
        ("messages", "\(messages)"), ("books", "\(file.counts.books)"),
        ("changes", "\(file.counts.changes)"), ("bytes", "\(file.byteCount)"),
        ("converted_messages_per_second", "\(Double(messages) / Benchmark.median(converting))"),
        ("json_messages_per_second", "\(Double(messages) / reading)"),
        ("open_milliseconds", "\(opening * 1000)"),
        ("book_changes_per_second", "\(changes / following)"),
        ("replay_changes_per_second", "\(changes / replaying)"),
        ("best_sum", "\(followedSum)"),
      ])
  }

  /// The bytes of the recording, and where its lines are.
  private func lines() throws -> (bytes: ContiguousArray<UInt8>, lines: [Range<Int>]) {
    let file = try CompressedFile(path: path)
    var bytes: ContiguousArray<UInt8> = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    while case let count = try file.read(into: piece), count > 0 {
      bytes.append(contentsOf: piece[..<count])
    }
    var lines: [Range<Int>] = []
    var start = 0
    for place in bytes.indices where bytes[place] == UInt8(ascii: "\n") {
      if place > start { lines.append(start..<place) }
      start = place + 1
    }
    return (bytes, lines)
  }

  /// Tells lines to a feed and returns the sum of the best bids after each message of the book.
  private func read(
    _ lines: some Sequence<Range<Int>>, of bytes: Span<UInt8>, to feed: inout MarketFeed
  ) -> Int64 {
    var sum: Int64 = 0
    for line in lines {
      let text = bytes.extracting(line)
      guard let message = RecordedMessage(text), let arrived = message.arrived else { continue }
      let outcome = feed.receive(text.extracting(message.start..<text.count), arrived: arrived)
      if case .book(_, _, .applied) = outcome {
        sum &+= feed.books[0].book.bestBid?.ticks ?? 0
      }
    }
    return sum
  }

  /// Every line from bytes to a followed book: the number of messages, seconds and the sum of best bids.
  private func readJSON() throws -> (messages: Int, seconds: Double, sum: Int64) {
    let (bytes, lines) = try lines()
    var sum: Int64 = 0
    var times: [Double] = []
    for _ in 0..<rounds {
      var feed = MarketFeed(`protocol`, markets: [market])
      times.append(Benchmark.seconds { sum = read(lines, of: bytes.span, to: &feed) })
    }
    return (lines.count, Benchmark.median(times), sum)
  }

  /// What reading lines asks of memory behind the first ones, and over how many.
  private func allocationsOfReading(
    _ counter: AllocationCounter
  ) throws -> (allocations: Int, events: Int) {
    let (bytes, lines) = try lines()
    var feed = MarketFeed(`protocol`, markets: [market])
    _ = read(lines.prefix(Self.eventsBefore), of: bytes.span, to: &feed)
    let rest = lines.dropFirst(Self.eventsBefore)
    let allocations = counter.allocations { _ = read(rest, of: bytes.span, to: &feed) }
    return (allocations, rest.count)
  }

  /// The converted file through a book that follows the venue's numbers.
  private func follow(_ file: FeedFile) throws -> (seconds: Double, sum: Int64) {
    var sum: Int64 = 0
    var times: [Double] = []
    for _ in 0..<rounds {
      var book = SynchronizedBook(`protocol`)
      var traded = 0.0
      sum = 0
      times.append(
        Benchmark.seconds {
          file.visit { record, bids, asks in
            switch record.content {
            case .book(let header):
              if book.receive(header, bids: bids, asks: asks) == .applied {
                sum &+= book.book.bestBid?.ticks ?? 0
              }
            case .trade(let trade): traded += trade.units
            case .mark, .funding: break
            }
            return true
          }
        })
      guard book.state == .synchronized, traded > 0 else {
        throw CocoaError(.fileReadCorruptFile)
      }
    }
    return (Benchmark.median(times), sum)
  }

  /// Books and trades through the timeline to a trader with an account and a matcher.
  private func replay(_ file: FeedFile) throws -> (seconds: Double, sum: Int64) {
    var sum: Int64 = 0
    var times: [Double] = []
    for _ in 0..<rounds {
      var replay = timeline(of: file, to: Onlooker())
      times.append(Benchmark.seconds { _ = replay.advance() })
      sum = replay.session.trader.sum
    }
    return (Benchmark.median(times), sum)
  }

  /// What the timeline asks of memory behind its first events, and over how many.
  private func allocations(
    of replay: Replay<some PortfolioTrader>, _ counter: AllocationCounter
  ) -> (allocations: Int, events: Int) {
    var replay = replay
    _ = replay.advance(events: Self.eventsBefore)
    let allocations = counter.allocations { _ = replay.advance() }
    return (allocations, replay.events - Self.eventsBefore)
  }

  /// Events in which buffers and the book grow to their sizes.
  private static let eventsBefore = 4096

  private func timeline<Player: PortfolioTrader>(
    of file: FeedFile, to trader: Player
  ) -> Replay<Player> {
    var trades: ContiguousArray<Trade> = []
    file.visit { record, _, _ in
      if case .trade(let trade) = record.content { trades.append(trade) }
      return true
    }
    return Replay(
      PortfolioSession(
        trader, account: PerpetualAccount([contract]), settings: MatchSettings()),
      recordings: [ContractRecording(trades: trades, books: file)],
      settings: ReplaySettings(equityInterval: .hours(1)))
  }

  private var contract: PerpetualContract {
    PerpetualContract(
      venue: .binance,
      rules: InstrumentRules(symbol: market.symbol, lot: market.lot, tick: market.tick),
      tiers: .bitcoin(.binance), fees: .standard(.binance),
      funding: FundingTerms(interval: .hours(8)))
  }

  /// The trader of the tactics with all models, which takes in every book and trade.
  private var trader: TacticsTrader {
    var settings = SymbolModelSettings(span: .minute, seed: 1)
    settings.tick = market.tick
    settings.lot = market.lot
    return TacticsTrader(
      contracts: [contract], configuration: TacticsConfiguration(),
      models: [SymbolModels(symbol: market.symbol, settings: settings)], seed: 1)
  }
}

/// A trader that looks at the best price and trades nothing.
private struct Onlooker: PortfolioTrader {
  var sum: Int64 = 0

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {}

  mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    sum &+= book.bestBid?.ticks ?? 0
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {}

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {}
}
