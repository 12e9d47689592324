package import Essentials
package import Execution
package import Markets
package import Storage

/// What a conversion made, and what was wrong with the recording.
package struct FeedConversionReport: Sendable {
  /// One kind of thing that was not as it should be.
  package struct Finding: Hashable, Sendable {
    package let kind: String
    package let count: Int
    /// What was done about it.
    package let handling: String
  }

  package let conversion: FeedConversion
  /// The size of the recording on disk, packed as it is.
  package let sourceBytes: Int
  package let sourceFingerprint: Fingerprint
  package let fingerprint: Fingerprint
  /// What is in the file.
  package let kept: FeedFileCounts
  /// What the reader of messages counted.
  package let counts: FeedCounts
  /// What the book counted.
  package let book: BookCounts
  /// How the recorder's clock stood to the venue's.
  package let clock: FeedClock
  package let lines: Int
  /// All that was found, in a fixed order; what was not found is not there.
  package let findings: [Finding]
  /// The first message that was refused.
  package let firstDefect: FeedConversionDefect?

  init(
    conversion: FeedConversion, sourceBytes: Int, sourceFingerprint: Fingerprint,
    fingerprint: Fingerprint, kept: FeedFileCounts, state: FeedConversionState
  ) {
    self.conversion = conversion
    self.sourceBytes = sourceBytes
    self.sourceFingerprint = sourceFingerprint
    self.fingerprint = fingerprint
    self.kept = kept
    counts = state.feed.reader.counts
    book = state.feed.books[0].counts
    clock = state.feed.clock
    lines = state.lines
    firstDefect = state.firstDefect
    findings = Self.findings(state)
  }

  private static func findings(_ state: FeedConversionState) -> [Finding] {
    let counts = state.feed.reader.counts
    let book = state.feed.books[0].counts
    let clock = state.feed.clock
    let refused = FeedDefect.Kind.allCases.map {
      ($0.rawValue, counts.refused($0), "The message was left out.")
    }
    let others: [(String, Int, String)] = [
      ("stray_line", state.strayLines, "The line was left out."),
      ("sequence_gap", book.gaps, "The book waits for a snapshot."),
      ("crossed_book", book.crossings, "The book waits for a snapshot."),
      ("impossible_level", book.impossible, "The book waits for a snapshot."),
      ("stale_snapshot", book.staleSnapshots, "Another snapshot is awaited."),
      ("repeated_change", book.repeated, "Kept; a book leaves it out."),
      ("early_change", book.early, "Kept; a book leaves it out."),
      ("other_depth", state.feed.otherDepths, "Left out; the first depth is kept."),
      ("repeated_trade", state.feed.repeatedTrades, "The trade was left out."),
      ("trade_off_book", counts.tradesOffBook, "The trade was left out."),
      ("quote", counts.quotes, "Left out; it follows from the book."),
      ("closed_bar", state.bars, "Left out; bars are no part of the file."),
      ("notice", counts.notices, "Left out."),
      ("from_future", clock.fromFuture, "Kept; the venue's clock counts."),
      ("sent_backward", clock.backward, "Kept in the order of arrival."),
    ]
    return (refused + others).filter { $0.1 > 0 }.map {
      Finding(kind: $0.0, count: $0.1, handling: $0.2)
    }
  }

  package var json: JSONValue {
    [
      "source": .string(conversion.source),
      "source_fingerprint": .string(sourceFingerprint.hexadecimal),
      "source_bytes": .integer(sourceBytes), "file": .string(conversion.target),
      "fingerprint": .string(fingerprint.hexadecimal),
      "venue": .string(conversion.protocol.rawValue),
      "symbol": .string(conversion.market.symbol),
      "tick": .string(conversion.market.tick.description),
      "lot": .string(conversion.market.lot.description), "lines": .integer(lines),
      "messages": .integer(counts.messages), "records": .integer(kept.records),
      "books": .integer(kept.books), "levels": .integer(kept.levels),
      "trades": .integer(kept.trades), "marks": .integer(kept.marks),
      "funding": .integer(kept.payments),
      "first": kept.first.map { .string($0.description) } ?? .null,
      "last": kept.last.map { .string($0.description) } ?? .null,
      "clock_lag_ms": .integer(Int(clock.lag.milliseconds)),
      "findings": .array(
        findings.map {
          [
            "kind": .string($0.kind), "count": .integer($0.count),
            "handling": .string($0.handling),
          ]
        }),
      "first_refused": firstDefect.map {
        ["line": .integer($0.line), "reason": .string($0.defect.description)]
      } ?? .null,
    ]
  }
}
