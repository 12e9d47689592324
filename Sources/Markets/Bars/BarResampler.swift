import Essentials

/// Makes longer bars of shorter ones.
///
/// A longer bar is published with the last shorter bar of its span, or, where that one is missing, with
/// the first bar behind the span. A stream that begins in the middle of a span makes no bar of it.
/// What is missing inside is counted; the bar is published of what there is.
package struct BarResampler: Sendable {
  package let parts: BarSpan
  package let whole: BarSpan
  /// What was wrong with the shorter bars, and with the longer ones made of them.
  package var counts: BarCounts {
    var counts = intake.counts
    counts.incomplete = incomplete
    counts.headless = headless
    return counts
  }
  /// What is known of the longer bar whose span is not over; nil where nothing is.
  package private(set) var forming: Bar?

  private var intake: BarIntake
  private var partsInForming = 0
  private var isHeadless = false
  private var incomplete = 0
  private var headless = 0

  /// A resampler; nil where the longer length is no multiple of the shorter.
  package init?(from parts: BarSpan, to whole: BarSpan) {
    guard whole.length.milliseconds % parts.length.milliseconds == 0 else { return nil }
    self.parts = parts
    self.whole = whole
    intake = BarIntake(parts)
  }

  /// Takes in a shorter bar and calls `publish` with each longer bar that it closes: none, one, or
  /// two where a bar before it was left open by a gap.
  package mutating func observe(_ bar: Bar, publish: (Bar) -> Void) {
    let isFirst = intake.lastStart == nil
    guard let part = intake.observe(bar) else { return }
    let start = whole.start(of: part.openTime)
    if let known = forming, known.openTime != start { finish(publish) }
    if forming == nil {
      isHeadless = isFirst && part.openTime != start
      forming = part
      forming?.openTime = start
      forming?.isClosed = false
      partsInForming = 1
    } else {
      forming?.join(part)
      partsInForming += 1
    }
    if parts.end(from: part.openTime) == whole.end(from: start) { finish(publish) }
  }

  private mutating func finish(_ publish: (Bar) -> Void) {
    guard var bar = forming else { return }
    forming = nil
    guard !isHeadless else {
      headless += 1
      isHeadless = false
      return
    }
    let expected = whole.length.milliseconds / parts.length.milliseconds
    if partsInForming < expected { incomplete += 1 }
    bar.isClosed = true
    publish(bar)
  }
}
