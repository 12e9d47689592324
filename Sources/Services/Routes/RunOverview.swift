package import Essentials
import Research
package import Storage

/// A run as a list of runs shows it.
package struct RunOverview: Hashable, Sendable {
  /// Whether a run is over.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// It recorded its summary.
    case finished
    /// Its last event is younger than ``freshSeconds``.
    case running
    /// It began with `run.started`, says nothing anymore and has no summary; it can be resumed.
    case interrupted
    /// Events of commands that belong together and of which none said that it was the last.
    case idle
  }

  package let summary: RunSummary
  package let state: State
  /// The command, the model and the panel, as far as the run says them.
  package let title: String
  /// The payload of the last `run.summary`, null where there is none.
  package let outcome: JSONValue

  /// A run whose last event is younger is taken to be under way.
  package static let freshSeconds = 60.0

  /// Reads what the journal knows of a run. Cost: two look-ups and the payloads of its first and last
  /// event.
  package init(
    _ summary: RunSummary, in journal: Journal, at now: Timestamp
  ) throws(JournalFailure) {
    self.summary = summary
    var start: JSONValue?
    if Self.has("run.started", summary) {
      start = try journal.events(
        after: summary.first - 1, limit: 1,
        filter: JournalFilter(run: summary.run, kind: "run.started")
      ).first?.payload
    }
    title = Self.title(start) ?? summary.run
    let isFinished = Self.isFinished(summary)
    var outcome: JSONValue?
    if isFinished {
      outcome = try journal.lastEvents(
        1,
        filter: JournalFilter(run: summary.run, kind: ResearchEventKind.runSummary.rawValue)
      ).first?.payload
    }
    self.outcome = outcome ?? .null
    let age = Double(now.millisecondsSinceEpoch - summary.end.millisecondsSinceEpoch) / 1000
    state =
      isFinished
      ? .finished : age < Self.freshSeconds ? .running : start == nil ? .idle : .interrupted
  }

  /// Whether a run recorded its summary.
  package static func isFinished(_ summary: RunSummary) -> Bool {
    has(ResearchEventKind.runSummary.rawValue, summary)
  }

  private static func has(_ kind: String, _ summary: RunSummary) -> Bool {
    summary.kinds.contains { $0.kind == kind }
  }

  private static func title(_ start: JSONValue?) -> String? {
    let words = [start?["command"], start?["model"]?["model"], start?["panel"]?["name"]]
      .compactMap { word -> String? in
        if case .string(let text)? = word, !text.isEmpty { text } else { nil }
      }
    return words.isEmpty ? nil : words.joined(separator: " \u{B7} ")
  }

  package var json: JSONValue {
    [
      "run_id": .string(summary.run), "title": .string(title), "state": .string(state.rawValue),
      "events": .integer(summary.events), "first_seq": .integer(Int(summary.first)),
      "last_seq": .integer(Int(summary.last)), "started_at": .string(summary.start.wireText),
      "last_at": .string(summary.end.wireText),
      "kinds": .array(
        summary.kinds.map { ["kind": .string($0.kind), "events": .integer($0.events)] }),
      "summary": outcome,
    ]
  }
}
