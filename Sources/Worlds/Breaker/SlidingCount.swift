import Essentials

/// Counts of events and of the bad ones among them over the latest span, exactly.
///
/// Each event costs a constant on average; memory is the events of the span. An event counts while
/// its age is less than the span. Instants that go back count as the latest one seen.
struct SlidingCount: Hashable, Sendable {
  let span: TimeSpan
  private var events: [Event] = []
  private var head = 0
  private(set) var bad = 0
  private var latest: Timestamp?

  private struct Event: Hashable {
    var at: Timestamp
    var isBad: Bool
  }

  init(over span: TimeSpan) {
    self.span = span
  }

  /// Counts over another span, beginning with what an earlier count still holds.
  init(over span: TimeSpan, inheriting earlier: SlidingCount?) {
    self.init(over: span)
    guard let earlier else { return }
    events = Array(earlier.events[earlier.head...])
    bad = earlier.bad
    latest = earlier.latest
    if let latest { advance(to: latest) }
  }

  var count: Int { events.count - head }

  mutating func note(isBad: Bool, at: Timestamp) {
    advance(to: at)
    events.append(Event(at: latest ?? at, isBad: isBad))
    if isBad { bad += 1 }
  }

  /// Forgets what is as old as the span.
  mutating func advance(to at: Timestamp) {
    let now = max(at, latest ?? at)
    latest = now
    while head < events.count, now - events[head].at >= span {
      if events[head].isBad { bad -= 1 }
      head += 1
    }
    // Amortized: what is forgotten leaves the memory when it is the larger half.
    if head > 64, head * 2 > events.count {
      events.removeFirst(head)
      head = 0
    }
  }
}
