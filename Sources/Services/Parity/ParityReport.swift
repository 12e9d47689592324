import Backtesting
package import Essentials
import Execution
import Markets

/// What one of two runs came to.
struct ParityRun: Sendable {
  let orders: OrderLog
  let decisions: DecisionLog
  let events: Int
  /// How often the trader was asked whether to enter.
  let considered: Int
  /// How often it refused, by the first reason.
  let refusals: [RefusalCount]

  init(
    _ orders: OrderLog, _ decisions: DecisionLog, events: Int, trader: some ExplainingTrader
  ) {
    self.orders = orders
    self.decisions = decisions
    self.events = events
    considered = trader.entriesConsidered
    refusals = RefusalCount.sorted(trader.refusedEntries)
  }
}

/// What a dry-run came to that was lost in the middle.
struct DryParityRun: Sendable {
  let run: ParityRun
  let lostAt: Timestamp
  let ordersBefore: Int
  let isRebuilt: Bool
  let counts: ParityCounts
}

/// What the streams of a dry-run did, and what became of it.
package struct ParityCounts: Hashable, Sendable {
  /// Messages of the streams.
  package var messages = 0
  /// Those that were written down until the dry-run was lost.
  package var recorded = 0
  /// Those that were told again behind that.
  package var again = 0
  /// Messages that were refused.
  package var refused = 0
  /// Sights of bars, forming and closed.
  package var sights = 0
  /// Sights of bars that were told already, left out.
  package var repeatedBars = 0
  /// Announcements of funding.
  package var announcements = 0
  /// Messages of books, and trades.
  package var books = 0
  package var trades = 0
  /// Events that came behind their own instant.
  package var late = 0
  /// Instants that were over for want of patience.
  package var impatient = 0

  mutating func take(_ feed: MarketFeed, contracts: Int, span: BarSpan) {
    refused = feed.reader.counts.allRefused
    sights = feed.reader.counts.bars
    announcements = feed.reader.counts.announcements
    books = feed.reader.counts.books
    trades = feed.reader.counts.trades
    for place in 0..<contracts {
      let bars = feed.barCounts(of: ContractID(place: place), span: span)
      repeatedBars += (bars?.duplicate ?? 0) + (bars?.late ?? 0)
    }
  }
}

/// Whether a replay and a dry-run of one period traded the same.
package struct ParityReport: Sendable {
  /// The first place at which two lists of orders differ, counted from 1; a list that is over has no
  /// line there.
  package struct Difference: Hashable, Sendable {
    package let place: Int
    package let replayed: String?
    package let dry: String?
  }

  package let terms: ReplayTerms
  /// What was sent and heard, by the fingerprints of the lists, and how many lines they have.
  package let replayedOrders: Fingerprint
  package let dryOrders: Fingerprint
  package let replayedCount: Int
  package let dryCount: Int
  /// The same of decisions.
  package let replayedDecisions: Fingerprint
  package let dryDecisions: Fingerprint
  package let replayedDecisionCount: Int
  package let dryDecisionCount: Int
  /// How often an entry was considered, and whether it was refused as often for every reason.
  package let replayedLooks: Int
  package let dryLooks: Int
  package let refusesAlike: Bool
  /// The first decision that differs, counted from 1; nil where none does.
  package let firstDecision: Int?
  /// The first line that differs; nil where none does.
  package let difference: Difference?
  package let replayedEvents: Int
  package let dryEvents: Int
  /// The market's time at which the dry-run was lost.
  package let lostAt: Timestamp
  /// The lines that it had written by then.
  package let ordersBefore: Int
  /// Whether the one that was rebuilt had done the same by then.
  package let isRebuilt: Bool
  package let counts: ParityCounts

  init(_ terms: ReplayTerms, replayed: ParityRun, dry: DryParityRun) {
    self.terms = terms
    replayedOrders = replayed.orders.fingerprint
    dryOrders = dry.run.orders.fingerprint
    replayedCount = replayed.orders.count
    dryCount = dry.run.orders.count
    replayedDecisions = replayed.decisions.fingerprint
    dryDecisions = dry.run.decisions.fingerprint
    replayedDecisionCount = replayed.decisions.count
    dryDecisionCount = dry.run.decisions.count
    replayedLooks = replayed.considered
    dryLooks = dry.run.considered
    refusesAlike = replayed.refusals == dry.run.refusals
    firstDecision = Self.first(replayed.decisions.digests, dry.run.decisions.digests).map { $0 + 1 }
    replayedEvents = replayed.events
    dryEvents = dry.run.events
    lostAt = dry.lostAt
    ordersBefore = dry.ordersBefore
    isRebuilt = dry.isRebuilt
    counts = dry.counts
    let (left, right) = (replayed.orders.lines, dry.run.orders.lines)
    difference = Self.first(left, right).map {
      Difference(
        place: $0 + 1, replayed: $0 < left.count ? left[$0] : nil,
        dry: $0 < right.count ? right[$0] : nil)
    }
  }

  /// The first place at which two lists differ; nil where they are the same.
  private static func first<Element: Hashable>(_ left: [Element], _ right: [Element]) -> Int? {
    guard left != right else { return nil }
    return zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset
      ?? min(left.count, right.count)
  }

  /// Whether every order, fill and decision is the same, and the dry-run survived its loss.
  package var isSame: Bool {
    replayedOrders == dryOrders && replayedDecisions == dryDecisions && isRebuilt
      && replayedLooks == dryLooks && refusesAlike
  }

  package var json: JSONValue {
    [
      "same": .bool(isSame), "terms": terms.json,
      "replay": [
        "order_hash": .string(replayedOrders.hexadecimal), "lines": .integer(replayedCount),
        "decision_hash": .string(replayedDecisions.hexadecimal),
        "decisions": .integer(replayedDecisionCount),
        "entries_considered": .integer(replayedLooks), "events": .integer(replayedEvents),
      ],
      "dry_run": [
        "order_hash": .string(dryOrders.hexadecimal), "lines": .integer(dryCount),
        "decision_hash": .string(dryDecisions.hexadecimal),
        "decisions": .integer(dryDecisionCount), "entries_considered": .integer(dryLooks),
        "refuses_alike": .bool(refusesAlike), "events": .integer(dryEvents),
        "messages": .integer(counts.messages), "refused": .integer(counts.refused),
        "bar_sights": .integer(counts.sights), "repeated_bars": .integer(counts.repeatedBars),
        "announcements": .integer(counts.announcements), "book_messages": .integer(counts.books),
        "trades": .integer(counts.trades), "late": .integer(counts.late),
        "impatient": .integer(counts.impatient),
      ],
      "restart": [
        "at": .string("\(lostAt)"), "lines_before": .integer(ordersBefore),
        "recorded": .integer(counts.recorded), "told_again": .integer(counts.again),
        "rebuilt": .bool(isRebuilt),
      ],
      "first_difference": difference.map {
        [
          "line": .integer($0.place), "replay": $0.replayed.map(JSONValue.string) ?? .null,
          "dry_run": $0.dry.map(JSONValue.string) ?? .null,
        ]
      } ?? .null,
      "first_decision": firstDecision.map(JSONValue.integer) ?? .null,
    ]
  }
}
