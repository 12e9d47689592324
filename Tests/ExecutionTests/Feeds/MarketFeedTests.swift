import Essentials
import Markets
import Testing

@testable import Execution

private let bitcoin = ContractID(place: 0)

@Suite("Market feed")
struct MarketFeedTests {
  private static func feed(_ kind: BookProtocol) -> MarketFeed {
    MarketFeed(kind, markets: FeedSamples.reader(kind).markets, width: 64)
  }

  private static func bybitBook(
    _ kind: String, _ number: Int, depth: Int = 50, bid: String = "100.0"
  ) -> String {
    #"{"topic":"orderbook.\#(depth).BTCUSDT","type":"\#(kind)","ts":1773386409389,"data":{"s":"BTCUSDT","b":[["\#(bid)","0.5"]],"a":[["101.0","1"]],"u":\#(number),"seq":\#(number)}}"#
  }

  @Test("a book is followed through snapshot, change, gap and the next snapshot")
  func book() {
    var feed = Self.feed(.bybit)
    func directive(_ text: String) -> BookDirective? {
      if case .book(_, bitcoin, let directive) = feed.receive(text) { directive } else { nil }
    }
    #expect(directive(Self.bybitBook("snapshot", 7)) == .applied)
    #expect(directive(Self.bybitBook("delta", 8, bid: "100.5")) == .applied)
    #expect(feed.books[0].book.bestBid == BookLevel(ticks: 1005, lots: 500))
    #expect(
      directive(Self.bybitBook("delta", 10))
        == .requestSnapshot(.sequenceGap(expected: 9, received: 10)))
    #expect(directive(Self.bybitBook("snapshot", 20)) == .applied)
    #expect(feed.books[0].state == .synchronized)
    feed.disconnect()
    #expect(feed.books[0].state == .awaitingSnapshot)
  }

  @Test("of several depths of one symbol the first one that came is followed")
  func depths() {
    var feed = Self.feed(.bybit)
    _ = feed.receive(Self.bybitBook("snapshot", 7))
    #expect(feed.receive(Self.bybitBook("snapshot", 900, depth: 1)) == .skipped)
    #expect(feed.otherDepths == 1 && feed.books[0].lastChange == 7)
  }

  @Test("a message with a defect leaves the book as it is, and the next one shows the gap")
  func defect() {
    var feed = Self.feed(.bybit)
    _ = feed.receive(Self.bybitBook("snapshot", 7))
    #expect(
      feed.receive(Self.bybitBook("delta", 8, bid: "100.55")) == .refused(.betweenSteps(.price)))
    #expect(feed.books[0].state == .synchronized)
    _ = feed.receive(Self.bybitBook("delta", 9))
    #expect(feed.books[0].state == .broken(.sequenceGap(expected: 8, received: 9)))
  }

  @Test("a bar is told once, when it is closed")
  func bars() {
    var feed = Self.feed(.bybit)
    let forming = FeedSamples.bybitBar.text
    let closed = forming.replacing(#""confirm":false"#, with: #""confirm":true"#)
    #expect(feed.receive(forming) == .events)
    #expect(feed.events.isEmpty)
    _ = feed.receive(closed)
    #expect(feed.events.count == 1)
    guard case .bar(let bar, .fiveMinutes)? = feed.events.first?.event else {
      Issue.record("no bar")
      return
    }
    #expect(bar.close == 16_677 && bar.isClosed)
    for late in [closed, forming] {
      _ = feed.receive(late)
      #expect(feed.events.isEmpty)
    }
    #expect(feed.barCounts(of: bitcoin, span: .fiveMinutes)?.duplicate == 2)
    #expect(feed.barCounts(of: bitcoin, span: .minute) == nil)
  }

  @Test("trades that are sent again are left out, trades without a number never are")
  func trades() {
    var feed = Self.feed(.bybit)
    for expected in [2, 0] {
      _ = feed.receive(FeedSamples.bybitTrades.text)
      #expect(feed.events.count == expected)
    }
    #expect(feed.repeatedTrades == 2)
    var binance = Self.feed(.binanceFutures)
    let nameless = FeedSamples.futuresJoined.text.replacing(#""a":5933014,"#, with: "")
    for _ in 0..<2 {
      _ = binance.receive(nameless)
      #expect(binance.events.count == 1)
    }
  }

  @Test("funding is paid at the last rate that was announcement, before what the next message says")
  func funding() throws {
    var feed = Self.feed(.bybit)
    func ticker(_ instant: Int64, _ rate: String, due: Int64) -> String {
      #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"100","fundingRate":"\#(rate)","nextFundingTime":"\#(due)"},"ts":\#(instant)}"#
    }
    _ = feed.receive(ticker(1000, "0.0001", due: 5000))
    _ = feed.receive(ticker(4999, "0.0002", due: 5000))
    _ = feed.receive(ticker(5001, "0.0007", due: 9000))
    let payment = FundingPayment(
      instant: Timestamp(millisecondsSinceEpoch: 5000), rate: try #require(SignedRate(0.0002)))
    #expect(feed.events.first?.event == .funding(payment))
    #expect(feed.events.count == 2)
    #expect(feed.nextFundingDue == Timestamp(millisecondsSinceEpoch: 9000))
    // Any message tells that time has passed, a book's too.
    _ = feed.receive(Self.bybitBook("snapshot", 7))
    #expect(feed.events.count == 1)
    #expect(feed.nextFundingDue == nil)
  }

  @Test("the venue's clock is known from the messages")
  func clock() {
    var feed = Self.feed(.bybit)
    _ = feed.receive(FeedSamples.bybitBook.text)
    #expect(feed.clock.messages == 1)
    #expect(feed.clock.latest == Timestamp(millisecondsSinceEpoch: 1_773_386_409_389))
  }
}

extension MarketFeed {
  fileprivate mutating func receive(_ text: String) -> FeedOutcome {
    receive(Array(text.utf8).span, arrived: FeedSamples.arrived)
  }
}
