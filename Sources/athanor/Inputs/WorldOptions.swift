import Essentials
import Services
import Storage
import Worlds

/// The arguments of commands about worlds.
enum WorldOptions {
  static let world = Positional.required(.text("world"), help: "The name of the world.")
  static let instance = Positional.required(
    .text("instance"), help: "The id of an instance, as `athanor world get` shows it.")
  static let reason = Option.required(
    "reason", .text("text"), help: "Why, in a few words; it is recorded.")
  static let optionalReason = Option(
    "reason", .text("text"), default: "", help: "Why, in a few words; it is recorded.")
  static let runID = Option<String?>.optional(
    "run-id", .text("id"),
    help: "A name for the cutover: given again, it is answered and not repeated.")
  static let language = Option<Language>(
    "lang", .word("language"), default: .english, help: "The language of sentences.")

  /// A language that sentences are told in.
  enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case korean = "ko"
  }

  /// Who acts, for the pages of help.
  static let authority = """
    Whoever runs the program on this machine and may write the journal's file acts as its owner, \
    under the name cli:<user>; the roles of a policy (rbac) are for tokens.
    """
}

extension Invocation {
  /// The person at the command line.
  var worldActor: WorldActor {
    let name = ["USER", "LOGNAME"].lazy.compactMap { surroundings.environment[$0] }
      .first { !$0.isEmpty }
    return .commandLine(user: DisplayWidth.harmless(name ?? "unknown"))
  }

  /// A desk of worlds that records in the journal, which is made where it is missing.
  func worldDesk(evidence: any EvidenceSource = NoEvidence()) throws -> WorldDesk {
    let journal = try Journal.open(
      path: journalPath(), access: journalWriting, models: [WorldBook()])
    return WorldDesk(
      WorldDeskSetup(
        journal: journal, now: surroundings.now, evidence: evidence, graph: graph(in: journal),
        patienceMilliseconds: RecordingOptions.patienceMilliseconds))
  }

  /// The graph of a journal, whose troubles are warnings.
  func graph(in journal: Journal) -> SharedGraphLog {
    let errors = surroundings.errors
    return SharedGraphLog(
      journal: journal, patienceMilliseconds: RecordingOptions.patienceMilliseconds,
      reporting: { try? errors.write("warning: \($0)\n") })
  }

  /// A desk of worlds that measures on the panels at hand and trades with the accounts that the journal
  /// keeps.
  func tradingWorldDesk() throws -> TradingWorldDesk {
    let pause = surroundings.pause
    let path = try journalPath()
    let evidence = try panelEvidence()
    let trading = RehearsedTrading(
      feed: RehearsedTrading.Feed(evidence), holder: "cli", now: surroundings.now,
      pause: { pause(.milliseconds($0.milliseconds)) })
    let journal = try Journal.open(path: path, access: journalWriting, models: [WorldBook()])
    return TradingWorldDesk(
      desk: WorldDesk(
        WorldDeskSetup(
          journal: journal, now: surroundings.now, evidence: evidence,
          account: trading, cutover: trading, graph: graph(in: journal),
          patienceMilliseconds: RecordingOptions.patienceMilliseconds)),
      trading: trading)
  }

  /// A desk of worlds for questions: nothing is recorded, and a journal that is not there is not made.
  func readingWorldDesk() throws -> WorldDesk {
    let path = try journalPath()
    let journal = try Journal.open(path: path, access: .reading, models: [WorldBook()])
    do throws(JournalFailure) {
      _ = try journal.read { tables throws(JournalFailure) in
        try WorldBook().worlds(in: tables)
      }
    } catch .olderTables {
      // Whoever opens it for writing brings it up to date.
      return try worldDesk()
    }
    return WorldDesk(
      WorldDeskSetup(journal: journal, now: surroundings.now, evidence: NoEvidence()))
  }
}

/// A desk of worlds, and what trades for them.
struct TradingWorldDesk: Sendable {
  let desk: WorldDesk
  let trading: RehearsedTrading
}

extension ValueForm where Value == Timestamp {
  /// A day, which is its midnight in UTC, or an instant such as `2017-06-01T16:30:00Z`.
  static var instant: Self {
    ValueForm(
      placeholder: "instant",
      expectation: "a day such as 2017-12-29 or an instant such as 2017-12-29T16:30:00Z",
      completion: .nothing, read: { Timestamp(typed: $0) }, show: { $0.description })
  }
}

extension Timestamp {
  /// Reads what ``description`` writes, the seconds and their parts being optional.
  init?(typed text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard let first = parts.first, let date = CalendarDate(String(first)) else { return nil }
    self.init(startOf: date)
    guard parts.count == 2, parts[1].hasSuffix("Z") else {
      if parts.count == 1 { return }
      return nil
    }
    let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(clock.count), let hours = Self.number(clock[0], below: 24),
      let minutes = Self.number(clock[1], below: 60)
    else { return nil }
    millisecondsSinceEpoch += (hours * 60 + minutes) * 60_000
    guard clock.count == 3 else { return }
    let seconds = clock[2].split(separator: ".", omittingEmptySubsequences: false)
    guard seconds.count <= 2, let whole = Self.number(seconds[0], below: 60) else { return nil }
    millisecondsSinceEpoch += whole * 1000
    guard seconds.count == 2 else { return }
    guard seconds[1].utf8.count <= 3,
      let part = Self.number(
        seconds[1] + String(repeating: "0", count: 3 - seconds[1].utf8.count), below: 1000)
    else { return nil }
    millisecondsSinceEpoch += part
  }

  private static func number(_ digits: some StringProtocol, below limit: Int64) -> Int64? {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int64(digits), number < limit
    else { return nil }
    return number
  }
}

extension ValueForm where Value == TimeSpan {
  /// A length of time as policies write it.
  static var span: Self {
    ValueForm(
      placeholder: "span", expectation: "a length of time such as 90s, 10m or 60d",
      completion: .nothing, read: { TimeSpan(policy: $0) }, show: { $0.description })
  }
}
