import Essentials
import Markets

/// What Bybit's tickers said last of a symbol; a change leaves out what it does not change.
struct BybitTicker: Sendable {
  var mark: Price?
  var index: Price?
  var rate: SignedRate?
  var due: Timestamp?
}

/// The members of a whole message of Bybit.
private struct BybitEnvelope {
  var topic = JSONScanner.Place()
  var kind = JSONScanner.Place()
  var sent = JSONScanner.Place()
  var made = JSONScanner.Place()
  var data = JSONScanner.Place()
  var operation = JSONScanner.Place()
  var success = JSONScanner.Place()
  var answer = JSONScanner.Place()
  var numbers = BybitNumbers()
  /// Whether the levels were laid into their buffers as they were passed over.
  var hasLevels = false
}

/// The numbers and the symbol of a book's message.
private struct BybitNumbers {
  var symbol = JSONScanner.Place()
  var update = JSONScanner.Place()
  var cross = JSONScanner.Place()
  var hasBids = false
  var hasAsks = false
}

/// A stream of Bybit, as the topic of its messages names it.
private enum BybitTopic {
  case book(depth: Int)
  case trades
  case tickers
  case bars(BarSpan)
}

extension FeedReader {
  mutating func readBybit(_ scanner: inout JSONScanner) throws(FeedDefect) -> FeedNews {
    var envelope = BybitEnvelope()
    var goesOn = try scanner.open(UInt8(ascii: "{"), .message)
    while goesOn {
      let name = try scanner.name()
      if scanner.isText(name, "data") {
        guard !envelope.data.isPresent else { throw .repeated(.message) }
        try keepData(&envelope, &scanner)
      } else {
        try keep(name, &envelope, scanner, scanner.value())
      }
      goesOn = try scanner.goesOn(until: UInt8(ascii: "}"))
    }
    try scanner.finish()
    guard envelope.topic.isPresent else { return try notice(envelope, scanner) }
    let (topic, market) = try topic(envelope.topic, scanner)
    guard envelope.data.isPresent else { throw .missing(.message) }
    sent = try scanner.instant(envelope.sent)
    var data = JSONScanner(scanner.bytes, from: Int(envelope.data.start))
    switch topic {
    case .book(let depth):
      return try book(&envelope, &data, market: market, depth: depth)
    case .trades: return try trades(&data, market: market)
    case .tickers: return try ticker(envelope, &data, market: market)
    case .bars(let span): return try bars(&data, span, market: market)
    }
  }

  private func keep(
    _ name: JSONScanner.Place, _ envelope: inout BybitEnvelope, _ scanner: JSONScanner,
    _ value: JSONScanner.Place
  ) throws(FeedDefect) {
    switch name.count {
    case 4:
      if scanner.isText(name, "ts") { envelope.sent = value }
      if scanner.isText(name, "op") { envelope.operation = value }
    case 5:
      if scanner.isText(name, "cts") { envelope.made = value }
    case 6:
      if scanner.isText(name, "type") { envelope.kind = value }
    case 7:
      if scanner.isText(name, "topic") {
        guard !envelope.topic.isPresent else { throw .repeated(.topic) }
        envelope.topic = value
      }
    case 9:
      if scanner.isText(name, "success") { envelope.success = value }
      if scanner.isText(name, "ret_msg") { envelope.answer = value }
    default: break
    }
  }

  /// Passes over the data; a book's levels are read on the way where the topic is known by then.
  private mutating func keepData(
    _ envelope: inout BybitEnvelope, _ scanner: inout JSONScanner
  ) throws(FeedDefect) {
    _ = scanner.next()
    let start = scanner.place
    if envelope.topic.isPresent, case (.book, let market) = try topic(envelope.topic, scanner) {
      envelope.numbers = try levels(&scanner, market: market)
      envelope.hasLevels = true
      envelope.data = JSONScanner.Place(start: UInt32(start), end: UInt32(scanner.place))
    } else {
      envelope.data = try scanner.value()
    }
  }

  private func notice(
    _ envelope: BybitEnvelope, _ scanner: JSONScanner
  ) throws(FeedDefect) -> FeedNews {
    if scanner.isText(envelope.operation, "pong") || scanner.isText(envelope.answer, "pong") {
      return .notice(.pong)
    }
    guard let success = scanner.truth(envelope.success) else { throw .unknownChannel }
    return .notice(success ? .accepted : .refused)
  }

  /// The stream and the market that a topic names.
  private func topic(
    _ place: JSONScanner.Place, _ scanner: JSONScanner
  ) throws(FeedDefect) -> (BybitTopic, market: Int) {
    guard let text = scanner.text(place) else { throw .unreadable(.topic) }
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { throw .unknownChannel }
    // A place as wide as that of a text, with the point for the closing quote.
    let name = JSONScanner.Place(start: place.start, end: place.start + UInt32(point) + 2)
    var rest = text[(point + 1)...]
    let topic: BybitTopic
    if scanner.isText(name, "publicTrade") {
      topic = .trades
    } else if scanner.isText(name, "tickers") {
      topic = .tickers
    } else {
      guard let next = rest.firstIndex(of: UInt8(ascii: ".")) else { throw .unknownChannel }
      let word = rest[..<next]
      rest = rest[(next + 1)...]
      if scanner.isText(name, "orderbook"), let depth = shortNumber(word) {
        topic = .book(depth: Int(depth))
      } else if scanner.isText(name, "kline"), let span = BarSpan(bybit: word) {
        topic = .bars(span)
      } else {
        throw .unknownChannel
      }
    }
    guard let market = table.place(of: UnsafeBufferPointer(rebasing: rest)) else {
      throw .unknownSymbol
    }
    return (topic, market)
  }

  /// Makes sure that a message's data is about the symbol of its topic.
  private func agree(
    _ symbol: JSONScanner.Place, _ market: Int, _ scanner: JSONScanner
  ) throws(FeedDefect) {
    guard scanner.says(symbol) else { throw .missing(.symbol) }
    guard let text = scanner.text(symbol), table.isSymbol(text, of: market) else {
      throw .contradictorySymbols
    }
  }
}

// MARK: - Books

extension FeedReader {
  private mutating func book(
    _ envelope: inout BybitEnvelope, _ data: inout JSONScanner, market: Int, depth: Int
  ) throws(FeedDefect) -> FeedNews {
    if !envelope.hasLevels { envelope.numbers = try levels(&data, market: market) }
    let numbers = envelope.numbers
    try agree(numbers.symbol, market, data)
    guard numbers.hasBids else { throw .missing(.bids) }
    guard numbers.hasAsks else { throw .missing(.asks) }
    let kind: BookMessageKind
    if data.isText(envelope.kind, "delta") {
      kind = .delta
    } else if data.isText(envelope.kind, "snapshot") {
      kind = .snapshot
    } else {
      throw envelope.kind.isPresent ? .unreadable(.kind) : .missing(.kind)
    }
    let sequence = BookSequence(
      try data.whole(numbers.update, .sequence),
      cross: numbers.cross.isPresent ? try data.whole(numbers.cross, .sequence) : nil)
    let made = try data.instant(envelope.made.isPresent ? envelope.made : envelope.sent)
    return .book(
      BookHeader(kind: kind, sequence: sequence, instant: made), of: ContractID(place: market),
      depth: depth)
  }

  private mutating func levels(
    _ scanner: inout JSONScanner, market: Int
  ) throws(FeedDefect) -> BybitNumbers {
    var numbers = BybitNumbers()
    var goesOn = try scanner.open(UInt8(ascii: "{"), .message)
    while goesOn {
      let name = try scanner.name()
      if scanner.isText(name, "b") {
        guard !numbers.hasBids else { throw .repeated(.bids) }
        numbers.hasBids = true
        try takeLevels(.bid, of: market, &scanner)
      } else if scanner.isText(name, "a") {
        guard !numbers.hasAsks else { throw .repeated(.asks) }
        numbers.hasAsks = true
        try takeLevels(.ask, of: market, &scanner)
      } else {
        let value = try scanner.value()
        if scanner.isText(name, "s") { numbers.symbol = value }
        if scanner.isText(name, "u") { numbers.update = value }
        if scanner.isText(name, "seq") { numbers.cross = value }
      }
      goesOn = try scanner.goesOn(until: UInt8(ascii: "}"))
    }
    return numbers
  }
}

// MARK: - Trades, tickers and bars

extension FeedReader {
  private mutating func trades(
    _ data: inout JSONScanner, market: Int
  ) throws(FeedDefect) -> FeedNews {
    var goesOnOutside = try data.open(UInt8(ascii: "["), .trades)
    var offBook = 0
    while goesOnOutside {
      guard events.count < Self.eventsMax else { throw .tooLong }
      var symbol = JSONScanner.Place()
      var instant = symbol
      var side = symbol
      var units = symbol
      var price = symbol
      var name = symbol
      var block = symbol
      var goesOn = try data.open(UInt8(ascii: "{"), .trades)
      while goesOn {
        let member = try data.name()
        let value = try data.value()
        if member.count == 3 {
          switch data.bytes[Int(member.start) &+ 1] {
          case UInt8(ascii: "T"): instant = value
          case UInt8(ascii: "s"): symbol = value
          case UInt8(ascii: "S"): side = value
          case UInt8(ascii: "v"): units = value
          case UInt8(ascii: "p"): price = value
          case UInt8(ascii: "i"): name = value
          default: break
          }
        } else if data.isText(member, "BT") {
          block = value
        }
        goesOn = try data.goesOn(until: UInt8(ascii: "}"))
      }
      try agree(symbol, market, data)
      if data.truth(block) == true {
        // Two parties agreed on it aside of the book.
        offBook += 1
      } else {
        let trade = Trade(
          instant: try data.instant(instant), price: try data.number(price, .price),
          units: try data.number(units, .quantity), taker: try taker(side, data),
          id: try identity(name, data))
        events.append(FeedEvent(.trade(trade), of: ContractID(place: market)))
      }
      goesOnOutside = try data.goesOn(until: UInt8(ascii: "]"))
    }
    counts.tradesOffBook += offBook
    return .events
  }

  private func taker(
    _ place: JSONScanner.Place, _ data: JSONScanner
  ) throws(FeedDefect) -> OrderSide {
    if data.isText(place, "Buy") { return .buy }
    if data.isText(place, "Sell") { return .sell }
    throw place.isPresent ? .unreadable(.taker) : .missing(.taker)
  }

  /// The number of a trade that has one, else 64 bits of its name by FNV-1a; zero without a name.
  private func identity(
    _ place: JSONScanner.Place, _ data: JSONScanner
  ) throws(FeedDefect) -> UInt64 {
    guard data.says(place) else { return 0 }
    guard let text = data.text(place) else { throw .unreadable(.name) }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var number: UInt64 = 0
    // Any number of nineteen digits fits.
    var isNumber = text.count <= 19
    for byte in text {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      isNumber = isNumber && byte &- 48 < 10
      number = number &* 10 &+ UInt64(byte &- 48)
    }
    return isNumber ? number : hash
  }

  private mutating func ticker(
    _ envelope: BybitEnvelope, _ data: inout JSONScanner, market: Int
  ) throws(FeedDefect) -> FeedNews {
    var symbol = JSONScanner.Place()
    var mark = symbol
    var index = symbol
    var rate = symbol
    var due = symbol
    var goesOn = try data.open(UInt8(ascii: "{"), .message)
    while goesOn {
      let name = try data.name()
      let value = try data.value()
      switch name.count {
      case 8 where data.isText(name, "symbol"): symbol = value
      case 11 where data.isText(name, "markPrice"): mark = value
      case 12 where data.isText(name, "indexPrice"): index = value
      case 13 where data.isText(name, "fundingRate"): rate = value
      case 17 where data.isText(name, "nextFundingTime"): due = value
      default: break
      }
      goesOn = try data.goesOn(until: UInt8(ascii: "}"))
    }
    try agree(symbol, market, data)
    let instant = try data.instant(envelope.sent)
    var known = data.isText(envelope.kind, "snapshot") ? BybitTicker() : tickers[market]
    if data.says(mark) { known.mark = try data.price(mark, .mark) }
    if data.says(index) { known.index = try data.price(index, .index) }
    if data.says(rate) { known.rate = try data.rate(rate, .fundingRate) }
    if data.says(due) { known.due = try data.instant(due, .nextFunding) }
    tickers[market] = known
    if data.says(mark) || data.says(index), let mark = known.mark {
      let reference = ReferencePrice(instant: instant, mark: mark, index: known.index)
      events.append(FeedEvent(.reference(reference), of: ContractID(place: market)))
    }
    if data.says(rate) || data.says(due), let rate = known.rate, let due = known.due {
      let announcement = FundingAnnouncement(instant: instant, rate: rate, due: due)
      events.append(FeedEvent(.announcement(announcement), of: ContractID(place: market)))
    }
    return .events
  }

  private mutating func bars(
    _ data: inout JSONScanner, _ span: BarSpan, market: Int
  ) throws(FeedDefect) -> FeedNews {
    var goesOnOutside = try data.open(UInt8(ascii: "["), .bars)
    while goesOnOutside {
      guard events.count < Self.eventsMax else { throw .tooLong }
      var start = JSONScanner.Place()
      var open = start
      var high = start
      var low = start
      var close = start
      var volume = start
      var turnover = start
      var confirm = start
      var goesOn = try data.open(UInt8(ascii: "{"), .bars)
      while goesOn {
        let name = try data.name()
        let value = try data.value()
        switch name.count {
        case 5 where data.isText(name, "low"): low = value
        case 6 where data.isText(name, "open"): open = value
        case 6 where data.isText(name, "high"): high = value
        case 7 where data.isText(name, "start"): start = value
        case 7 where data.isText(name, "close"): close = value
        case 8 where data.isText(name, "volume"): volume = value
        case 9 where data.isText(name, "confirm"): confirm = value
        case 10 where data.isText(name, "turnover"): turnover = value
        default: break
        }
        goesOn = try data.goesOn(until: UInt8(ascii: "}"))
      }
      guard let isClosed = data.truth(confirm) else {
        throw confirm.isPresent ? .unreadable(.isClosed) : .missing(.isClosed)
      }
      let bar = Bar(
        openTime: try data.instant(start, .start), open: try data.number(open, .open),
        high: try data.number(high, .high), low: try data.number(low, .low),
        close: try data.number(close, .close),
        volume: try data.number(volume, .volume, orZero: true),
        quoteVolume: data.says(turnover)
          ? try data.number(turnover, .turnover, orZero: true) : .nan,
        isClosed: isClosed)
      events.append(FeedEvent(.bar(bar, span: span), of: ContractID(place: market)))
      goesOnOutside = try data.goesOn(until: UInt8(ascii: "]"))
    }
    return .events
  }
}

extension BarSpan {
  /// The spans of an interval as Bybit names it, minutes or `D`; nil for weeks and months, which do
  /// not begin at multiples of their length.
  fileprivate init?(bybit text: Slice<UnsafeBufferPointer<UInt8>>) {
    if text.elementsEqual(CollectionOfOne(UInt8(ascii: "D"))) {
      self.init(.hours(24))
    } else if let minutes = shortNumber(text) {
      self.init(.minutes(minutes))
    } else {
      return nil
    }
  }
}

/// A number of one to four digits, not zero; nil for anything else.
func shortNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
  guard (1...4).contains(text.count) else { return nil }
  var number: Int64 = 0
  for byte in text {
    let digit = byte &- 48
    guard digit < 10 else { return nil }
    number = number * 10 + Int64(digit)
  }
  return number > 0 ? number : nil
}
