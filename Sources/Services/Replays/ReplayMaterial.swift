import Backtesting
package import Essentials
package import Markets
import Storage
import Worlds

/// Everything that a replay is told: the recorded markets, and which part of them is traded.
package struct ReplayMaterial: Sendable {
  /// By symbol; contracts have their places in this order.
  package let markets: [RecordedMarket]
  /// The digest of all files, whatever they are called.
  package let fingerprint: Fingerprint
  /// The length of the bars, the same for all.
  package let span: BarSpan
  /// The first instant that the models are told of.
  package let start: Timestamp
  /// When trading begins.
  package let from: Timestamp
  /// When it ends.
  package let to: Timestamp

  /// Whose rules and fees hold.
  package let venue: Venue
  package let fees: FeeSchedule

  /// Finds and reads the files that a request names. `progress` is told how many contracts are read, and
  /// of how many.
  package init(
    for request: ReplayRequest, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let feeds = try RecordedFeed.found(in: request.feeds)
    guard !request.paths.isEmpty || !feeds.isEmpty else { throw ReplayRefusal.noFiles(paths: []) }
    let venue = request.venue ?? feeds.first?.venue ?? .bybit
    let standard = FeeSchedule.standard(venue)
    let fees = FeeSchedule(
      maker: request.makerFee ?? standard.maker, taker: request.takerFee ?? standard.taker)
    let files = try Self.files(for: request, feeds, progress)
    let span = try Self.span(of: files, request)
    let made =
      feeds.isEmpty
      ? nil
      : ReplayTimeline.listenedBars(
        of: files.map { $0.feed?.recording ?? ContractRecording() }, span: span)
    markets = try files.enumerated().map { place, files in
      try RecordedMarket(files, made: made?[place], venue: venue, fees: fees, for: request)
    }
    self.span = span
    self.venue = venue
    self.fees = fees
    fingerprint = Self.digest(of: markets)
    (start, from, to) = try Self.period(of: markets, span, request)
  }

  /// Reads the files of the contracts that are replayed: those with a feed where there are feeds.
  private static func files(
    for request: ReplayRequest, _ feeds: [RecordedFeed], _ progress: (Int, Int) -> Void
  ) throws -> [MarketFiles] {
    let folder =
      request.paths.isEmpty
      ? nil : try SymbolFolder(paths: request.paths, barLength: request.barLength)
    let bars = try bySymbol(folder?.bars ?? [])
    let symbols = try chosen(
      feeds.isEmpty ? bars.keys.sorted() : feeds.map(\.symbol), request.symbols)
    let funding = Dictionary((folder?.funding ?? []).map { ($0.symbol, $0.path) }) { first, _ in
      first
    }
    let marks = Dictionary((folder?.mark ?? []).map { ($0.symbol, $0.path) }) { first, _ in first }
    var files: [MarketFiles] = []
    for (index, symbol) in symbols.enumerated() {
      progress(index, symbols.count)
      files.append(
        try MarketFiles(
          symbol, bars: bars[symbol], funding: funding[symbol], marks: marks[symbol],
          feed: feeds.first { $0.symbol == symbol }))
    }
    progress(symbols.count, symbols.count)
    return files
  }

  /// The length of the bars: that of the files, which must be the same for all, else the one that is
  /// asked for.
  private static func span(
    of files: [MarketFiles], _ request: ReplayRequest
  ) throws(ReplayRefusal) -> BarSpan {
    guard let first = files.first(where: { $0.history != nil }), let known = first.history else {
      guard let text = request.barLength else { return .minute }
      let plain = text.hasSuffix("min") ? String(text.dropLast(2)) : text
      guard let span = TimeSpan(policy: plain).flatMap(BarSpan.init) else {
        throw .unknownBarLength(text)
      }
      return span
    }
    for file in files {
      guard let history = file.history, history.series.span != known.series.span else { continue }
      throw .differentSpans(
        symbol: file.symbol, span: history.series.span.length, first: first.symbol,
        expected: known.series.span.length)
    }
    return known.series.span
  }

  private static func bySymbol(
    _ tables: [SymbolTable]
  ) throws(ReplayRefusal) -> [String: String] {
    var bySymbol: [String: String] = [:]
    for table in tables {
      if let first = bySymbol[table.symbol] {
        throw .repeatedSymbol(symbol: table.symbol, path: table.path, first: first)
      }
      bySymbol[table.symbol] = table.path
    }
    return bySymbol
  }

  private static func chosen(
    _ known: [String], _ symbols: [String]
  ) throws(ReplayRefusal) -> [String] {
    guard !symbols.isEmpty else { return known }
    if let unknown = symbols.first(where: { !known.contains($0) }) {
      throw .unknownSymbol(symbol: unknown, known: known)
    }
    return Set(symbols).sorted()
  }

  private static func digest(of markets: [RecordedMarket]) -> Fingerprint {
    var digest = FingerprintDigest()
    digest.absorb("replayed data 1\n")
    for market in markets {
      digest.absorb(
        "\(market.symbol) \(market.history?.fingerprint ?? "-") "
          + "\(market.funding?.fingerprint ?? "-") \(market.marks?.fingerprint ?? "-")\n")
      if let feed = market.feed { digest.absorb("feed \(feed.fingerprint)\n") }
    }
    return digest.finish()
  }

  /// Feeds are told from their beginning, for their books begin with a snapshot, and trading begins with
  /// them and ends with them where nothing else is asked for.
  private static func period(
    of markets: [RecordedMarket], _ span: BarSpan, _ request: ReplayRequest
  ) throws(ReplayRefusal) -> (start: Timestamp, from: Timestamp, to: Timestamp) {
    let series = markets.map(\.series)
    let openings = series.compactMap(\.openTimes.first).map(
      Timestamp.init(millisecondsSinceEpoch:))
    let endings = series.compactMap { series in
      series.openTimes.last.map { span.end(from: Timestamp(millisecondsSinceEpoch: $0)) }
    }
    let feeds = markets.compactMap(\.feed)
    let opening = feeds.map(\.first).min()
    let first = (openings + feeds.map(\.first)).min() ?? Timestamp(millisecondsSinceEpoch: 0)
    let last = feeds.map(\.last).max() ?? endings.max() ?? first
    let from = max(first, request.from ?? opening ?? first + request.warmUp)
    let to = min(last, request.to ?? last)
    guard from < to else { throw .emptyPeriod(from: from, to: to, first: first, last: last) }
    let start = from - request.warmUp
    return (max(first, opening.map { min($0, start) } ?? start), from, to)
  }

  /// The bars of a market that are told: those that begin at ``start`` or later and end by ``to``.
  package func bars(of market: RecordedMarket) -> Range<Int> {
    let series = market.series
    let low = series.place(notBefore: start)
    let high = series.place(notBefore: to - span.length + TimeSpan(milliseconds: 1))
    return low..<max(low, high)
  }
}
