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
