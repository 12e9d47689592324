import Backtesting
package import Essentials
import Execution
import Markets
import Storage

/// Trades one period twice, as a replay and as a dry-run, and compares what was ordered and why.
///
/// The replay reads what was recorded. The dry-run is fed by bytes: the recordings, those of feeds among
/// them, are told as the venue's streams tell them (``RecordedBroadcast``), every message is written down as it comes, read, brought
/// in order and traded (``DryRun``). In the middle the dry-run is lost with all that it knew; another one
/// is told the messages that were written down, then the last ``overlap`` of them once more, as a venue
/// does after a connection was lost, and goes on from there.
///
/// Two runs are alike if every order, cancellation, fill and decision with its diagnostic fields is the
/// same to the bit, in the same order.
package struct ParityCheck: Sendable {
  package let desk: ReplayDesk
  /// A folder of its own in which messages are written down.
  package let folder: String

  /// Messages that are told twice where the connection was lost.
  package static let overlap = 64
  /// Events, or messages, between two reports of progress.
  private static let slice = 8192

  /// A check of what a desk would replay.
  package init(_ desk: ReplayDesk, folder: String) {
    self.desk = desk
    self.folder = folder
  }

  /// What is being done.
  package enum Step: String, Hashable, Sendable {
    case replaying
    /// Until the dry-run is lost.
    case dryRunning
    case rebuilding
    case goingOn
  }

  /// Runs both and compares; `progress` is told of the step, and how much of it is done.
  package func run<Player: ExplainingTrader>(
    _ trader: Player, progress: (Step, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws -> ParityReport {
    let replayed = try replay(trader, progress)
    let dry = try dryRun(trader, progress)
    return ParityReport(desk.terms, replayed: replayed, dry: dry)
  }

  // MARK: - The two runs

  private var settings: ReplaySettings {
    ReplaySettings(
      from: desk.material.from, to: desk.material.to, equityInterval: desk.terms.span,
      keepsOrders: true)
  }

  private func replay<Player: ExplainingTrader>(
    _ trader: Player, _ progress: (Step, Int, Int) -> Void
  ) throws -> ParityRun {
    var replay = Replay(
      try desk.session(trader), recordings: desk.material.markets.map(desk.recording),
      settings: settings)
    var decisions = DecisionLog()
    var isLeft = true
    while isLeft {
      isLeft = replay.advance(events: Self.slice)
      decisions.take(replay.session.trader.takeExplanations())
      progress(.replaying, replay.events, replay.total)
    }
    return ParityRun(
      replay.ledger.orders, decisions, events: replay.events, trader: replay.session.trader)
  }

  private func freshDryRun<Player: ExplainingTrader>(_ trader: Player) throws -> DryRun<Player> {
    let markets = try desk.contracts.map { contract in
      guard let market = FeedMarket(contract.rules) else {
        throw ParityRefusal.noTick(symbol: contract.symbol)
      }
      return market
    }
    let hasFeed = desk.material.markets.contains { $0.feed != nil }
    // Where no book is streamed, none needs room.
    return DryRun(
      try desk.session(trader),
      feed: MarketFeed(streams, markets: markets, width: hasFeed ? 1 << 15 : 64),
      span: desk.material.span, bars: hasFeed ? .trades : .streams, settings: settings)
  }

  /// Whose streams tell of the markets.
  private var streams: BookProtocol {
    desk.material.markets.lazy.compactMap { $0.feed?.head.protocol }.first
      ?? (desk.material.venue == .bybit ? .bybit : .binanceFutures)
  }

  private func broadcast() throws -> RecordedBroadcast {
    let recordings = desk.material.markets.map { market in
      // What is made of trades is not told: whoever listens makes it, too.
      let bars = desk.material.bars(of: market).clamped(to: 0..<market.recordedBars)
      let told = desk.recording(of: market, bars: bars)
      return RecordedBroadcast.Recording(
        symbol: market.symbol, bars: told.bars ?? BarSeries(desk.material.span),
        marks: Array(told.marks), funding: Array(told.funding), trades: told.trades,
        books: told.books.flatMap { books in
          FeedMarket(market.contract.rules).map { (books, $0) }
        })
    }
    guard
      FeedText.canTell(of: desk.material.span, by: streams)
        || recordings.allSatisfy({ $0.bars.isEmpty }),
      let broadcast = RecordedBroadcast(recordings, by: streams)
    else { throw ParityRefusal.noStream(span: desk.material.span.length) }
    return broadcast
  }

  private func dryRun<Player: ExplainingTrader>(
    _ trader: Player, _ progress: (Step, Int, Int) -> Void
  ) throws -> DryParityRun {
    var broadcast = try broadcast()
    let middle =
      desk.material.from
      + TimeSpan(
        milliseconds: (desk.material.to - desk.material.from).milliseconds / 2)
    let total = desk.material.markets.reduce(0) { sum, market in
      let bars = desk.material.bars(of: market).clamped(to: 0..<market.recordedBars).count
      return sum + 3 * bars + (market.feed?.recording.count ?? 0)
    }
    let path = "\(folder)/messages.jsonl.zst"
    let recorder = try MessageRecorder(path: path)
    defer { try? WholeFile.remove(path) }
    var heard = 0
    func tell(
      _ run: inout DryRun<Player>, _ decisions: inout DecisionLog, _ step: Step,
      until end: Timestamp?, _ write: (Span<UInt8>, Timestamp) -> Void
    ) {
      var isBefore = true
      while isBefore,
        broadcast.advance({ message, arrived in
          write(message, arrived)
          run.receive(message, arrived: arrived)
          if let end, arrived >= end { isBefore = false }
        })
      {
        heard += 1
        if heard % Self.slice == 0 {
          decisions.take(run.session.trader.takeExplanations())
          progress(step, heard, max(total, heard))
        }
      }
    }
    var lost = try freshDryRun(trader)
    var lostDecisions = DecisionLog()
    var failure: FileFailure?
    tell(&lost, &lostDecisions, .dryRunning, until: middle) { message, arrived in
      guard failure == nil else { return }
      do throws(FileFailure) {
        try recorder.append(
          message, arrivedNanoseconds: arrived.millisecondsSinceEpoch * 1_000_000)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    try recorder.finish()
    lostDecisions.take(lost.session.trader.takeExplanations())

    var run = try freshDryRun(trader)
    var decisions = DecisionLog()
    var counts = ParityCounts()
    counts.recorded = recorder.count
    counts.again = try rebuild(&run, &decisions, from: path, recorder.count, progress)
    let before = Prefix(orders: lost.ledger.orders, decisions: lostDecisions)
    let isRebuilt = before == Prefix(orders: run.ledger.orders, decisions: decisions)
    tell(&run, &decisions, .goingOn, until: nil) { _, _ in }
    run.finish()
    decisions.take(run.session.trader.takeExplanations())
    counts.take(run.feed, contracts: desk.material.markets.count, span: desk.material.span)
    counts.late = run.late
    counts.impatient = run.impatient
    counts.messages = broadcast.messages
    return DryParityRun(
      run: ParityRun(
        run.ledger.orders, decisions, events: run.events, trader: run.session.trader),
      lostAt: lost.now ?? desk.material.start, ordersBefore: lost.ledger.orders.count,
      isRebuilt: isRebuilt, counts: counts)
  }

  /// What a dry-run had done at some point.
  private struct Prefix: Hashable {
    let orders: Fingerprint
    let decisions: Fingerprint

    init(orders: OrderLog, decisions: DecisionLog) {
      self.orders = orders.fingerprint
      self.decisions = decisions.fingerprint
    }
  }

  /// Tells a dry-run the messages that were written down, then the last of them once more; returns how
  /// many those were.
  private func rebuild<Player: ExplainingTrader>(
    _ run: inout DryRun<Player>, _ decisions: inout DecisionLog, from path: String, _ total: Int,
    _ progress: (Step, Int, Int) -> Void
  ) throws -> Int {
    let lines = try LineFile(path: path)
    var told = 0
    var last: [(arrived: Timestamp, bytes: [UInt8])] = []
    try lines.visit { line in
      guard let message = RecordedMessage(line), let arrived = message.arrived else { return true }
      let bytes = line.extracting(message.start..<line.count)
      let outcome = run.receive(bytes, arrived: arrived)
      told += 1
      // Who subscribes anew gets a new snapshot, never one that came before.
      let isSnapshot =
        if case .book(let header, _, _) = outcome { header.kind == .snapshot } else { false }
      guard !isSnapshot else {
        last.removeAll()
        return true
      }
      if told > total - Self.overlap {
        last.append((arrived, bytes.withUnsafeBufferPointer(Array.init)))
      }
      if told % Self.slice == 0 {
        decisions.take(run.session.trader.takeExplanations())
        progress(.rebuilding, told, total)
      }
      return true
    }
    decisions.take(run.session.trader.takeExplanations())
    for message in last { run.receive(message.bytes.span, arrived: message.arrived) }
    return last.count
  }
}

/// Why a period cannot be told as a stream.
package enum ParityRefusal: ExplainedFailure, Hashable {
  case noTick(symbol: String)
  case noStream(span: TimeSpan)

  package var key: String {
    switch self {
    case .noTick: "no_tick"
    case .noStream: "no_stream"
    }
  }

  package var explanation: String {
    switch self {
    case .noTick(let symbol): "Nothing says in which steps the prices of \(symbol) are."
    case .noStream(let span): "No stream tells of bars of \(span)."
    }
  }

  package var remedy: String {
    switch self {
    case .noTick: "Give the venue's answer about its contracts with --contracts."
    case .noStream: "Use bars of whole minutes, up to a day."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
