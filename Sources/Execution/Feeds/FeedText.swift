package import Essentials
package import Markets

/// Writes messages as Bybit's public streams send them: what `FeedReader` reads.
///
/// A venue in this process tells of its markets by it, so whoever trades there is fed as by the venue
/// itself. Numbers have the fewest digits that read back to the same double, without exponents. The
/// buffer is used again; a message is written without allocating but for its numbers.
package struct FeedText: Sendable {
  /// The last message.
  package private(set) var bytes: ContiguousArray<UInt8> = []

  package init() {
    bytes.reserveCapacity(1 << 10)
  }

  /// Writes a sight of a bar, as of the stream `kline.{interval}.{symbol}`.
  ///
  /// The span must be one of Bybit's: minutes, or a day. A turnover that is missing is left empty.
  package mutating func bar(_ bar: Bar, span: BarSpan, of symbol: String, at instant: Timestamp) {
    begin("kline.", Self.interval(of: span), symbol, "snapshot", at: instant)
    write(#"[{"start":"#)
    write(bar.openTime)
    write(#","end":"#)
    write(span.end(from: bar.openTime) - TimeSpan(milliseconds: 1))
    write(#","interval":""#)
    bytes.append(contentsOf: Self.interval(of: span).utf8)
    write(#"","open":""#)
    write(bar.open)
    write(#"","close":""#)
    write(bar.close)
    write(#"","high":""#)
    write(bar.high)
    write(#"","low":""#)
    write(bar.low)
    write(#"","volume":""#)
    write(bar.volume)
    write(#"","turnover":""#)
    if bar.quoteVolume.isFinite { write(bar.quoteVolume) }
    write(bar.isClosed ? #"","confirm":true,"timestamp":"# : #"","confirm":false,"timestamp":"#)
    write(instant)
    write("}]}")
  }

  /// Writes what changed of a ticker, as of the stream `tickers.{symbol}`.
  package mutating func reference(_ reference: ReferencePrice, of symbol: String) {
    beginTicker(symbol, at: reference.instant)
    write(#","markPrice":""#)
    bytes.append(contentsOf: reference.mark.description.utf8)
    if let index = reference.index {
      write(#"","indexPrice":""#)
      bytes.append(contentsOf: index.description.utf8)
    }
    write(#""}}"#)
  }

  /// Writes at which rate funding will be paid next, as of the stream `tickers.{symbol}`.
  package mutating func announcement(_ announcement: FundingAnnouncement, of symbol: String) {
    beginTicker(symbol, at: announcement.instant)
    write(#","fundingRate":""#)
    bytes.append(contentsOf: announcement.rate.description.utf8)
    write(#"","nextFundingTime":""#)
    write(announcement.due)
    write(#""}}"#)
  }

  /// Whether the venue streams bars of a length.
  package static func canTell(of span: BarSpan) -> Bool {
    let minutes = span.length.milliseconds / 60_000
    return span.length == .minutes(minutes)
      && [1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1440].contains(minutes)
  }

  /// The interval of bars as Bybit names it.
  package static func interval(of span: BarSpan) -> String {
    let minutes = span.length.milliseconds / 60_000
    return minutes == 1440 ? "D" : String(minutes)
  }

  // MARK: - Parts

  private mutating func begin(
    _ topic: StaticString, _ interval: String?, _ symbol: String, _ kind: StaticString,
    at instant: Timestamp
  ) {
    bytes.removeAll(keepingCapacity: true)
    write(#"{"topic":""#)
    write(topic)
    if let interval {
      bytes.append(contentsOf: interval.utf8)
      write(".")
    }
    bytes.append(contentsOf: symbol.utf8)
    write(#"","type":""#)
    write(kind)
    write(#"","ts":"#)
    write(instant)
    write(#","data":"#)
  }

  private mutating func beginTicker(_ symbol: String, at instant: Timestamp) {
    begin("tickers.", nil, symbol, "delta", at: instant)
    write(#"{"symbol":""#)
    bytes.append(contentsOf: symbol.utf8)
    write(#"""#)
  }

  private mutating func write(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func write(_ instant: Timestamp) {
    bytes.append(contentsOf: String(instant.millisecondsSinceEpoch).utf8)
  }

  private mutating func write(_ number: Double) {
    bytes.append(contentsOf: plainDecimalText(number).utf8)
  }
}

/// Writes a finite double with the fewest digits that read back to it, and without an exponent.
func plainDecimalText(_ number: Double) -> String {
  let text = number.description
  guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
  else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
  let sign = text.hasPrefix("-") ? "-" : ""
  let mantissa = text[..<mark].drop { $0 == "-" }
  let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
  let digits = parts.joined()
  // Where the point stands among the digits once it is moved.
  let point = (parts.first?.count ?? 0) + exponent
  if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
  guard point < digits.count else {
    return sign + digits + String(repeating: "0", count: point - digits.count)
  }
  return sign + digits.prefix(point) + "." + digits.dropFirst(point)
}
