import AlphaLanguage
import Essentials
import Markets
import Services
import Storage

/// The options of commands that record what they did in the journal.
enum RecordingOptions {
  static let noJournal = Option.flag(
    "no-journal", help: "Record nothing, and count no earlier trials.")
  static let trials = Option<Int?>.optional(
    "trials", .whole("count", in: 0...1_000_000_000),
    help: """
      Formulas that were tried before these; luck is judged against all of them. Otherwise those \
      that the journal knows of the same panel.
      """)

  static let definitions = [
    trials.definition, JournalOptions.journal.definition, noJournal.definition,
  ]

  /// Recording takes milliseconds, so another program is done by then.
  static let patienceMilliseconds = 10_000
}

/// What a command does with the journal: it asks how much was tried before, and records what it did.
struct Recording {
  let run: SimulationRun
  private let invocation: Invocation
  /// Nil where nothing is to be recorded or nothing says where.
  private let path: String?

  init(_ command: String, _ invocation: Invocation) {
    self.invocation = invocation
    run = SimulationRun(
      command: command, start: invocation.surroundings.now(),
      chance: invocation.surroundings.chance())
    path = invocation[RecordingOptions.noJournal] ? nil : try? invocation.journalPath()
  }

  /// The formulas other than `formulas` that were ever simulated on a panel, or what `--trials` says.
  func earlierTrials(
    on panel: Panel, besides formulas: [CheckedFormula]
  ) throws(JournalFailure) -> Int {
    if let stated = invocation[RecordingOptions.trials] { return stated }
    guard let path else { return 0 }
    func count(_ journal: Journal) throws(JournalFailure) -> Int {
      try journal.read { tables throws(JournalFailure) in
        try TrialIndex().trials(
          on: panel.fingerprint, besides: Set(formulas.map(\.fingerprint)), in: tables)
      }
    }
    do throws(JournalFailure) {
      return try count(Journal.open(path: path, access: .reading))
    } catch {
      switch error {
      case .noJournal: return 0
      // Whoever opens it for writing brings it up to date.
      case .olderFormat, .olderTables: return try count(openForWriting(path))
      default: throw error
      }
    }
  }

  /// Records what was found. What goes wrong is returned, since the answer is there already.
  func record(
    _ alphas: [PricedAlpha], best: PricedAlpha?, earlierTrials: Int, refused: Int = 0,
    duplicates: Int = 0
  ) -> JournalFailure? {
    guard let path, let best else { return nil }
    let drafts = run.drafts(
      of: alphas, best: best,
      SimulationRun.Circumstances(
        refused: refused, duplicates: duplicates, earlierTrials: earlierTrials,
        version: VersionCommand.version), at: invocation.surroundings.now())
    do throws(JournalFailure) {
      try openForWriting(path).append(drafts)
      return nil
    } catch {
      return error
    }
  }

  private func openForWriting(_ path: String) throws(JournalFailure) -> Journal {
    try Journal.open(path: path, access: invocation.journalWriting)
  }
}

extension Invocation {
  /// How a command opens the journal that it writes into; one that is not there is made.
  var journalWriting: Journal.Access {
    let id = [surroundings.chance(), surroundings.chance()].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return .writing(
      newborn: JournalBirth(id: id.joined(), at: surroundings.now()),
      patienceMilliseconds: RecordingOptions.patienceMilliseconds)
  }
}
