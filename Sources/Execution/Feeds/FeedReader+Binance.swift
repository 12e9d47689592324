import Essentials
import Markets

/// The members of a message of Binance, by their names.
private struct BinanceFields {
  /// The members with one letter for a name, by its low six bits, which differ for all letters.
  private var letters = InlineArray<64, JSONScanner.Place>(repeating: JSONScanner.Place())
  var stream = JSONScanner.Place()
  var previous = JSONScanner.Place()
  var lastUpdate = JSONScanner.Place()
  var symbol = JSONScanner.Place()
  var bids = JSONScanner.Place()
  var asks = JSONScanner.Place()
  /// Whether it is an answer to a request, and whether one that refuses it.
  var isAnswer = false
  var isRefusal = false
  /// Whether levels of a side were laid into their buffer as they were passed over.
  var hasBids = false
  var hasAsks = false

  subscript(_ letter: Unicode.Scalar) -> JSONScanner.Place {
    letters[Int(truncatingIfNeeded: letter.value & 63)]
  }

  /// Keeps a member whose name is a letter; false where one of that name is there already.
  mutating func keep(_ byte: UInt8, _ place: JSONScanner.Place) -> Bool {
    guard (byte | 0x20) &- 97 < 26 else { return true }
    let index = Int(byte & 63)
    guard !letters[index].isPresent else { return false }
    letters[index] = place
    return true
  }
}

extension FeedReader {
  mutating func readBinance(_ scanner: inout JSONScanner) throws(FeedDefect) -> FeedNews {
    var fields = BinanceFields()
    try gather(&fields, &scanner, isWhole: true)
    try scanner.finish()
    let event = fields["e"]
    if scanner.isText(event, "depthUpdate") { return try depthUpdate(&fields, &scanner) }
    if scanner.isText(event, "trade") || scanner.isText(event, "aggTrade") {
      return try trade(fields, scanner)
    }
    if scanner.isText(event, "bookTicker") { return try quote(fields, scanner) }
    if scanner.isText(event, "markPriceUpdate") { return try markPrice(fields, scanner) }
    if scanner.isText(event, "kline") { return try kline(fields, &scanner) }
    guard !event.isPresent else { throw .unknownChannel }
    if fields.lastUpdate.isPresent { return try snapshot(fields, &scanner) }
    // Spot sends the best prices without saying that it does.
    if fields["u"].isPresent, fields["B"].isPresent, fields["A"].isPresent {
      return try quote(fields, scanner)
    }
    guard fields.isAnswer else { throw .unknownChannel }
    return .notice(fields.isRefusal ? .refused : .accepted)
  }

  /// Passes over an object and keeps where its members stand. The object `data`, in which combined
  /// streams send their messages, is read as if its members were those of the whole.
  private mutating func gather(
    _ fields: inout BinanceFields, _ scanner: inout JSONScanner, isWhole: Bool
  ) throws(FeedDefect) {
    var goesOn = try scanner.open(UInt8(ascii: "{"), .message)
    while goesOn {
      let name = try scanner.name()
      if name.count == 3 {
        try keepLetter(name, &fields, &scanner)
      } else if isWhole, scanner.isText(name, "data"), scanner.next() == UInt8(ascii: "{") {
        try gather(&fields, &scanner, isWhole: false)
      } else {
        try keepWord(name, &fields, scanner, scanner.value())
      }
      goesOn = try scanner.goesOn(until: UInt8(ascii: "}"))
    }
  }

  @inline(__always)
  private mutating func keepLetter(
    _ name: JSONScanner.Place, _ fields: inout BinanceFields, _ scanner: inout JSONScanner
  ) throws(FeedDefect) {
    let letter = scanner.bytes[Int(name.start) &+ 1]
    let start = scanner.place
    if letter == UInt8(ascii: "b") || letter == UInt8(ascii: "a"),
      scanner.next() == UInt8(ascii: "["), fields["s"].isPresent,
      scanner.isText(fields["e"], "depthUpdate")
    {
      // The message and its symbol are known, so its levels need not be passed over twice.
      let side: QuoteSide = letter == UInt8(ascii: "b") ? .bid : .ask
      guard !(side == .bid ? fields.hasBids : fields.hasAsks) else {
        throw .repeated(side == .bid ? .bids : .asks)
      }
      try takeLevels(side, of: market(fields["s"], scanner), &scanner)
      if side == .bid { fields.hasBids = true } else { fields.hasAsks = true }
      let place = JSONScanner.Place(start: UInt32(start), end: UInt32(scanner.place))
      guard fields.keep(letter, place) else { throw .repeated(.message) }
    } else {
      guard try fields.keep(letter, scanner.value()) else { throw .repeated(.message) }
    }
  }

  @inline(__always)
  private func keepWord(
    _ name: JSONScanner.Place, _ fields: inout BinanceFields, _ scanner: JSONScanner,
    _ value: JSONScanner.Place
  ) throws(FeedDefect) {
    switch name.count {
    case 4:
      if scanner.isText(name, "pu") { fields.previous = value }
      if scanner.isText(name, "id") { fields.isAnswer = true }
    case 6:
      if scanner.isText(name, "bids") { fields.bids = value }
      if scanner.isText(name, "asks") { fields.asks = value }
      if scanner.isText(name, "code") { (fields.isAnswer, fields.isRefusal) = (true, true) }
    case 7:
      if scanner.isText(name, "error") { (fields.isAnswer, fields.isRefusal) = (true, true) }
    case 8:
      if scanner.isText(name, "stream") { fields.stream = value }
      if scanner.isText(name, "symbol") { fields.symbol = value }
    case 14:
      if scanner.isText(name, "lastUpdateId") { fields.lastUpdate = value }
    default: break
    }
  }
}

// MARK: - Books

extension FeedReader {
  private mutating func depthUpdate(
    _ fields: inout BinanceFields, _ scanner: inout JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    guard !isPartialDepth(fields.stream, scanner) else { throw .unknownChannel }
    let market = try market(fields["s"], scanner)
    if !fields.hasBids { try takeLevels(.bid, at: fields["b"], of: market, &scanner) }
    if !fields.hasAsks { try takeLevels(.ask, at: fields["a"], of: market, &scanner) }
    let isFutures = `protocol` == .binanceFutures
    let sequence = BookSequence(
      first: try scanner.whole(fields["U"], .sequence),
      last: try scanner.whole(fields["u"], .sequence),
      previous: isFutures ? try scanner.whole(fields.previous, .previous) : nil)
    guard sequence.first <= sequence.last else { throw .unreadable(.sequence) }
    let sent = try scanner.instant(fields["E"])
    let made = fields["T"].isPresent ? try scanner.instant(fields["T"]) : sent
    self.sent = sent
    return .book(
      BookHeader(kind: .delta, sequence: sequence, instant: made), of: ContractID(place: market),
      depth: nil)
  }

  /// The answer to a request for a snapshot, which recorders write among the messages.
  private mutating func snapshot(
    _ fields: BinanceFields, _ scanner: inout JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    guard !isPartialDepth(fields.stream, scanner) else { throw .unknownChannel }
    let market = try answeredMarket(fields, scanner)
    try takeLevels(.bid, at: fields.bids, of: market, &scanner)
    try takeLevels(.ask, at: fields.asks, of: market, &scanner)
    let number = try scanner.whole(fields.lastUpdate, .sequence)
    sent = fields["E"].isPresent ? try scanner.instant(fields["E"]) : nil
    let made = fields["T"].isPresent ? try scanner.instant(fields["T"]) : sent
    return .book(
      BookHeader(kind: .snapshot, sequence: BookSequence(number), instant: made ?? arrived),
      of: ContractID(place: market), depth: nil)
  }

  /// Whom a message without a symbol of its own is about.
  private func answeredMarket(
    _ fields: BinanceFields, _ scanner: JSONScanner
  ) throws(FeedDefect) -> Int {
    if fields.symbol.isPresent { return try market(fields.symbol, scanner) }
    if let stream = scanner.text(fields.stream) {
      let symbol = UnsafeBufferPointer(rebasing: stream.prefix { $0 != UInt8(ascii: "@") })
      guard let market = table.place(of: symbol, isFolded: true) else { throw .unknownSymbol }
      return market
    }
    guard let unnamed else { throw .missing(.symbol) }
    return unnamed
  }

  /// Whether a stream sends the best levels again and again, such as `btcusdt@depth20@100ms`: its
  /// messages look like changes or snapshots and are neither.
  private func isPartialDepth(_ stream: JSONScanner.Place, _ scanner: JSONScanner) -> Bool {
    guard let stream = scanner.text(stream),
      let sign = stream.firstIndex(of: UInt8(ascii: "@"))
    else { return false }
    let rest = stream[(sign + 1)...]
    return rest.starts(with: "depth".utf8) && rest.dropFirst(5).first.map { $0 &- 48 < 10 } == true
  }

  /// Reads levels that were passed over.
  private mutating func takeLevels(
    _ side: QuoteSide, at place: JSONScanner.Place, of market: Int, _ scanner: inout JSONScanner
  ) throws(FeedDefect) {
    guard place.isPresent else { throw .missing(side == .bid ? .bids : .asks) }
    var levels = JSONScanner(scanner.bytes, from: Int(place.start))
    try takeLevels(side, of: market, &levels)
  }

  private mutating func quote(
    _ fields: BinanceFields, _ scanner: JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    let market = try market(fields["s"], scanner)
    let entry = table.entries[market]
    sent = fields["E"].isPresent ? try scanner.instant(fields["E"]) : nil
    let made = fields["T"].isPresent ? try scanner.instant(fields["T"]) : sent
    let quote = BookQuote(
      instant: made ?? arrived, change: try scanner.whole(fields["u"], .sequence),
      bid: BookLevel(
        ticks: try scanner.steps(at: fields["b"], entry.price, .price),
        lots: try scanner.steps(at: fields["B"], entry.quantity, .quantity)),
      ask: BookLevel(
        ticks: try scanner.steps(at: fields["a"], entry.price, .price),
        lots: try scanner.steps(at: fields["A"], entry.quantity, .quantity)))
    guard quote.bid.isPossible, quote.ask.isPossible else { throw .unreadable(.price) }
    events.append(FeedEvent(.quote(quote), of: ContractID(place: market)))
    return .events
  }
}

// MARK: - Trades, bars and reference prices

extension FeedReader {
  private mutating func trade(
    _ fields: BinanceFields, _ scanner: JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    let market = try market(fields["s"], scanner)
    sent = try scanner.instant(fields["E"])
    // Trades of the insurance fund and of deleveraging are made aside of the book.
    if fields["X"].isPresent, !scanner.isText(fields["X"], "MARKET") {
      counts.tradesOffBook += 1
      return .events
    }
    guard let buyerWaited = scanner.truth(fields["m"]) else {
      throw fields["m"].isPresent ? .unreadable(.taker) : .missing(.taker)
    }
    let number = fields["t"].isPresent ? fields["t"] : fields["a"]
    let trade = Trade(
      instant: try scanner.instant(fields["T"]), price: try scanner.number(fields["p"], .price),
      units: try scanner.number(fields["q"], .quantity), taker: buyerWaited ? .sell : .buy,
      id: number.isPresent ? UInt64(bitPattern: try scanner.whole(number, .name)) : 0)
    events.append(FeedEvent(.trade(trade), of: ContractID(place: market)))
    return .events
  }

  private mutating func markPrice(
    _ fields: BinanceFields, _ scanner: JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    let contract = ContractID(place: try market(fields["s"], scanner))
    let instant = try scanner.instant(fields["E"])
    sent = instant
    guard fields["p"].isPresent else { throw .missing(.mark) }
    if scanner.says(fields["p"]) {
      let reference = ReferencePrice(
        instant: instant, mark: try scanner.price(fields["p"], .mark),
        index: scanner.says(fields["i"]) ? try scanner.price(fields["i"], .index) : nil)
      events.append(FeedEvent(.reference(reference), of: contract))
    }
    // Contracts with an expiry pay none and say so with an empty rate or the time zero.
    if scanner.says(fields["r"]), scanner.says(fields["T"]) {
      let due = try scanner.instant(fields["T"], .nextFunding)
      if due.millisecondsSinceEpoch > 0 {
        let announcement = FundingAnnouncement(
          instant: instant, rate: try scanner.rate(fields["r"], .fundingRate), due: due)
        events.append(FeedEvent(.announcement(announcement), of: contract))
      }
    }
    return .events
  }

  private mutating func kline(
    _ fields: BinanceFields, _ scanner: inout JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    let market = try market(fields["s"], scanner)
    sent = try scanner.instant(fields["E"])
    guard fields["k"].isPresent else { throw .missing(.bars) }
    var inner = JSONScanner(scanner.bytes, from: Int(fields["k"].start))
    var bar = BinanceFields()
    try gather(&bar, &inner, isWhole: false)
    guard try self.market(bar["s"], scanner) == market else { throw .contradictorySymbols }
    guard let interval = scanner.text(bar["i"]) else {
      throw bar["i"].isPresent ? .unreadable(.interval) : .missing(.interval)
    }
    guard let span = BarSpan(binance: interval) else { throw .unknownChannel }
    guard let isClosed = scanner.truth(bar["x"]) else {
      throw bar["x"].isPresent ? .unreadable(.isClosed) : .missing(.isClosed)
    }
    let sight = Bar(
      openTime: try scanner.instant(bar["t"], .start),
      open: try scanner.number(bar["o"], .open), high: try scanner.number(bar["h"], .high),
      low: try scanner.number(bar["l"], .low), close: try scanner.number(bar["c"], .close),
      volume: try scanner.number(bar["v"], .volume, orZero: true),
      quoteVolume: bar["q"].isPresent && !scanner.says(bar["q"])
        ? .nan : try scanner.number(bar["q"], .turnover, orZero: true),
      trades: Int(try scanner.whole(bar["n"], .trades)), isClosed: isClosed)
    events.append(FeedEvent(.bar(sight, span: span), of: ContractID(place: market)))
    return .events
  }
}

extension BarSpan {
  /// The spans of an interval as Binance names it, such as `15m`; nil for weeks and months, which do
  /// not begin at multiples of their length.
  fileprivate init?(binance text: UnsafeBufferPointer<UInt8>) {
    guard let unit = text.last, let count = shortNumber(text.dropLast()) else { return nil }
    switch unit {
    case UInt8(ascii: "s"): self.init(.seconds(count))
    case UInt8(ascii: "m"): self.init(.minutes(count))
    case UInt8(ascii: "h"): self.init(.hours(count))
    case UInt8(ascii: "d"): self.init(.hours(24 * count))
    default: return nil
    }
  }
}
