package import Essentials
package import Research
package import Storage

/// The gauges of a run as they stood at many of its moments, so that a page can go back and forth in
/// the run without folding anything itself.
///
/// The tape is a fold: it keeps a frame of every n-th event, rendered at the event's own instant, and
/// whenever there are twice ``framesMax`` of them it drops every other one and doubles n. Memory is
/// bounded, every frame is what the gauges showed right after its event, and the frames are evenly
/// spaced by events.
package struct ReplayTape: RunFold {
  /// The gauges right after an event.
  package struct Frame: Hashable, Sendable {
    package let seq: Int64
    package let at: Timestamp
    /// A JSON object with `seq`, `at`, `gauges`, `flags` and `reactor`.
    package let text: String
  }

  private var gauges: RunGauges
  private var kept: [Frame] = []
  private var stride = 1

  /// As many frames as a page may ask for; up to twice as many are kept, about 2.5 kB each.
  package static let framesMax = 480

  package init(run: String, configuration: BudgetConfiguration) {
    gauges = RunGauges(run: run, configuration: configuration)
  }

  package var lastSeq: Int64 { gauges.lastSeq }

  /// Takes in the next event of the run, and keeps a frame where one is due.
  package mutating func take(_ event: JournalEvent) {
    let before = gauges.eventCount
    gauges.take(event)
    guard gauges.eventCount > before, before % stride == 0 else { return }
    kept.append(frame)
    if kept.count == 2 * Self.framesMax {
      kept = kept.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      stride *= 2
    }
  }

  /// The gauges at the newest event.
  private var frame: Frame {
    let at = gauges.asOf ?? Timestamp(millisecondsSinceEpoch: 0)
    let json = JSONValue.object(
      [
        .init("seq", .integer(Int(gauges.lastSeq))), .init("at", .string(at.wireText)),
      ] + gauges.reactorReadings(at: at))
    return Frame(seq: gauges.lastSeq, at: at, text: json.compactText)
  }

  /// At most `count` frames, evenly spaced by events; the first is that of the first event and the
  /// last that of the newest.
  package func frames(_ count: Int) -> [Frame] {
    precondition(count >= 2, "a replay of \(count) frames")
    var all = kept
    if let last = all.last, last.seq < lastSeq { all.append(frame) }
    guard all.count > count else { return all }
    return (0..<count).map { all[$0 * (all.count - 1) / (count - 1)] }
  }

  /// The answer to a page: the frames, and the whole status of the reactor at the newest event.
  package func text(frames count: Int) -> String {
    let frames = frames(count)
    let at = gauges.asOf ?? Timestamp(millisecondsSinceEpoch: 0)
    return """
      {"run_id":\(JSONValue.string(gauges.run).compactText),\
      "first_seq":\(frames.first?.seq ?? 0),"last_seq":\(lastSeq),\
      "frames":[\(frames.map(\.text).joined(separator: ","))],\
      "final":\(gauges.reactorStatus(at: at).compactText)}
      """
  }
}
