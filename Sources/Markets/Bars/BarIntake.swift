package import Essentials

/// Takes a venue's bars as they come and publishes each once, when it is closed.
///
/// Venues send a bar many times while it forms, and their histories end with one that is forming. Each
/// sight of it replaces the last, and none is published before the venue says that it is closed.
///
/// 1. Published bars are closed, possible, aligned, and rise in time.
/// 2. A bar that was published never changes, whatever comes later.
package struct BarIntake: Sendable {
  package let span: BarSpan
  package private(set) var counts = BarCounts()
  /// The latest sight of the bar whose span is not over; nil where there was none.
  package private(set) var forming: Bar?
  /// When the last published bar began; nil before the first.
  package private(set) var lastStart: Timestamp?

  package init(_ span: BarSpan) {
    self.span = span
  }

  /// Takes in a sight of a bar and returns it if it is closed and new.
  package mutating func observe(_ bar: Bar) -> Bar? {
    if let defect = bar.defect {
      counts.refuse(defect)
      return nil
    }
    guard span.start(of: bar.openTime) == bar.openTime else {
      counts.refuse(.misaligned)
      return nil
    }
    if let lastStart, bar.openTime <= lastStart {
      counts.refuse(bar.openTime == lastStart ? .duplicate : .late)
      return nil
    }
    guard bar.isClosed else {
      if let forming, bar.openTime < forming.openTime {
        counts.refuse(.late)
      } else {
        counts.accepted += 1
        forming = bar
      }
      return nil
    }
    counts.accepted += 1
    if let lastStart { counts.missing += span.missing(from: lastStart, to: bar.openTime) }
    if bar.volume == 0 { counts.silent += 1 }
    lastStart = bar.openTime
    if let known = forming, known.openTime <= bar.openTime { forming = nil }
    return bar
  }
}
