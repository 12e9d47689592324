import Essentials
import Markets
import Mathematics
import Testing

@testable import Execution

@Suite("Feed text")
struct FeedTextTests {
  @Test("numbers are written without an exponent and read back to the bit")
  func numbers() {
    var generator = SplitMix64(seed: 12)
    var numbers: [Double] = [0, 1, 0.1, 1e-9, 1.25e-7, 123_456_789.123, 1e16, 1.5e20, -0.5, -2e-8]
    for _ in 0..<2000 {
      let exponent = Double.random(in: -20...18, using: &generator)
      numbers.append((Double.random(in: -1...1, using: &generator) * Elementary.exp(exponent)))
    }
    for number in numbers {
      let text = plainDecimalText(number)
      let back = Array(text.utf8).withUnsafeBufferPointer { DecimalDouble.value(of: $0) }
      guard back == number, !text.contains("e") else {
        Issue.record("\(number) is written \(text)")
        return
      }
    }
    #expect(
      plainDecimalText(1e-9) == "0.000000001" && plainDecimalText(1.5e20) == "150000000000000000000"
    )
    #expect(plainDecimalText(61_800) == "61800" && plainDecimalText(0.5) == "0.5")
  }

  @Test("what is written of a bar, a mark and a payment is what is read")
  func roundTrip() throws {
    var text = FeedText()
    var reader = FeedSamples.reader(.bybit)
    let instant = Timestamp(millisecondsSinceEpoch: 1_746_835_265_005)
    let contract = ContractID(place: 1)
    var bar = Bar(
      openTime: Timestamp(millisecondsSinceEpoch: 1_746_835_200_000), open: 0.1 + 0.2,
      high: 1e-5 + 1,
      low: 1.0 / 3, close: 2.0 / 3, volume: 0, quoteVolume: 12_345_678_901.234_567)
    bar.low = 0.3
    let announcement = FundingAnnouncement(
      instant: instant, rate: try #require(SignedRate(text: "-0.00012345")),
      due: Timestamp(millisecondsSinceEpoch: 1_746_864_000_003))
    let mark = ReferencePrice(
      instant: instant, mark: try #require(Price(text: "0.123456789")), index: Price(text: "7"))
    for isClosed in [false, true] {
      bar.isClosed = isClosed
      text.bar(bar, span: .minute, of: "ETHUSDT", at: instant)
      #expect(reader.read(text.bytes.span, arrived: instant) == .events)
      #expect(Array(reader.events) == [FeedEvent(.bar(bar, span: .minute), of: contract)])
    }
    text.reference(mark, of: "ETHUSDT")
    _ = reader.read(text.bytes.span, arrived: instant)
    #expect(Array(reader.events) == [FeedEvent(.reference(mark), of: contract)])
    text.announcement(announcement, of: "ETHUSDT")
    _ = reader.read(text.bytes.span, arrived: instant)
    #expect(Array(reader.events) == [FeedEvent(.announcement(announcement), of: contract)])
    #expect(reader.sent == instant && reader.counts.allRefused == 0)
  }

  @Test(
    "what is written of a trade and a book is what is read, by the streams of either venue",
    arguments: [BookProtocol.bybit, .binanceFutures, .binanceSpot])
  func booksAndTrades(kind: BookProtocol) throws {
    var text = FeedText(kind)
    var reader = FeedSamples.reader(kind)
    let instant = Timestamp(millisecondsSinceEpoch: 1_746_835_265_005)
    let market = reader.markets[1]
    let contract = ContractID(place: 1)
    let bids: ContiguousArray = [BookLevel(ticks: 999, lots: 12), BookLevel(ticks: 998, lots: 0)]
    let asks: ContiguousArray = [BookLevel(ticks: 1001, lots: 1)]
    let kinds: [BookMessageKind] = [.snapshot, .delta]
    for message in kinds {
      let isBybit = kind == .bybit
      let isSnapshot = message == .snapshot
      let header = BookHeader(
        kind: message,
        sequence: BookSequence(
          first: isBybit || isSnapshot ? 77 : 70, last: 77,
          previous: kind == .binanceFutures && !isSnapshot ? 66 : nil, cross: isBybit ? 5 : nil),
        instant: kind == .binanceSpot ? instant : instant - TimeSpan(milliseconds: 2))
      text.book(header, bids: bids.span, asks: asks.span, of: market, at: instant)
      let news = reader.read(text.bytes.span, arrived: instant)
      #expect(news == .book(header, of: contract, depth: isBybit ? 200 : nil))
      #expect(reader.bids == bids && reader.asks == asks && reader.sent == instant)
    }
    for side in [OrderSide.buy, .sell] {
      let trade = Trade(
        instant: instant, price: 0.1 + 0.2, units: 1e-5, taker: side, id: 123_456_789)
      text.trade(trade, of: market.symbol, at: instant)
      #expect(reader.read(text.bytes.span, arrived: instant) == .events)
      #expect(Array(reader.events) == [FeedEvent(.trade(trade), of: contract)])
    }
    #expect(reader.counts.allRefused == 0)
  }

  @Test("what Binance tells of bars, marks and funding is what is read")
  func binance() throws {
    var text = FeedText(.binanceFutures)
    var reader = FeedSamples.reader(.binanceFutures)
    let instant = Timestamp(millisecondsSinceEpoch: 1_746_835_265_005)
    let contract = ContractID(place: 1)
    let bar = Bar(
      openTime: Timestamp(millisecondsSinceEpoch: 1_746_835_200_000), open: 2, high: 3, low: 1,
      close: 2.5, volume: 4, quoteVolume: 9.5, trades: 6, isClosed: true)
    let mark = ReferencePrice(instant: instant, mark: try #require(Price(text: "0.123456789")))
    let announcement = FundingAnnouncement(
      instant: instant, rate: try #require(SignedRate(text: "-0.00012345")),
      due: Timestamp(millisecondsSinceEpoch: 1_746_864_000_003))
    text.bar(bar, span: .hour, of: "ETHUSDT", at: instant)
    _ = reader.read(text.bytes.span, arrived: instant)
    #expect(Array(reader.events) == [FeedEvent(.bar(bar, span: .hour), of: contract)])
    text.reference(mark, of: "ETHUSDT")
    _ = reader.read(text.bytes.span, arrived: instant)
    #expect(Array(reader.events) == [FeedEvent(.reference(mark), of: contract)])
    text.announcement(announcement, of: "ETHUSDT")
    _ = reader.read(text.bytes.span, arrived: instant)
    #expect(Array(reader.events) == [FeedEvent(.announcement(announcement), of: contract)])
    var unknown = bar
    unknown.quoteVolume = .nan
    text.bar(unknown, span: .hour, of: "ETHUSDT", at: instant)
    _ = reader.read(text.bytes.span, arrived: instant)
    guard case .bar(let told, .hour)? = reader.events.first?.content else {
      Issue.record("no bar")
      return
    }
    #expect(told.quoteVolume.isNaN && reader.counts.allRefused == 0)
    #expect(FeedText.canTell(of: .hour, by: .binanceFutures))
    #expect(!FeedText.canTell(of: try #require(BarSpan(.minutes(7))), by: .binanceFutures))
  }

  @Test("a bar without a known turnover is told without one")
  func noTurnover() {
    var text = FeedText()
    var reader = FeedSamples.reader(.bybit)
    let bar = Bar(
      openTime: FeedSamples.arrived, open: 1, high: 1, low: 1, close: 1, volume: 3)
    text.bar(bar, span: .hour, of: "BTCUSDT", at: FeedSamples.arrived)
    _ = reader.read(text.bytes.span, arrived: FeedSamples.arrived)
    guard case .bar(let told, .hour)? = reader.events.first?.content else {
      Issue.record("no bar")
      return
    }
    #expect(told.quoteVolume.isNaN && told.volume == 3)
  }

  @Test(
    "spans have the venue's names, and some have none",
    arguments: [(1, "1"), (5, "5"), (720, "720"), (1440, "D")])
  func intervals(minutes: Int64, name: String) throws {
    let span = try #require(BarSpan(.minutes(minutes)))
    #expect(FeedText.interval(of: span) == name && FeedText.canTell(of: span))
    #expect(!FeedText.canTell(of: try #require(BarSpan(.seconds(61)))))
    #expect(!FeedText.canTell(of: try #require(BarSpan(.minutes(7)))))
  }
}
