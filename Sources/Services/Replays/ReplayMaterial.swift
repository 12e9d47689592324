package import Essentials
package import Markets
import Storage

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

  /// Finds and reads the files that a request names. `progress` is told how many files are read, and of
  /// how many.
  package init(
    for request: ReplayRequest, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    guard !request.paths.isEmpty else { throw ReplayRefusal.noFiles(paths: []) }
    let folder = try SymbolFolder(paths: request.paths, barLength: request.barLength)
    let tables = try Self.chosen(folder.bars, request.symbols)
    let funding = Dictionary(folder.funding.map { ($0.symbol, $0.path) }) { first, _ in first }
    let marks = Dictionary(folder.mark.map { ($0.symbol, $0.path) }) { first, _ in first }
    var markets: [RecordedMarket] = []
    for (index, table) in tables.enumerated() {
      progress(index, tables.count)
      let market = try RecordedMarket(
        table.symbol, bars: table.path, funding: funding[table.symbol],
        marks: marks[table.symbol], for: request)
      if let first = markets.first, first.bars.series.span != market.bars.series.span {
        throw ReplayRefusal.differentSpans(
          symbol: market.symbol, span: market.bars.series.span.length, first: first.symbol,
          expected: first.bars.series.span.length)
      }
      markets.append(market)
    }
    progress(tables.count, tables.count)
    guard let reference = markets.first else { throw ReplayRefusal.noFiles(paths: request.paths) }
    span = reference.bars.series.span
    self.markets = markets
    fingerprint = Self.digest(of: markets)
    (start, from, to) = try Self.period(of: markets, request)
  }

  private static func chosen(
    _ tables: [SymbolTable], _ symbols: [String]
  ) throws(ReplayRefusal) -> [SymbolTable] {
    var bySymbol: [String: SymbolTable] = [:]
    for table in tables {
      if let first = bySymbol[table.symbol] {
        throw .repeatedSymbol(symbol: table.symbol, path: table.path, first: first.path)
      }
      bySymbol[table.symbol] = table
    }
    let known = bySymbol.keys.sorted()
    guard !symbols.isEmpty else { return known.compactMap { bySymbol[$0] } }
    if let unknown = symbols.first(where: { bySymbol[$0] == nil }) {
      throw .unknownSymbol(symbol: unknown, known: known)
    }
    return Set(symbols).sorted().compactMap { bySymbol[$0] }
  }

  private static func digest(of markets: [RecordedMarket]) -> Fingerprint {
    var digest = FingerprintDigest()
    digest.absorb("replayed data 1\n")
    for market in markets {
      digest.absorb(
        "\(market.symbol) \(market.bars.fingerprint) \(market.funding?.fingerprint ?? "-") "
          + "\(market.marks?.fingerprint ?? "-")\n")
    }
    return digest.finish()
  }

  private static func period(
    of markets: [RecordedMarket], _ request: ReplayRequest
  ) throws(ReplayRefusal) -> (start: Timestamp, from: Timestamp, to: Timestamp) {
    let series = markets.map(\.bars.series)
    // Every series has two bars at least.
    let openings = series.compactMap(\.openTimes.first)
    let endings = series.compactMap { series in
      series.openTimes.last.map {
        series.span.end(from: Timestamp(millisecondsSinceEpoch: $0)).millisecondsSinceEpoch
      }
    }
    let first = Timestamp(millisecondsSinceEpoch: openings.min() ?? 0)
    let last = Timestamp(millisecondsSinceEpoch: endings.max() ?? 0)
    let from = max(first, request.from ?? first + request.warmUp)
    let to = min(last, request.to ?? last)
    guard from < to else { throw .emptyPeriod(from: from, to: to, first: first, last: last) }
    return (max(first, from - request.warmUp), from, to)
  }

  /// The bars of a market that are told: those that begin at ``start`` or later and end by ``to``.
  package func bars(of market: RecordedMarket) -> Range<Int> {
    let series = market.bars.series
    let low = series.place(notBefore: start)
    let high = series.place(notBefore: to - span.length + TimeSpan(milliseconds: 1))
    return low..<max(low, high)
  }
}
