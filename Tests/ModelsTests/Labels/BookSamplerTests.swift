import Essentials
import Markets
import Mathematics
import Testing

@testable import Models

@Suite("Samples of books")
struct BookSamplerTests {
  private static func sampler() throws -> BookSampler {
    BookSampler(
      symbol: "BTCUSDT", interval: try #require(BarSpan(.seconds(10))),
      tick: try #require(TickSize(0.1)), lot: .one,
      settings: OrderFlowImbalance.Settings(levels: 2, depthHalfLife: 1e9))
  }

  private static func instant(_ seconds: Double) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_700_000_000_000 + Int64(seconds * 1000))
  }

  private static func book(mid: Int64, bid: Int64 = 10, ask: Int64 = 10) -> OrderBook {
    var book = OrderBook(width: 256)
    for level in 1...2 as ClosedRange<Int64> {
      book.set(BookLevel(ticks: mid - level, lots: bid), of: .bid)
      book.set(BookLevel(ticks: mid + level, lots: ask), of: .ask)
    }
    return book
  }

  @Test("the flows of an interval stand with the move of the mid price in the next one")
  func rows() throws {
    var sampler = try Self.sampler()
    // The first interval is not seen from its beginning.
    sampler.observe(Self.book(mid: 1000), at: Self.instant(5))
    sampler.observe(Self.book(mid: 1000), at: Self.instant(10))
    sampler.observe(Self.book(mid: 1000, bid: 14), at: Self.instant(15))
    sampler.observe(Self.book(mid: 1010), at: Self.instant(25))
    sampler.observe(Self.book(mid: 1010), at: Self.instant(31))
    sampler.observe(Self.book(mid: 990), at: Self.instant(39))
    sampler.observe(Self.book(mid: 990), at: Self.instant(40))
    #expect(sampler.rows.count == 2 && sampler.accepted == 7)
    let first = try #require(sampler.rows.first)
    #expect(first.interval.start == Self.instant(20) && first.interval.end == Self.instant(30))
    #expect(abs(first.move - Elementary.log(1010.0 / 1000)) < 1e-12)
    #expect(first.isUp == true)
    // Four more at each bid level, of a mean depth of 10.67 over the three books so far.
    let depth = (10 + 10 + 12) / 3.0
    for value in first.values { #expect(abs(value - 4 / depth) < 1e-12) }
    #expect(abs(sampler.rows[1].move - Elementary.log(990.0 / 1010)) < 1e-12)
  }

  @Test("a book that is lost or missing breaks the chain")
  func breaks() throws {
    var sampler = try Self.sampler()
    for step in 0..<12 {
      sampler.observe(Self.book(mid: 1000 + Int64(step)), at: Self.instant(Double(step) * 5))
    }
    let before = sampler.rows.count
    #expect(before == 3)
    // A crossed book within an interval: neither it nor the next has a row.
    sampler.observe(OrderBook(width: 64), at: Self.instant(61))
    for step in 13..<20 {
      sampler.observe(Self.book(mid: 1000 + Int64(step)), at: Self.instant(Double(step) * 5))
    }
    #expect(sampler.refused == 1)
    #expect(sampler.rows.map(\.interval.start) == [20, 30, 40, 50, 80].map(Self.instant))
    // No book for half a minute.
    sampler.observe(Self.book(mid: 1000), at: Self.instant(140))
    sampler.observe(Self.book(mid: 1000), at: Self.instant(151))
    #expect(sampler.rows.count == 6)
    sampler.observe(Self.book(mid: 1000), at: Self.instant(100))
    #expect(sampler.refused == 2)
  }

  @Test("flows of a simulated book that move its price are found to, out of sample")
  func recovery() throws {
    var chance = Chance(seed: 77)
    var sampler = try Self.sampler()
    var mid: Int64 = 100_000
    var pressure = 0.0
    for step in 0..<4000 {
      let first = Int64(chance.whole(below: 9)) + 1
      let second = Int64(chance.whole(below: 9)) + 1
      var book = OrderBook(width: 256)
      book.set(BookLevel(ticks: mid - 1, lots: first), of: .bid)
      book.set(BookLevel(ticks: mid - 2, lots: 5), of: .bid)
      book.set(BookLevel(ticks: mid + 1, lots: second), of: .ask)
      book.set(BookLevel(ticks: mid + 2, lots: 5), of: .ask)
      sampler.observe(book, at: Self.instant(Double(step) * 10))
      sampler.observe(book, at: Self.instant(Double(step) * 10 + 5))
      pressure = Double(first - second)
      mid += Int64((pressure * 4 + 6 * chance.normal()).rounded())
    }
    let study = try LinearStudy(
      sampler.rows, featureNames: ["1", "2"],
      settings: LinearStudy.Settings(
        common: StudySettings(splits: try #require(LabelSplits()), samplesMin: 300),
        rules: LinearScore.Rules(resamples: 200)))
    #expect(study.rows > 3900)
    #expect(try #require(study.outOfSample.explainedInterval).lowerBound > 0)
    #expect(study.regression.coefficients[0] > 0)
  }
}
