package import Essentials

/// How well what the check of an entry foresaw agrees with how the trade was left.
///
/// Entries that the check refuses are not made, so refusals are rare among trades and the rate of
/// agreement is nearly the share of other exits; ``checkedRefusals`` says how many there were.
package struct EventAlignment: Hashable, Sendable {
  /// Trades that are remembered.
  package static let windowMax = 500

  /// One closed trade: whether the check passed it, and whether the event exit closed it.
  private struct Sample: Hashable, Sendable {
    var wasSafe: Bool
    var isEventExit: Bool
  }

  private var samples: [Sample] = []
  private var next = 0
  /// Trades since the anchor.
  package private(set) var sinceAnchor = 0
  /// Trades since the anchor that agreed.
  package private(set) var alignedSinceAnchor = 0

  package init() {}

  /// Takes a closed trade in; one whose entry was not checked is not known and not counted.
  package mutating func observe(precheckWasSafe: Bool?, exitReason: String) {
    guard let wasSafe = precheckWasSafe else { return }
    let sample = Sample(wasSafe: wasSafe, isEventExit: Self.isEventExit(exitReason))
    if samples.count < Self.windowMax {
      samples.append(sample)
    } else {
      samples[next] = sample
      next = (next + 1) % samples.count
    }
    sinceAnchor += 1
    if sample.wasSafe != sample.isEventExit { alignedSinceAnchor += 1 }
  }

  /// Counts from here on, as after a change of the rules.
  package mutating func anchor() {
    sinceAnchor = 0
    alignedSinceAnchor = 0
  }

  /// Trades in the window.
  package var count: Int { samples.count }

  /// Trades in the window that the check had refused.
  package var checkedRefusals: Int { samples.count { !$0.wasSafe } }

  /// Share of trades that agreed: passed and left otherwise, or refused and closed by the event
  /// exit; nil without trades.
  package var alignedShare: Double? {
    share(of: samples) { $0.wasSafe != $0.isEventExit }
  }

  /// Share of refused trades that the event exit closed; nil without any.
  package var refusedToEventShare: Double? {
    share(of: samples.filter { !$0.wasSafe }) { $0.isEventExit }
  }

  /// Share of passed trades that were left otherwise; nil without any.
  package var safeToOtherShare: Double? {
    share(of: samples.filter(\.wasSafe)) { !$0.isEventExit }
  }

  /// Whether a reason is one of the event exit.
  package static func isEventExit(_ reason: String) -> Bool {
    ["event_mc_exit", "mc_exit:", "event_exit:"].contains { reason.hasPrefix($0) }
  }

  private func share(of samples: [Sample], _ holds: (Sample) -> Bool) -> Double? {
    samples.isEmpty ? nil : Double(samples.count(where: holds)) / Double(samples.count)
  }

  /// The window and the counts as a document: each trade one digit, 1 where the check passed it and
  /// 2 more where the event exit closed it.
  package var json: JSONValue {
    [
      "trades": .array(
        samples.map { .integer(($0.wasSafe ? 1 : 0) + ($0.isEventExit ? 2 : 0)) }),
      "next": .integer(next), "since_anchor": .integer(sinceAnchor),
      "aligned_since_anchor": .integer(alignedSinceAnchor),
    ]
  }

  /// Reads a window back; nil where the document is none.
  package init?(json: JSONValue) {
    guard let trades = json.elements("trades"), trades.count <= Self.windowMax,
      let next = json.whole("next"), (0..<Self.windowMax).contains(next),
      let since = json.whole("since_anchor"), since >= 0,
      let aligned = json.whole("aligned_since_anchor"), (0...since).contains(aligned)
    else { return nil }
    for trade in trades {
      guard case .integer(let code) = trade, (0...3).contains(code) else { return nil }
      samples.append(Sample(wasSafe: code & 1 == 1, isEventExit: code & 2 == 2))
    }
    self.next = next
    sinceAnchor = since
    alignedSinceAnchor = aligned
  }
}
