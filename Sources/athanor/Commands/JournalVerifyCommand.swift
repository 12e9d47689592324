import Essentials
import Storage

/// `athanor journal verify`: whether the journal is what was recorded.
enum JournalVerifyCommand {
  private static let head = Option<JournalHead?>.optional(
    "head", .journalHead,
    help: "What verify said of the last event earlier; whether it still stands there.")

  private static let eventsOnly = Option.flag(
    "events-only",
    help: "Hold the events against the chain and leave out all that follows from them.")

  static let command: Command = Command(
    "verify", summary: "Prove that the journal is what was recorded",
    discussion: [
      """
      Every event is held against the chain, every table against what the events make of it, and \
      every archive against the event that names it. The first event that is not what was recorded \
      is named, and the exit code is 6.
      """,
      """
      Whoever can write the file can also replace all of it. Keep the line of the head in another \
      place and hand it in with --head later: then not even that goes unnoticed.
      """,
    ],
    options: [
      JournalOptions.journal.definition, head.definition, eventsOnly.definition,
      PricingChoices.threads.definition,
    ],
    examples: [
      Command.Example("athanor journal verify", "Verifies the journal of this desk"),
      Command.Example("athanor journal verify --json", "The same for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let journal = try invocation.openJournal()
    let start = invocation.surroundings.elapsed()
    var verdict = try invocation.withProgress("Verifying", total: 0, unit: "events") { reporter in
      try journal.verify(
        invocation[eventsOnly] ? .events : .everything,
        threads: invocation[PricingChoices.threads] ?? invocation.surroundings.processors
      ) { done, total in reporter.advance(to: done, of: total) }
    }
    let duration = invocation.surroundings.elapsed() - start
    if let expected = invocation[head] { try compare(expected, with: journal, &verdict) }
    let page = JournalVerdictPage(path: journal.path, verdict: verdict, duration: duration)
    let failure = verdict.findings.first.map {
      JournalFailure.integrity(path: journal.path, finding: $0)
    }
    return Answer(json: page.json, failure: failure) { page.text($0) }
  }

  /// Holds what was noted elsewhere against what stands in the journal.
  private static func compare(
    _ expected: JournalHead, with journal: Journal, _ verdict: inout JournalVerdict
  ) throws {
    guard expected.seq > verdict.archivedThrough else {
      verdict.omissions.append(
        "Event \(expected.seq) is archived and was not compared with --head.")
      return
    }
    let found = try journal.events(after: expected.seq - 1, limit: 1).first
    if found?.seq != expected.seq {
      verdict.findings.insert(.eventsMissing(first: expected.seq, last: expected.seq), at: 0)
    } else if found?.chain != expected.chain {
      verdict.findings.insert(.eventChanged(seq: expected.seq), at: 0)
    }
  }
}

extension ValueForm where Value == JournalHead {
  /// The number of an event and its chain value.
  fileprivate static var journalHead: Self {
    ValueForm(
      placeholder: "seq:chain", expectation: "a number, a colon and 64 hexadecimal digits",
      completion: .nothing,
      read: { text in
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int64(parts[0]), seq > 0,
          let chain = DigestBytes(hexadecimal: parts[1])
        else { return nil }
        return JournalHead(seq: seq, chain: chain)
      }, show: { "\($0.seq):\($0.chain)" })
  }
}
