package import Essentials

/// A book that follows a venue's stream and knows whether it still can be believed.
///
/// 1. The book changes only by messages that follow each other by the venue's protocol.
/// 2. While the state is ``BookState/synchronized`` the sides do not cross.
/// 3. A message with an impossible level changes nothing.
/// 4. Once broken, the book stays as it was until a snapshot is applied, and one is asked for once.
///
///                      snapshot                      gap, crossing, impossible level
///     awaitingSnapshot ────────▶ synchronized ────────────────────────────▶ broken
///                                     ▲                   snapshot             │
///                                     └────────────────────────────────────────┘
///
/// Binance sends changes while the snapshot is fetched, so those are kept, at most
/// ``maximumKeptLevels`` levels of them; beyond that the oldest are useless and all are dropped.
/// Sources: Bybit v5 "Orderbook" stream; Binance "How to manage a local order book correctly" for
/// spot and for futures.
package struct SynchronizedBook: Sendable {
  package let `protocol`: BookProtocol
  /// The levels. They are the venue's only while ``state`` says so.
  package private(set) var book: OrderBook
  package private(set) var state: BookState = .awaitingSnapshot
  package private(set) var counts = BookCounts()
  /// The last change in the book; nil before the first snapshot.
  package private(set) var lastChange: Int64?
  /// When the book's last message was made, by the venue's clock.
  package private(set) var instant: Timestamp?

  /// The levels that are kept at most while a snapshot is fetched: some seconds of a busy stream.
  package static let maximumKeptLevels = 1 << 18

  private var lastCross: Int64?
  /// Whether the next change must still be joined to a snapshot that came from elsewhere.
  private var isJoining = false
  private var kept: [KeptMessage] = []
  private var keptLevels: ContiguousArray<BookLevel> = []

  private struct KeptMessage: Sendable {
    let header: BookHeader
    let bids: Range<Int>
    let asks: Range<Int>
  }

  /// A book that awaits its first snapshot; `width` is as in ``OrderBook/init(width:)``.
  package init(_ protocol: BookProtocol, width: Int = 1 << 15) {
    self.protocol = `protocol`
    book = OrderBook(width: width)
  }

  /// Takes in a message and says what to do.
  ///
  /// The spans are read before the call returns and need not outlive it. A snapshot's levels replace
  /// the book, a delta's are set in it. Nothing is allocated for a delta that is applied.
  package mutating func receive(
    _ header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) -> BookDirective {
    if let level = Self.impossibleLevel(in: bids) ?? Self.impossibleLevel(in: asks) {
      counts.impossible += 1
      // Who sent such a snapshot was asked for one, and must be asked again.
      if header.kind == .snapshot { state = .awaitingSnapshot }
      return fail(.impossibleLevel(level))
    }
    switch header.kind {
    case .snapshot:
      return take(snapshot: header, bids: bids, asks: asks)
    case .delta where `protocol` == .bybit && header.sequence.last == 1:
      // The service restarted; whatever the message calls itself, it is the whole book.
      return take(snapshot: header, bids: bids, asks: asks)
    case .delta:
      guard case .synchronized = state else { return wait(with: header, bids: bids, asks: asks) }
      return follow(header, bids: bids, asks: asks)
    }
  }

  /// Forgets the stream, as after a lost connection: the book awaits a snapshot again.
  package mutating func disconnect() {
    state = .awaitingSnapshot
    lastChange = nil
    lastCross = nil
    isJoining = false
    dropKept()
  }
}

// MARK: - Messages

extension SynchronizedBook {
  private mutating func take(
    snapshot header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) -> BookDirective {
    if case .synchronized = state, let lastChange, !isJoining,
      isKnown(snapshot: header.sequence.last, after: lastChange)
    {
      counts.repeated += 1
      return .skipped
    }
    book.removeAll()
    book.set(bids: bids, asks: asks)
    counts.applied += 1
    counts.snapshots += 1
    lastChange = header.sequence.last
    lastCross = header.sequence.cross
    instant = header.instant
    isJoining = `protocol`.joinsSnapshot
    state = .synchronized
    if let failure = crossing() { return fail(failure) }
    return replayKept()
  }

  private mutating func follow(
    _ header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) -> BookDirective {
    guard let lastChange else {
      preconditionFailure("a synchronized book has no last change")
    }
    let sequence = header.sequence
    if isNoNews(sequence, after: lastChange) {
      counts.repeated += 1
      return .skipped
    }
    if let failure = discontinuity(sequence, after: lastChange) {
      if case .snapshotTooOld = failure {
        counts.staleSnapshots += 1
      } else {
        counts.gaps += 1
      }
      let directive = fail(failure)
      // What came is the beginning of what the next snapshot must be joined to.
      if `protocol`.joinsSnapshot { keep(header, bids: bids, asks: asks) }
      return directive
    }
    book.set(bids: bids, asks: asks)
    counts.applied += 1
    self.lastChange = sequence.last
    lastCross = sequence.cross ?? lastCross
    instant = header.instant
    isJoining = false
    if let failure = crossing() { return fail(failure) }
    return .applied
  }

  /// A change that comes while there is no book to apply it to.
  private mutating func wait(
    with header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) -> BookDirective {
    guard `protocol`.joinsSnapshot else {
      counts.early += 1
      return .skipped
    }
    if let last = kept.last, !continues(header.sequence, after: last.header.sequence.last) {
      // The kept changes have a hole; only what follows it can be joined.
      counts.gaps += 1
      counts.early += kept.count
      dropKept()
    }
    if keptLevels.count + bids.count + asks.count > Self.maximumKeptLevels {
      counts.early += kept.count + 1
      let number = kept.count
      dropKept()
      state = .broken(.tooManyBeforeSnapshot(kept: number))
      return .requestSnapshot(.tooManyBeforeSnapshot(kept: number))
    }
    let isFirst = kept.isEmpty && state == .awaitingSnapshot
    keep(header, bids: bids, asks: asks)
    return isFirst ? .requestSnapshot(nil) : .skipped
  }

  /// Applies the kept changes to a snapshot that has just been taken.
  private mutating func replayKept() -> BookDirective {
    guard !kept.isEmpty else { return .applied }
    let messages = kept
    let levels = keptLevels
    dropKept()
    var outcome = BookDirective.applied
    for message in messages {
      let bids = levels.span.extracting(message.bids)
      let asks = levels.span.extracting(message.asks)
      if case .synchronized = state {
        let directive = follow(message.header, bids: bids, asks: asks)
        if case .requestSnapshot = directive { outcome = directive }
      } else {
        _ = wait(with: message.header, bids: bids, asks: asks)
      }
    }
    return outcome
  }

  private mutating func keep(
    _ header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) {
    let start = keptLevels.count
    for place in 0..<bids.count { keptLevels.append(bids[place]) }
    let middle = keptLevels.count
    for place in 0..<asks.count { keptLevels.append(asks[place]) }
    kept.append(
      KeptMessage(header: header, bids: start..<middle, asks: middle..<keptLevels.count))
  }

  private mutating func dropKept() {
    kept.removeAll()
    keptLevels.removeAll()
  }

  private mutating func fail(_ failure: BookBreak) -> BookDirective {
    if case .broken = state { return .skipped }
    if case .crossed = failure { counts.crossings += 1 }
    state = .broken(failure)
    return .requestSnapshot(failure)
  }
}

// MARK: - The order of messages

extension SynchronizedBook {
  /// Whether a snapshot tells a synchronized book nothing: Bybit repeats one after three quiet
  /// seconds, and one that was fetched elsewhere may be behind the stream.
  private func isKnown(snapshot number: Int64, after lastChange: Int64) -> Bool {
    `protocol` == .bybit
      ? number == lastChange && number != 1 : number <= lastChange
  }

  /// Whether the book has all changes of a message already.
  private func isNoNews(_ sequence: BookSequence, after lastChange: Int64) -> Bool {
    switch `protocol` {
    case .bybit, .binanceSpot: sequence.last <= lastChange
    // The futures' first message after a snapshot may end with the very change the snapshot ends with.
    case .binanceFutures: isJoining ? sequence.last < lastChange : sequence.last <= lastChange
    }
  }

  /// Why a message cannot be applied to the book, nil where it can.
  private func discontinuity(_ sequence: BookSequence, after lastChange: Int64) -> BookBreak? {
    if isJoining {
      let isJoined =
        switch `protocol` {
        case .bybit: true
        case .binanceSpot: sequence.first <= lastChange + 1
        // Numbers of other symbols may lie between a message and the one before it.
        case .binanceFutures: min(sequence.first, sequence.previous ?? .max) <= lastChange
        }
      return isJoined
        ? nil : .snapshotTooOld(snapshot: lastChange, firstChange: sequence.first)
    }
    guard continues(sequence, after: lastChange) else {
      return .sequenceGap(
        expected: `protocol` == .binanceFutures ? lastChange : lastChange + 1,
        received: `protocol` == .binanceFutures
          ? sequence.previous ?? sequence.first : sequence.first)
    }
    if let last = lastCross, let cross = sequence.cross, cross < last {
      return .crossSequenceBackward(last: last, received: cross)
    }
    return nil
  }

  private func continues(_ sequence: BookSequence, after lastChange: Int64) -> Bool {
    switch `protocol` {
    case .bybit: sequence.last == lastChange + 1
    case .binanceSpot: sequence.first == lastChange + 1
    case .binanceFutures: sequence.previous == lastChange
    }
  }

  private func crossing() -> BookBreak? {
    guard book.isCrossed, let bid = book.bestBid, let ask = book.bestAsk else { return nil }
    return .crossed(bid: bid.ticks, ask: ask.ticks)
  }

  private static func impossibleLevel(in levels: Span<BookLevel>) -> BookLevel? {
    for place in 0..<levels.count where !levels[place].isPossible { return levels[place] }
    return nil
  }
}
