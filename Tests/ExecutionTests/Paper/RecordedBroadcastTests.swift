import Essentials
import Markets
import Mathematics
import Testing

@testable import Execution

private func minute(_ count: Int) -> Timestamp {
  Timestamp(millisecondsSinceEpoch: 1_746_835_200_000 + Int64(count) * 60_000)
}

@Suite("Recorded broadcast")
struct RecordedBroadcastTests {
  /// Minutes with holes, marks and payments, of one contract.
  private static func recording(
    _ symbol: String, seed: UInt64, minutes: Int
  ) throws -> RecordedBroadcast.Recording {
    var generator = SplitMix64(seed: seed)
    var bars = BarSeries(.minute)
    var price = 60_000.0
    for place in 0..<minutes where Int.random(in: 0..<20, using: &generator) > 0 {
      let open = price
      price *= 1 + Double.random(in: -0.01...0.01, using: &generator)
      bars.append(
        Bar(
          openTime: minute(place), open: open, high: max(open, price) + 0.1,
          low: min(open, price) - 0.1, close: price,
          volume: Double(Int.random(in: 0...5, using: &generator)), quoteVolume: 7.5))
    }
    let marks = stride(from: 0, to: minutes, by: 30).compactMap { place in
      Price(Double(1000 + place)).map { ReferencePrice(instant: minute(place), mark: $0) }
    }
    let funding = try stride(from: 25, to: minutes, by: 60).map { place in
      FundingPayment(
        instant: minute(place) + TimeSpan(milliseconds: Int64(place % 4)),
        rate: try #require(SignedRate(hundredMillionths: Int64(place) - 40)))
    }
    return RecordedBroadcast.Recording(symbol: symbol, bars: bars, marks: marks, funding: funding)
  }

  @Test("who follows the streams hears every bar, mark and payment once, as it was recorded")
  func faithful() throws {
    let recordings = [
      try Self.recording("BTCUSDT", seed: 1, minutes: 240),
      try Self.recording("ETHUSDT", seed: 2, minutes: 233),
    ]
    var broadcast = try #require(RecordedBroadcast(recordings))
    var feed = MarketFeed(.bybit, markets: FeedSamples.reader(.bybit).markets, width: 64)
    var bars: [[Bar]] = [[], []]
    var marks: [[ReferencePrice]] = [[], []]
    var payments: [[FundingPayment]] = [[], []]
    var last = Timestamp(millisecondsSinceEpoch: 0)
    while broadcast.advance({ message, arrived in
      #expect(arrived >= last)
      last = arrived
      #expect(feed.receive(message, arrived: arrived) == .events)
      for (contract, event) in feed.events {
        switch event {
        case .bar(let bar, _): bars[contract.place].append(bar)
        case .mark(let mark): marks[contract.place].append(mark)
        case .funding(let payment): payments[contract.place].append(payment)
        case .trade: Issue.record("nobody traded")
        }
      }
    }) {}
    for (place, recording) in recordings.enumerated() {
      #expect(bars[place] == (0..<recording.bars.count).map { recording.bars[$0] })
      #expect(marks[place] == recording.marks)
      #expect(payments[place] == recording.funding)
      let counts = try #require(feed.barCounts(of: ContractID(place: place), span: .minute))
      #expect(counts.duplicate + counts.late > 20)
    }
    #expect(feed.clock.backward == 0 && feed.reader.counts.allRefused == 0)
    #expect(feed.reader.counts.messages == broadcast.messages)
  }

  @Test("recordings of bars of different lengths, or none, cannot be told together")
  func spans() throws {
    let minutes = try Self.recording("BTCUSDT", seed: 1, minutes: 5)
    let hours = RecordedBroadcast.Recording(symbol: "ETHUSDT", bars: BarSeries(.hour))
    #expect(RecordedBroadcast([minutes, hours]) == nil)
    #expect(RecordedBroadcast([]) == nil)
  }
}
