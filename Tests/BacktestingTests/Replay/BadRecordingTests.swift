import Essentials
import Markets
import Testing

@testable import Backtesting

/// A defect in a recording, what is counted of it, and the recording that it must come to.
private struct Defect: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let dirty: @Sendable () throws -> ContractRecording
  /// What the replay of the dirty one must be the same as.
  let clean: @Sendable () throws -> ContractRecording
  /// What is counted of the dirty one besides what is accepted: name and number.
  let counted: [String: Int]

  init(
    _ name: String, counted: [String: Int],
    dirty: @escaping @Sendable () throws -> ContractRecording,
    clean: @escaping @Sendable () throws -> ContractRecording = { plainBars() }
  ) {
    testDescription = name
    self.dirty = dirty
    self.clean = clean
    self.counted = counted
  }
}

private let closes: [Double] = [100, 101, 103, 102, 104, 107, 105, 103]

private func bar(_ place: Int) -> Bar {
  let open = place == 0 ? 100 : closes[place - 1]
  return minuteBar(
    Int64(place), open, max(open, closes[place]) + 1, min(open, closes[place]) - 1, closes[place])
}

/// Bars of the minutes at places, with others put in behind some of them.
private func series(
  _ places: [Int] = Array(closes.indices), behind: [Int: [Bar]] = [:]
) -> ContractRecording {
  var series = BarSeries(.minute)
  for place in places {
    series.append(bar(place))
    for other in behind[place] ?? [] { series.append(other) }
  }
  return ContractRecording(bars: series)
}

private func plainBars() -> ContractRecording { series() }

private func bar(_ place: Int, _ change: (inout Bar) -> Void) -> Bar {
  var changed = bar(place)
  change(&changed)
  return changed
}

private func trade(_ second: Int64, _ price: Double, _ units: Double = 1) -> Trade {
  Trade(
    instant: Timestamp(millisecondsSinceEpoch: second * 1000), price: price, units: units,
    taker: .buy, id: UInt64(second))
}

private func trades(_ more: (Int, Trade)...) -> ContractRecording {
  var list = ContractRecording(
    trades: ContiguousArray((0..<40).map { trade(10 * Int64($0), 100 + Double($0 % 7)) }))
  for (place, trade) in more.reversed() { list.trades.insert(trade, at: place) }
  return list
}

private func marks(_ seconds: [Int64]) throws -> ContractRecording {
  var recording = plainBars()
  recording.marks = ContiguousArray(
    try seconds.map {
      ReferencePrice(
        instant: Timestamp(millisecondsSinceEpoch: $0 * 1000), mark: try #require(Price(102.5)))
    })
  return recording
}

private func funding(_ seconds: [Int64]) throws -> ContractRecording {
  var recording = plainBars()
  let rate = try #require(SignedRate(text: "0.001"))
  recording.funding = ContiguousArray(
    seconds.map {
      FundingPayment(instant: Timestamp(millisecondsSinceEpoch: $0 * 1000), rate: rate)
    })
  return recording
}

/// A message of a book of one level a side.
private struct Quotes {
  var number: Int64
  var isSnapshot: Bool
  var bid: Int64
  var ask: Int64
}

/// Twenty messages that rise by a tick each.
private let steadyBook = (0..<20 as Range<Int64>).map { (place: Int64) -> Quotes in
  Quotes(number: 10 + place, isSnapshot: place == 0, bid: 999 + place, ask: 1001 + place)
}

private func book(_ messages: [Quotes]) -> ContractRecording {
  var tape = BookTape(.bybit)
  var before: (bid: Int64, ask: Int64)?
  for (place, message) in messages.enumerated() {
    var bids: ContiguousArray<BookLevel> = []
    var asks: ContiguousArray<BookLevel> = []
    if let before, !message.isSnapshot {
      if before.bid != message.bid { bids.append(BookLevel(ticks: before.bid, lots: 0)) }
      if before.ask != message.ask { asks.append(BookLevel(ticks: before.ask, lots: 0)) }
    }
    bids.append(BookLevel(ticks: message.bid, lots: 50))
    asks.append(BookLevel(ticks: message.ask, lots: 50))
    before = (message.bid, message.ask)
    tape.append(
      BookHeader(
        kind: message.isSnapshot ? .snapshot : .delta, sequence: BookSequence(message.number),
        instant: Timestamp(millisecondsSinceEpoch: Int64(place) * 20_000)),
      bids: bids.span, asks: asks.span)
  }
  return ContractRecording(books: tape)
}

/// What the replay of a recording counted, without what is accepted and what is zero.
private func counts(of record: ReplayRecord) -> [String: Int] {
  let (match, bars, book) = (record.counts[0], record.bars[0], record.books[0])
  return [
    "bars.duplicate": bars.duplicate, "bars.late": bars.late, "bars.impossible": bars.impossible,
    "bars.misaligned": bars.misaligned, "bars.missing": bars.missing, "gaps": match.gaps,
    "duplicate": match.duplicate, "late": match.late, "impossible": match.impossible,
    "covered": match.covered, "unmarkedFunding": match.unmarkedFunding,
    "book.gaps": book.gaps, "book.crossings": book.crossings, "book.impossible": book.impossible,
    "book.repeated": book.repeated, "book.early": book.early,
  ].filter { $0.value != 0 }
}

@Suite("Bad recordings")
struct BadRecordingTests {
  private static let defects = barDefects + eventDefects + bookDefects

  private static let barDefects: [Defect] = [
    Defect("a bar that comes twice", counted: ["bars.duplicate": 1]) {
      series(behind: [3: [bar(3)]])
    },
    Defect("a bar that comes again with other prices", counted: ["bars.duplicate": 1]) {
      series(behind: [3: [bar(3) { $0.high += 50 }]])
    },
    Defect("a bar that comes too late", counted: ["bars.late": 1]) {
      series(behind: [5: [bar(2) { $0.low -= 50 }]])
    },
    Defect("a bar that is still forming", counted: [:]) {
      series(behind: [2: [bar(3) { $0.isClosed = false }]])
    },
    Defect("a bar that begins within a minute", counted: ["bars.misaligned": 1]) {
      series(behind: [3: [bar(4) { $0.openTime = minute(4) + .seconds(1) }]])
    },
    Defect("a hole in the bars is not filled", counted: ["bars.missing": 2, "gaps": 1]) {
      series([0, 1, 2, 5, 6, 7])
    } clean: {
      series([0, 1, 2, 5, 6, 7])
    },
    Defect(
      "zero, negative, missing and infinite prices leave a hole",
      counted: ["bars.impossible": 4, "bars.missing": 1, "gaps": 1]
    ) {
      series(
        [0, 1, 2, 3, 5, 6, 7],
        behind: [
          3: [
            bar(4) { $0.low = 0 }, bar(4) { $0.close = -1 }, bar(4) { $0.open = .nan },
            bar(4) { $0.high = .infinity },
          ]
        ])
    } clean: {
      series([0, 1, 2, 3, 5, 6, 7])
    },
    Defect("a high below the low", counted: ["bars.impossible": 1]) {
      series(behind: [2: [bar(3) { swap(&$0.high, &$0.low) }]])
    },
    Defect("a negative volume", counted: ["bars.impossible": 1]) {
      series(behind: [2: [bar(3) { $0.volume = -1 }]])
    },
  ]

  private static let eventDefects: [Defect] = [
    Defect("a trade that comes twice", counted: ["duplicate": 1]) {
      trades((13, trade(120, 105)))
    } clean: {
      trades()
    },
    Defect("a trade that comes too late", counted: ["late": 1]) {
      trades((13, trade(33, 1)))
    } clean: {
      trades()
    },
    Defect("trades at no price or of no units", counted: ["impossible": 5]) {
      trades(
        (3, trade(25, 0)), (9, trade(85, -5)), (9, trade(86, .nan)), (9, trade(87, 100, 0)),
        (20, trade(195, 100, -.infinity)))
    } clean: {
      trades()
    },
    Defect("marks that come twice or too late", counted: ["duplicate": 1, "late": 1]) {
      try marks([90, 150, 150, 130, 210])
    } clean: {
      try marks([90, 150, 210])
    },
    Defect("payments that come twice or too late", counted: ["duplicate": 1, "late": 1]) {
      try funding([120, 240, 240, 180, 360])
    } clean: {
      try funding([120, 240, 360])
    },
    Defect(
      "bars among trades are told and fill nothing", counted: ["covered": 6]
    ) {
      var recording = trades()
      recording.bars = series(Array(0..<6)).bars
      return recording
    } clean: {
      var recording = trades()
      recording.bars = series(Array(0..<6)).bars
      return recording
    },
  ]

  private static let bookDefects: [Defect] = [
    Defect(
      "a crossed book is not shown until a snapshot comes",
      counted: ["book.crossings": 1, "book.early": 3]
    ) {
      var messages = steadyBook
      messages[8].bid = messages[8].ask + 5
      messages[12].isSnapshot = true
      return book(messages)
    } clean: {
      var messages = steadyBook
      for place in 8..<12 { messages[place] = messages[7] }
      messages[12].isSnapshot = true
      return book(messages)
    },
    Defect(
      "a book with a hole in its sequence is not shown until a snapshot comes",
      counted: ["book.gaps": 1, "book.early": 4]
    ) {
      var messages = steadyBook
      for place in 7..<20 { messages[place].number += 1 }
      messages[12].isSnapshot = true
      return book(messages)
    } clean: {
      var messages = steadyBook
      for place in 7..<12 { messages[place] = messages[6] }
      for place in 12..<20 { messages[place].number += 1 }
      messages[12].isSnapshot = true
      return book(messages)
    },
    Defect("a book at a price of zero", counted: ["book.impossible": 2, "book.early": 1]) {
      var messages = steadyBook
      messages[9].ask = 0
      messages[12].isSnapshot = true
      return book(messages)
    } clean: {
      var messages = steadyBook
      for place in 9..<12 { messages[place] = messages[8] }
      messages[12].isSnapshot = true
      return book(messages)
    },
    Defect("messages of a book that come twice", counted: ["book.repeated": 2]) {
      var messages = steadyBook
      messages.insert(messages[5], at: 6)
      messages.insert(messages[9], at: 10)
      return book(messages)
    } clean: {
      var messages = steadyBook
      messages.insert(messages[5], at: 6)
      messages.insert(messages[9], at: 10)
      return book(messages)
    },
  ]

  /// Buys early, adds, and turns.
  private func replayed(
    _ recording: ContractRecording
  ) throws -> (told: [String], record: ReplayRecord) {
    let account = try replayAccount([try replayContract()])
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([
          1: [.market(1, 5)], 3: [.market(2, 3)], 4: [.market(3, -20)], 5: [.market(4, 30)],
        ]), account: account, settings: MatchSettings()), recordings: [recording])
    replay.advance()
    return (replay.session.trader.told, replay.record)
  }

  @Test("what is wrong is counted and changes nothing else", arguments: defects)
  private func defect(_ defect: Defect) throws {
    let dirty = try replayed(try defect.dirty())
    let clean = try replayed(try defect.clean())
    #expect(counts(of: dirty.record) == defect.counted)
    #expect(dirty.record.orderHash == clean.record.orderHash)
    #expect(dirty.record.roundTrips == clean.record.roundTrips)
    #expect(!dirty.record.roundTrips.isEmpty)
    #expect(dirty.record.equity.last?.equity == clean.record.equity.last?.equity)
    let orders = { (told: [String]) in told.filter { $0.contains("order") } }
    #expect(orders(dirty.told) == orders(clean.told))
  }

  @Test("a local clock that is 1.27 s behind is found out, and instants stay those of the venue")
  func clock() throws {
    var clock = FeedClock()
    let recording = trades()
    var arrived = recording
    for place in recording.trades.indices {
      let made = recording.trades[place].instant
      let local = made - TimeSpan(milliseconds: 1270) + TimeSpan(milliseconds: Int64(place % 9))
      clock.observe(made: made, arrived: local)
      arrived.trades[place].instant = clock.venueTime(at: local)
    }
    #expect(clock.messages == 40 && clock.fromFuture == 40 && clock.backward == 0)
    #expect(clock.lag == TimeSpan(milliseconds: 1270))
    // Estimated from the local clock alone, instants are late by no more than the messages were.
    for (made, told) in zip(recording.trades, arrived.trades) {
      #expect((.zero...TimeSpan(milliseconds: 8)).contains(told.instant - made.instant))
    }
    #expect(try replayed(recording).record.counts[0].late == 0)
    #expect(try replayed(arrived).record.roundTrips.count == 3)
  }
}
