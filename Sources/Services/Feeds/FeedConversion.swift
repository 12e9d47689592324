package import Essentials
package import Execution
package import Markets
import Storage

/// Turns a recording of a venue's messages into a ``FeedFile`` that is read without parsing JSON.
///
/// A line of the recording is a message as it came, behind the recorder's nanoseconds and a space where
/// it wrote them. Kept are the books' messages, the trades, the mark prices and the payments of
/// funding; the best prices of a book follow from it, and bars are made by others. The books are
/// followed on the way, so what is wrong with the recording is known before anybody replays it.
package struct FeedConversion: Sendable {
  package let source: String
  package let target: String
  package let `protocol`: BookProtocol
  package let market: FeedMarket

  package init(
    from source: String, to target: String, protocol: BookProtocol, market: FeedMarket
  ) {
    self.source = source
    self.target = target
    self.protocol = `protocol`
    self.market = market
  }

  /// Lines between two reports of progress.
  private static let interval = 8192

  /// Reads the recording and writes the file; nothing is left behind by a failure.
  ///
  /// `progress` is told of bytes of the recording, as they lie on disk.
  package func run(
    progress: ((_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> FeedConversionReport {
    guard
      let head = FeedFileHead(
        symbol: market.symbol, protocol: `protocol`, tick: market.tick, lot: market.lot)
    else { throw FeedConversionFailure.symbolTooLong(market.symbol) }
    let lines = try LineFile(path: source)
    let writer = try FeedFileWriter(path: target, head: head)
    var state = FeedConversionState(MarketFeed(`protocol`, markets: [market]))
    var failure: FeedFileFailure?
    try lines.visit { line in
      state.lines += 1
      if state.lines % Self.interval == 0 {
        progress?(lines.file.bytesConsumed, lines.file.byteCount)
      }
      do throws(FeedFileFailure) {
        try state.take(line, writer)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    guard writer.counts.records > 0 else {
      throw FeedConversionFailure.nothingToKeep(
        source: source, symbol: market.symbol, first: state.firstDefect)
    }
    let digest = try lines.file.fingerprint()
    let fingerprint = try writer.finish(source: digest)
    return FeedConversionReport(
      conversion: self, sourceBytes: lines.file.byteCount, sourceFingerprint: digest,
      fingerprint: fingerprint, kept: writer.counts, state: state)
  }
}

/// What a conversion has seen.
struct FeedConversionState {
  var feed: MarketFeed
  var lines = 0
  /// Lines that hold no message.
  var strayLines = 0
  /// The first refused message: the line that it stands in, and why.
  var firstDefect: FeedConversionDefect?
  /// Bars that were told once they were closed, and left out.
  var bars = 0
  private let none: ContiguousArray<BookLevel> = []

  init(_ feed: MarketFeed) {
    self.feed = feed
  }

  mutating func take(
    _ line: Span<UInt8>, _ writer: FeedFileWriter
  ) throws(FeedFileFailure) {
    guard let message = RecordedMessage(line) else {
      strayLines += 1
      return
    }
    let outcome = feed.receive(
      line.extracting(message.start..<line.count), arrived: message.arrived)
    switch outcome {
    case .book(let header, _, _):
      try writer.append(
        FeedRecord(.book(header), arrivedNanoseconds: message.arrivedNanoseconds),
        bids: feed.reader.bids.span, asks: feed.reader.asks.span)
    case .refused(let defect):
      firstDefect = firstDefect ?? FeedConversionDefect(line: lines, defect: defect)
    case .events, .notice, .skipped: break
    }
    for (_, event) in feed.events {
      let content: FeedRecord.Content
      switch event {
      case .trade(let trade): content = .trade(trade)
      case .mark(let reference): content = .mark(reference)
      case .funding(let payment): content = .funding(payment)
      case .bar:
        bars += 1
        continue
      }
      try writer.append(FeedRecord(content, arrivedNanoseconds: message.arrivedNanoseconds))
    }
  }
}

/// A message that a conversion refused.
package struct FeedConversionDefect: Hashable, Sendable {
  /// The line of the recording, counted from 1.
  package let line: Int
  package let defect: FeedDefect
}

/// Why a recording was not converted.
package enum FeedConversionFailure: ExplainedFailure, Hashable {
  case symbolTooLong(String)
  case nothingToKeep(source: String, symbol: String, first: FeedConversionDefect?)

  package var key: String {
    switch self {
    case .symbolTooLong: "symbol_too_long"
    case .nothingToKeep: "nothing_to_keep"
    }
  }

  package var explanation: String {
    switch self {
    case .symbolTooLong(let symbol):
      "The symbol \(symbol) is longer than \(FeedFileHead.symbolBytesMax) bytes."
    case .nothingToKeep(let source, let symbol, let first):
      "\(source) holds no message of a book, trade, mark or funding of \(symbol)"
        + (first.map { "; line \($0.line) was refused: \($0.defect)." } ?? ".")
    }
  }

  package var remedy: String {
    switch self {
    case .symbolTooLong: "Give the symbol as the venue writes it."
    case .nothingToKeep: "Check --venue, --symbol, --tick and --lot."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
