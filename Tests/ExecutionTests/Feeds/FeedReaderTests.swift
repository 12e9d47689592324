import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Execution

private let bitcoin = ContractID(place: 0)

private func instant(_ milliseconds: Int64) -> Timestamp {
  Timestamp(millisecondsSinceEpoch: milliseconds)
}

@Suite("Feed reader")
struct FeedReaderTests {
  private func read(_ sample: FeedSample) -> (FeedReader, FeedNews) {
    var reader = FeedSamples.reader(sample.kind)
    let news = reader.read(sample.text)
    return (reader, news)
  }

  private func event(_ sample: FeedSample) throws -> FeedEvent.Content {
    let (reader, news) = read(sample)
    #expect(news == .events)
    #expect(reader.events.count == 1)
    let event = try #require(reader.events.first)
    #expect(event.contract == bitcoin)
    return event.content
  }

  // MARK: - Books

  @Test("Bybit: a snapshot and a change have their levels, numbers and the engine's instant")
  func bybitBooks() {
    let (reader, news) = read(FeedSamples.bybitBook)
    let header = BookHeader(
      kind: .snapshot, sequence: BookSequence(10_132_540, cross: 546_137_962_055),
      instant: instant(1_773_386_409_385))
    #expect(news == .book(header, of: bitcoin, depth: 50))
    #expect(
      Array(reader.bids) == [
        BookLevel(ticks: 714_238, lots: 557), BookLevel(ticks: 714_231, lots: 102),
      ])
    #expect(reader.asks.map(\.lots) == [4669, 1, 1002])
    #expect(reader.sent == instant(1_773_386_409_389))
    let (changed, change) = read(FeedSamples.bybitChange)
    guard case .book(let second, _, _) = change else {
      Issue.record("\(change)")
      return
    }
    #expect(second.kind == .delta && second.sequence.last == 10_132_541)
    #expect(changed.bids.map(\.lots) == [0, 159] && changed.asks.isEmpty)
    #expect(changed.counts.books == 1 && changed.counts.levels == 2)
  }

  @Test(
    "Binance: a change names those before it, a snapshot its last, and spot has no engine's instant"
  )
  func binanceBooks() {
    let (futures, change) = read(FeedSamples.futuresChange)
    #expect(
      change
        == .book(
          BookHeader(
            kind: .delta, sequence: BookSequence(first: 157, last: 160, previous: 149),
            instant: instant(1_723_161_256_298)), of: bitcoin, depth: nil))
    #expect(
      futures.bids.map(\.ticks) == [587_102, 614_965] && futures.asks.map(\.lots) == [100_000])
    #expect(futures.sent == instant(1_723_161_256_299))
    #expect(
      read(FeedSamples.futuresSnapshot).1
        == .book(
          BookHeader(
            kind: .snapshot, sequence: BookSequence(1_027_024),
            instant: instant(1_589_436_922_959)), of: bitcoin, depth: nil))
    #expect(
      read(FeedSamples.spotChange).1
        == .book(
          BookHeader(
            kind: .delta, sequence: BookSequence(first: 16_084_252, last: 16_084_253),
            instant: instant(1_554_076_801_699)), of: bitcoin, depth: nil))
    let (spot, snapshot) = read(FeedSamples.spotSnapshot)
    #expect(
      snapshot
        == .book(
          BookHeader(
            kind: .snapshot, sequence: BookSequence(16_084_251), instant: FeedSamples.arrived),
          of: bitcoin, depth: nil))
    #expect(spot.sent == nil && spot.bids.count == 2)
  }

  @Test(
    "members in another order, with white space and strangers between, say the same",
    arguments: [
      #"{ "data" : { "seq" : 546137962186 , "a" : [ ] , "u" : 10132541 , "b" : [ [ "71419.80" , "0" ] , [ "71418.20" , "0.159" , "7" ] ] , "s" : "BTCUSDT" } , "cts" : 1773386409404 , "new" : { "x" : [ { } ] } , "ts" : 1773386409407 , "type" : "delta" , "topic" : "orderbook.50.BTCUSDT" } "#,
      "\n{\"topic\":\"orderbook.50.BTCUSDT\",\"cts\":1773386409404,\"type\":\"delta\",\"data\":{\"u\":10132541,\"s\":\"BTCUSDT\",\"a\":[],\"b\":[[71419.80,0],[\"71418.20\",0.159]],\"seq\":546137962186},\"ts\":1773386409407}",
    ])
  func anyOrder(text: String) {
    let (expected, news) = read(FeedSamples.bybitChange)
    var reader = FeedSamples.reader(.bybit)
    #expect(reader.read(text) == news)
    #expect(reader.bids == expected.bids && reader.asks == expected.asks)
  }

  @Test("Binance: levels before the name of the event say the same as behind it")
  func anyOrderBinance() {
    let (expected, news) = read(FeedSamples.futuresChange)
    var reader = FeedSamples.reader(.binanceFutures)
    let text =
      #"{"b":[["58710.20","0.014"],["61496.50","0.000"]],"pu":149,"a":[["61800.30","100"]],"U":157,"u":160,"T":1723161256298,"s":"BTCUSDT","E":1723161256299,"e":"depthUpdate"}"#
    #expect(reader.read(text) == news)
    #expect(reader.bids == expected.bids && reader.asks == expected.asks)
  }

  // MARK: - Events

  @Test("trades have the taker's side and a number, whichever of the two the venue tells")
  func trades() throws {
    let (reader, _) = read(FeedSamples.bybitTrades)
    let told = reader.events.compactMap {
      if case .trade(let trade) = $0.content { trade } else { nil }
    }
    #expect(told.map(\.taker) == [.sell, .buy])
    #expect(told.map(\.price) == [69_916.8, 69_916.1] && told.map(\.units) == [0.032, 0.002])
    #expect(told[1].id == 2_290_000_000_050_703_789 && told[0].id != 0)
    #expect(reader.counts.trades == 2 && reader.counts.tradesOffBook == 1)
    #expect(
      try event(FeedSamples.futuresTrade)
        == .trade(
          Trade(
            instant: instant(1_723_161_256_321), price: 61_800.3, units: 0.006, taker: .buy,
            id: 5_266_583_935)))
    #expect(
      try event(FeedSamples.futuresJoined)
        == .trade(
          Trade(
            instant: instant(1_568_693_103_460), price: 10_223.74, units: 0.236, taker: .sell,
            id: 5_933_014)))
    let (fund, news) = read(FeedSamples.futuresFund)
    #expect(news == .events && fund.events.isEmpty && fund.counts.tradesOffBook == 1)
  }

  @Test("best prices are whole ticks and lots")
  func quotes() throws {
    #expect(
      try event(FeedSamples.futuresQuote)
        == .quote(
          BookQuote(
            instant: instant(1_568_014_460_891), change: 400_900_217,
            bid: BookLevel(ticks: 253, lots: 31_210), ask: BookLevel(ticks: 254, lots: 40_660))))
    guard case .quote(let quote) = try event(FeedSamples.spotQuote) else {
      Issue.record("no quote")
      return
    }
    #expect(quote.change == 50_093_239_212 && quote.instant == FeedSamples.arrived)
  }

  @Test("bars are told with their span, forming or closed")
  func bars() throws {
    #expect(
      try event(FeedSamples.bybitBar)
        == .bar(
          Bar(
            openTime: instant(1_672_324_800_000), open: 16_649.5, high: 16_677, low: 16_608,
            close: 16_677, volume: 2.081, quoteVolume: 34_666.4005, isClosed: false),
          span: .fiveMinutes))
    #expect(
      try event(FeedSamples.futuresBar)
        == .bar(
          Bar(
            openTime: instant(1_638_747_660_000), open: 0.001, high: 0.0025, low: 0.001,
            close: 0.002, volume: 1000, quoteVolume: 1.5, trades: 100), span: .minute))
  }

  @Test("Bybit's tickers leave out what is unchanged, Binance tells all at once")
  func references() throws {
    var reader = FeedSamples.reader(.bybit)
    let mark = try #require(Price(text: "28552.81"))
    let index = Price(text: "28562.25")
    let due = instant(1_680_681_600_000)
    #expect(reader.read(FeedSamples.bybitTickerChange.text) == .events)
    // Without a time of payment nothing is known to be due.
    #expect(reader.events.count == 1)
    _ = reader.read(FeedSamples.bybitTicker.text)
    let first = instant(1_680_673_821_770)
    #expect(
      reader.events.map(\.content) == [
        .reference(ReferencePrice(instant: first, mark: mark, index: index)),
        .announcement(
          FundingAnnouncement(
            instant: first, rate: try #require(SignedRate(text: "0.0001")), due: due)),
      ])
    _ = reader.read(FeedSamples.bybitTickerChange.text)
    let second = instant(1_680_673_821_870)
    #expect(
      reader.events.map(\.content) == [
        .reference(
          ReferencePrice(
            instant: second, mark: try #require(Price(text: "28552.9")), index: index)),
        .announcement(
          FundingAnnouncement(
            instant: second, rate: try #require(SignedRate(text: "-0.00012345")), due: due)),
      ])
    let (binance, _) = read(FeedSamples.futuresMark)
    #expect(binance.counts.references == 1 && binance.counts.announcements == 1)
    #expect(
      binance.events.last?.content
        == .announcement(
          FundingAnnouncement(
            instant: instant(1_562_305_380_000), rate: try #require(SignedRate(text: "0.00038167")),
            due: instant(1_562_306_400_000))))
  }

  @Test("a contract with an expiry announcements no funding")
  func expiry() {
    var reader = FeedSamples.reader(.binanceFutures)
    for rate in [#","r":"","T":0"#, #","r":"0.00000000","T":0"#, ""] {
      let text =
        #"{"e":"markPriceUpdate","E":1609830121004,"s":"BTCUSDT","p":"31799.2773"\#(rate)}"#
      #expect(reader.read(text) == .events)
      #expect(reader.events.count == 1)
    }
  }

  @Test(
    "answers are notices",
    arguments: [
      (FeedSamples.bybitAccepted, .accepted), (FeedSamples.bybitPong, .pong),
      (FeedSamples.futuresAnswer, .accepted),
      (FeedSample(.bybit, #"{"success":false,"ret_msg":"error:handler not found"}"#), .refused),
      (FeedSample(.bybit, #"{"req_id":"x","op":"pong","args":["1"],"conn_id":"a"}"#), .pong),
      (FeedSample(.binanceSpot, #"{"code":-1121,"msg":"Invalid symbol."}"#), .refused),
      (FeedSample(.binanceSpot, #"{"error":{"code":2,"msg":"x"},"id":3}"#), .refused),
    ] as [(FeedSample, FeedNotice)])
  func notices(sample: FeedSample, notice: FeedNotice) {
    #expect(read(sample).1 == .notice(notice))
  }

  // MARK: - Defects

  /// A sample with one part of its text replaced.
  private struct Spoiled: CustomTestStringConvertible {
    let sample: FeedSample
    let part: String
    let by: String
    let defect: FeedDefect

    init(_ sample: FeedSample, _ part: String, _ by: String, _ defect: FeedDefect) {
      self.sample = sample
      self.part = part
      self.by = by
      self.defect = defect
    }

    var testDescription: String { "\(part) -> \(by): \(defect)" }
  }

  private static let spoiled: [Spoiled] = [
    Spoiled(FeedSamples.bybitBook, "}", "", .notJSON),
    Spoiled(FeedSamples.bybitBook, "orderbook.50", "orderbook.full", .unknownChannel),
    Spoiled(FeedSamples.bybitBook, "orderbook.50", "allLiquidation", .unknownChannel),
    Spoiled(FeedSamples.bybitBook, "50.BTCUSDT", "50.XRPUSDT", .unknownSymbol),
    Spoiled(FeedSamples.bybitBook, "50.BTCUSDT", "50.ETHUSDT", .contradictorySymbols),
    Spoiled(FeedSamples.bybitBook, #""s":"BTCUSDT","#, "", .missing(.symbol)),
    Spoiled(FeedSamples.bybitBook, #","u":10132540"#, "", .missing(.sequence)),
    Spoiled(FeedSamples.bybitBook, #""u":10132540"#, #""u":1.5"#, .betweenSteps(.sequence)),
    Spoiled(FeedSamples.bybitBook, #""type":"snapshot","#, "", .missing(.kind)),
    Spoiled(FeedSamples.bybitBook, #""snapshot""#, #""whole""#, .unreadable(.kind)),
    Spoiled(FeedSamples.bybitBook, #""ts":1773386409389,"#, "", .missing(.instant)),
    Spoiled(FeedSamples.bybitBook, "1773386409389", "99999999999999999", .unreadable(.instant)),
    Spoiled(FeedSamples.bybitBook, "71423.10", "71423.15", .betweenSteps(.price)),
    Spoiled(FeedSamples.bybitBook, "0.102", "0.1025", .betweenSteps(.quantity)),
    Spoiled(FeedSamples.bybitBook, "71423.10", "-71423.10", .unreadable(.price)),
    Spoiled(FeedSamples.bybitBook, "71423.10", "7e4", .unreadable(.price)),
    Spoiled(FeedSamples.bybitBook, "0.102", "999999999999999999999", .unreadable(.quantity)),
    Spoiled(FeedSamples.bybitBook, #"["71423.10","0.102"]"#, #"["71423.10"]"#, .unreadable(.bids)),
    Spoiled(FeedSamples.bybitBook, #"["71423.10","0.102"]"#, "7", .unreadable(.bids)),
    Spoiled(FeedSamples.bybitBook, #""b":["#, #""b":[],"b":["#, .repeated(.bids)),
    Spoiled(FeedSamples.bybitBook, #""data":{"#, #""data":{},"data":{"#, .repeated(.message)),
    Spoiled(FeedSamples.bybitTrades, #""S":"Sell""#, #""S":"sell""#, .unreadable(.taker)),
    Spoiled(FeedSamples.bybitTrades, "69916.80", "0", .unreadable(.price)),
    Spoiled(FeedSamples.bybitTrades, "69916.80", "", .missing(.price)),
    Spoiled(FeedSamples.bybitTrades, #""v":"0.032""#, #""v":null"#, .missing(.quantity)),
    Spoiled(FeedSamples.bybitTicker, "28552.81", "0", .unreadable(.mark)),
    Spoiled(FeedSamples.bybitTicker, "0.0001", "0.000000001", .betweenSteps(.fundingRate)),
    Spoiled(FeedSamples.bybitBar, "kline.5.", "kline.W.", .unknownChannel),
    Spoiled(FeedSamples.bybitBar, #""confirm":false"#, #""confirm":"no""#, .unreadable(.isClosed)),
    Spoiled(FeedSamples.bybitBar, #""volume":"2.081""#, #""volume":"-1""#, .unreadable(.volume)),
    Spoiled(FeedSamples.bybitPong, #""success":true,"ret_msg":"pong","#, "", .unknownChannel),
    Spoiled(FeedSamples.futuresChange, "depthUpdate", "forceOrder", .unknownChannel),
    Spoiled(FeedSamples.futuresChange, "@depth@0ms", "@depth20@100ms", .unknownChannel),
    Spoiled(FeedSamples.spotSnapshot, "@depthSnapshot", "@depth20", .unknownChannel),
    Spoiled(FeedSamples.spotSnapshot, "btcusdt@", "xrpusdt@", .unknownSymbol),
    Spoiled(FeedSamples.futuresChange, #""s":"BTCUSDT""#, #""s":"BTCUSD""#, .unknownSymbol),
    Spoiled(FeedSamples.futuresChange, #""pu":149,"#, "", .missing(.previous)),
    Spoiled(FeedSamples.futuresChange, #""U":157"#, #""U":161"#, .unreadable(.sequence)),
    Spoiled(FeedSamples.futuresChange, #","a":[["61800.30","100"]]"#, "", .missing(.asks)),
    Spoiled(FeedSamples.futuresTrade, #","m":false"#, "", .missing(.taker)),
    Spoiled(FeedSamples.futuresQuote, "25.30000000", "0.00000000", .unreadable(.price)),
    Spoiled(FeedSamples.futuresBar, #""i":"1m""#, #""i":"1w""#, .unknownChannel),
    Spoiled(
      FeedSamples.futuresBar, #"19999,"s":"BTCUSDT""#, #"19999,"s":"ETHUSDT""#,
      .contradictorySymbols),
    Spoiled(FeedSamples.futuresAnswer, #","id":1"#, "", .unknownChannel),
  ]

  @Test(
    "each defect is told by its kind and field, and changes nothing", arguments: spoiled.indices)
  func defects(place: Int) throws {
    let spoiled = Self.spoiled[place]
    let range = try #require(spoiled.sample.text.range(of: spoiled.part))
    let text = spoiled.sample.text.replacingCharacters(in: range, with: spoiled.by)
    var reader = FeedSamples.reader(spoiled.sample.kind)
    #expect(reader.read(text) == .defect(spoiled.defect), "\(text)")
    #expect(reader.bids.isEmpty && reader.asks.isEmpty && reader.events.isEmpty)
    #expect(reader.counts.refused(spoiled.defect.kind) == 1 && reader.counts.allRefused == 1)
    #expect(reader.read(spoiled.sample.text) == read(spoiled.sample).1)
  }

  @Test("an answer without a symbol is about the contract asked for, or nobody")
  func unnamed() {
    var reader = FeedSamples.reader(.binanceFutures)
    let bytes = Array(FeedSamples.futuresSnapshot.text.utf8)
    #expect(reader.read(bytes.span, arrived: FeedSamples.arrived) == .defect(.missing(.symbol)))
    guard
      case .book(_, ContractID(place: 1), nil) = reader.read(
        bytes.span, arrived: FeedSamples.arrived, of: ContractID(place: 1))
    else {
      Issue.record("not of the contract")
      return
    }
  }

  @Test("more levels or bytes than any venue sends are refused")
  func tooLong() {
    var reader = FeedSamples.reader(.binanceFutures)
    let level = #"["1.0","1"],"#
    let many = String(repeating: level, count: FeedReader.levelsMax + 1).dropLast()
    #expect(
      reader.read(#"{"lastUpdateId":1,"bids":[\#(many)],"asks":[]}"#) == .defect(.tooLong))
    let blanks = [UInt8](repeating: 0x20, count: FeedReader.bytesMax + 1)
    #expect(reader.read(blanks.span, arrived: FeedSamples.arrived) == .defect(.tooLong))
  }

  @Test(
    "20,000 mutated messages are each taken in or refused, and no book level is impossible to hold")
  func mutations() {
    var mutate = MessageMutation(seed: 7)
    var readers = Dictionary(
      uniqueKeysWithValues: BookProtocol.allCases.map { ($0, FeedSamples.reader($0)) })
    var defects: [FeedDefect.Kind: Int] = [:]
    var accepted = 0
    for _ in 0..<1000 {
      for sample in FeedSamples.all {
        let bytes = mutate(sample.text)
        let news = readers[sample.kind]!.read(
          bytes.span, arrived: FeedSamples.arrived, of: bitcoin)
        if case .defect(let defect) = news {
          defects[defect.kind, default: 0] += 1
        } else {
          accepted += 1
        }
      }
    }
    let counted = readers.values.reduce(0) { $0 + $1.counts.messages }
    #expect(counted == 1000 * FeedSamples.all.count)
    #expect(accepted + defects.values.reduce(0, +) == counted)
    #expect(readers.values.reduce(0) { $0 + $1.counts.allRefused } == counted - accepted)
    #expect(accepted > 1000 && defects[.notJSON, default: 0] > 5000)
    #expect(Set(defects.keys).isSuperset(of: [.unreadable, .missing, .unknownChannel]))
  }

  @Test(
    "messages recorded by others are read, or are of streams that are not",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"),
    arguments: [
      ("bybit", .bybit), ("binance", .binanceSpot), ("binance_futures", .binanceFutures),
      ("binance_delivery", .binanceFutures),
    ] as [(String, BookProtocol)])
  func recordedByOthers(name: String, kind: BookProtocol) throws {
    let text = try String(
      contentsOf: SharedMaterial.file("bench/ws_messages_tardis_node/map_\(name)_messages.jsonl"),
      encoding: .utf8)
    let symbols = [
      "BTCUSDT", "BTCUSD", "LTCUSDT", "BTCPERP", "BTCUSDU23", "ETHUSDT", "BNBBTC", "BTCUSDC",
      "GNTBTC", "BTCBUSD_210129", "BTCUSD_200925", "ETCUSDT", "BNBUSD_PERP",
    ]
    let fine = try #require(TickSize(nanos: 10))
    let lot = try #require(LotSize(nanos: 10))
    var reader = FeedReader(
      kind, markets: symbols.map { FeedMarket(symbol: $0, tick: fine, lot: lot) })
    var accepted = 0
    for line in text.split(separator: "\n") {
      let message = try #require(try JSONValue(parsing: line)["msg"]).compactText
      let news = reader.read(Array(message.utf8).span, arrived: FeedSamples.arrived)
      switch news {
      case .defect(.unknownChannel), .defect(.unknownSymbol): break
      case .defect(let defect):
        Issue.record("\(defect): \(message.prefix(300))")
      default: accepted += 1
      }
    }
    #expect(accepted >= 8)
  }
}
