package import Essentials
package import Storage

/// Records the events of a run; where the run goes on after an interruption, walks over those that
/// are recorded already.
///
/// A run is a function of its seed, its inputs and the answers it was given, so whoever resumes it
/// begins it again: as long as the journal holds what the run would record, nothing is written, and
/// from the first event that it does not hold, the run is live. Events that others write into the
/// run, such as the ledger of its budget, are passed over.
///
/// As long as it lives the run is claimed: no other process records or resumes it.
///
/// Not for use by two threads at once.
package final class RunRecorder {
  package let run: String
  private let journal: Journal
  private let claim: JournalClaim
  private var recorded: ArraySlice<JournalEvent>
  /// Called after something was written, so that people can follow a run that would be too fast.
  package var afterWriting: () -> Void = {}

  /// Begins a run that the journal does not know, or goes on with one.
  ///
  /// - Parameter isOthers: says of a kind of event that somebody else writes it into the run.
  package init(
    run: String, journal: Journal, isOthers: (String) -> Bool = { _ in false }
  ) throws(JournalFailure) {
    self.run = run
    self.journal = journal
    claim = try Self.claim(run, in: journal)
    var events: [JournalEvent] = []
    var cursor = try JournalCursor(journal, filter: JournalFilter(run: run))
    while let part = try cursor.next() { events += part.filter { !isOthers($0.kind) } }
    recorded = events[...]
  }

  /// Adds to a run, whatever the journal has of it: for commands of which several make up one run.
  package init(addingTo run: String, journal: Journal) throws(JournalFailure) {
    self.run = run
    self.journal = journal
    claim = try Self.claim(run, in: journal)
    recorded = []
  }

  /// Recorders of one opening share a run; they belong to the parts of one program.
  private static func claim(
    _ run: String, in journal: Journal
  ) throws(JournalFailure) -> JournalClaim {
    try journal.claim("run:\(run)", for: "recording the run \(run)", isShared: true)
  }

  /// How many recorded events are still to be walked over.
  package var pending: Int { recorded.count }
  /// The recorded event that the run comes to next, nil where it is live.
  package var next: JournalEvent? { recorded.first }

  /// Records events of the run, or recognizes them; returns their numbers in the journal.
  ///
  /// The instants of recorded events are as they were; what is compared is the kind, the subject and
  /// the payload. Causes among `drafts` and earlier events keep their meaning.
  @discardableResult
  package func record(_ drafts: [JournalDraft]) throws -> [Int64] {
    var numbers: [Int64] = []
    var fresh: [JournalDraft] = []
    for (place, draft) in drafts.enumerated() {
      if fresh.isEmpty, let event = recorded.popFirst() {
        guard event.kind == draft.kind, event.subject == draft.subject,
          event.payloadText == draft.payload.compactText
        else {
          throw ResumeFailure.diverged(run: run, event: event.seq, was: event.kind, is: draft.kind)
        }
        numbers.append(event.seq)
        continue
      }
      var draft = draft
      if case .draft(let cause) = draft.cause {
        let walked = place - fresh.count
        draft.cause = cause < walked ? .event(numbers[cause]) : .draft(cause - walked)
      }
      fresh.append(draft)
    }
    guard !fresh.isEmpty else { return numbers }
    numbers += try journal.append(fresh).map(\.seq)
    afterWriting()
    return numbers
  }

  /// Hands out the events of the run from the one of that number on, also those that others wrote
  /// into it, in their order.
  package func events(
    from first: Int64, _ body: (JournalEvent) -> Void
  ) throws(JournalFailure) {
    var cursor = try JournalCursor(journal, after: first - 1, filter: JournalFilter(run: run))
    while let part = try cursor.next() { part.forEach(body) }
  }

  /// Records one event of the run, or recognizes it.
  @discardableResult
  package func record(_ draft: JournalDraft) throws -> Int64 { try record([draft])[0] }
}

/// Why a run cannot go on where it stopped.
package enum ResumeFailure: ExplainedFailure, Hashable {
  /// The run as it is asked for does not lead to what was recorded.
  case diverged(run: String, event: Int64, was: String, is: String)
  /// The journal knows no such run, or it is none that can be resumed.
  case unknownRun(String)
  /// The journal knows no research run at all.
  case noRun
  /// A run of the wanted name has begun before.
  case isBegun(String)

  package var key: String {
    switch self {
    case .diverged: "run_diverged"
    case .unknownRun: "unknown_run"
    case .noRun: "no_run"
    case .isBegun: "run_exists"
    }
  }

  package var explanation: String {
    switch self {
    case .diverged(let run, let event, let was, let now):
      was == now
        ? "Run \(run) cannot go on: event \(event), \(was), says something else than this run does."
        : "Run \(run) cannot go on: event \(event) is \(was) where this run comes to \(now)."
    case .unknownRun(let run): "The journal has no research run \(run)."
    case .noRun: "The journal has no research run yet."
    case .isBegun(let run): "The journal has a run \(run) already."
    }
  }

  package var remedy: String {
    switch self {
    case .diverged:
      "Resume it with the ideas, the panel, the options and the program that it was begun with, or "
        + "begin a new run."
    case .unknownRun: "Look it up with `athanor journal runs`."
    case .noRun: "Begin one with `athanor research run`."
    case .isBegun: "Choose another name, or go on with that run by --resume."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
