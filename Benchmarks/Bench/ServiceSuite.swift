import Essentials
import Foundation
import Research
import Storage

/// Journals for the benchmark of the server: one with very many events of one run, and one that
/// grows at a steady pace while clients watch.
struct ServiceSuite {
  private let path: String
  private let lines: [JSONValue]
  private let run: String

  /// - Parameter arguments: a journal, a file of exported events that are repeated, and a run.
  init(arguments: [String]) throws {
    path = arguments[0]
    lines = try String(contentsOfFile: arguments[1], encoding: .utf8).split(separator: "\n").map {
      try JSONValue(parsing: String($0))
    }
    run = arguments[2]
  }

  /// Events that are appended together.
  private static let together = 1000

  /// Fills the journal with so many events of the run.
  func fill(_ count: Int) throws {
    let journal = try open()
    var seconds = 0.0
    for start in stride(from: 0, to: count, by: Self.together) {
      let drafts = (start..<min(count, start + Self.together)).map { number in
        draft(number, at: Timestamp(millisecondsSinceEpoch: Int64(number) * 100))
      }
      seconds += try Benchmark.seconds { try journal.append(drafts) }
    }
    try journal.checkpoint()
    Benchmark.answer([("events", "\(count)"), ("seconds", "\(seconds)")])
  }

  /// Appends events one by one, so many in a second, and tells their numbers and instants.
  func feed(perSecond rate: Int, seconds: Int) throws {
    let journal = try open()
    let clock = ContinuousClock()
    let start = clock.now
    var first: Int64?
    var last: Int64 = 0
    for number in 0..<rate * seconds {
      let due = start + .microseconds(number * 1_000_000 / rate)
      let wait = clock.now.duration(to: due).components
      let pause = Double(wait.seconds) + Double(wait.attoseconds) * 1e-18
      if pause > 0 { Thread.sleep(forTimeInterval: pause) }
      let instant = Timestamp(
        millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1000))
      last = try journal.append(draft(number, at: instant)).seq
      if first == nil { first = last }
    }
    Benchmark.answer([("first", "\(first ?? 0)"), ("last", "\(last)")])
  }

  private func open() throws -> Journal {
    try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "bench", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 10_000), models: [BudgetIndex()])
  }

  private func draft(_ number: Int, at instant: Timestamp) -> JournalDraft {
    let line = lines[number % lines.count]
    func text(_ name: String) -> String {
      if case .string(let text)? = line[name] { text } else { "" }
    }
    return JournalDraft(
      text("kind"), at: instant, run: run, subject: text("subject"),
      payload: Self.renewed(line["payload"] ?? .null, round: number / lines.count))
  }

  /// The payload with a call of its own where it tells of one, since a call is settled once.
  private static func renewed(_ payload: JSONValue, round: Int) -> JSONValue {
    guard case .object(let members) = payload else { return payload }
    return .object(
      members.map { member in
        guard member.name == "reservation", case .object(let parts) = member.value else {
          return member
        }
        return JSONValue.Member(
          member.name,
          .object(
            parts.map { part in
              guard part.name == "id", case .integer(let id) = part.value else { return part }
              return JSONValue.Member("id", .integer(id + round * 1_000_000))
            }))
      })
  }
}
