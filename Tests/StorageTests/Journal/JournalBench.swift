import Essentials
import Foundation
import Testing

@testable import Storage

/// A journal in a folder of its own, removed with it, and events to fill it with.
final class JournalBench {
  let folder: TemporaryFolder
  let path: String

  static let birth = JournalBirth(id: "bench", at: Timestamp(millisecondsSinceEpoch: 1_000))
  static let access = Journal.Access.writing(newborn: birth, patienceMilliseconds: 0)
  /// Longer than any commit of a test takes.
  static let patienceMilliseconds = 60_000

  init() {
    folder = TemporaryFolder()
    path = folder.path + "/journal.sqlite"
  }

  func writing(
    models: [any JournalReadModel] = [], patienceMilliseconds: Int = 0
  ) throws -> Journal {
    try Journal.open(
      path: path,
      access: .writing(newborn: Self.birth, patienceMilliseconds: patienceMilliseconds),
      models: models)
  }

  func reading(models: [any JournalReadModel] = []) throws -> Journal {
    try Journal.open(path: path, access: .reading, models: models)
  }

  /// Events of two runs, three kinds and five subjects; some have causes.
  static func drafts(_ range: Range<Int>) -> [JournalDraft] {
    range.map { number in
      var draft = JournalDraft(
        ["simulation.completed", "agent.idea_started", "run.summary"][number % 3],
        at: Timestamp(millisecondsSinceEpoch: 10_000 + Int64(number) * 7),
        run: "run-\(number % 2)", world: number % 4 == 0 ? "paper" : "",
        subject: "subject-\(number % 5)", version: 1 + number % 2,
        payload: [
          "number": .integer(number), "text": .string("käse \"\(number)\"\n"),
          "ratio": .number(0.1),
          "formula": ["fingerprint": .string("f\(number % 7)")],
          "panel": ["fingerprint": .string("p\(number % 2)")],
        ])
      if number > range.lowerBound { draft.cause = .draft(number - range.lowerBound - 1) }
      return draft
    }
  }

  /// Fills a journal with `count` events in commits of ten and closes it.
  func fill(_ count: Int) throws {
    let journal = try writing()
    for start in stride(from: 0, to: count, by: 10) {
      try journal.append(Self.drafts(start..<min(start + 10, count)))
    }
    try journal.checkpoint()
  }

  /// Changes the store behind the journal's back.
  func tamper(_ script: String) throws {
    let connection = try SQLiteConnection(path: path, mode: .writing)
    connection.keepsLog()
    try connection.execute(script)
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  func findings(models: [any JournalReadModel] = []) throws -> [JournalFinding] {
    try reading(models: models).verify().findings
  }
}
