import Essentials
import Storage

/// The simulations that were posted, in a file to which every posting and every end is added: a
/// server that is started again knows them, and computes those that had not ended.
struct BrainRunLog: Sendable {
  /// Nil keeps nothing.
  let path: String?

  /// A simulation, or an array of them, as it was posted.
  struct Posting: Hashable, Sendable {
    /// What the caller asks for.
    var head: String
    var posted: Timestamp
    var earliestEnd: Timestamp
    /// The simulations; one has the name of the head, those of an array have names of their own.
    var ids: [String]
    /// The bodies as they were sent.
    var bodies: [JSONValue]
    /// How they ended, nil before.
    var endings: [BrainRun.Ending]?

    var day: CalendarDate { EasternTime(posted).day }
  }

  /// What the file holds.
  struct Contents: Hashable, Sendable {
    var postings: [Posting] = []
    /// Simulations of postings that are not kept any more, by the day of Eastern time.
    var countsByDay: [CalendarDate: Int] = [:]
  }

  /// So many postings are kept in the file; older ones that have ended are only counted.
  static let postingsMax = 5_000

  /// Reads the file, and writes it anew where it has become long. A last line that was cut off by the
  /// death of a server was answered to nobody, and is passed over.
  func load() throws -> Contents {
    guard let path, let bytes = try WholeFile.read(path) else { return Contents() }
    let isWhole = bytes.isEmpty || bytes.last == UInt8(ascii: "\n")
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    var contents = Contents()
    var places: [String: Int] = [:]
    for (place, line) in lines.enumerated() {
      guard let document = try? JSONValue(parsing: String(decoding: line, as: UTF8.self)) else {
        if place == lines.count - 1, !isWhole { continue }
        throw BrainServerFailure.unreadableLog(path: path, line: place + 1)
      }
      if let posting = Posting(kept: document) {
        places[posting.head] = contents.postings.count
        contents.postings.append(posting)
      } else if let head = document["ended"]?.asText, case .array(let kept)? = document["endings"] {
        guard let place = places[head] else { continue }
        let endings = kept.compactMap { BrainRun.Ending(kept: $0) }
        guard endings.count == contents.postings[place].ids.count else { continue }
        contents.postings[place].endings = endings
      } else if let day = document["day"]?.asText.flatMap({ CalendarDate($0) }),
        case .integer(let count)? = document["simulations"]
      {
        contents.countsByDay[day, default: 0] += count
      } else {
        throw BrainServerFailure.unreadableLog(path: path, line: place + 1)
      }
    }
    var surplus = contents.postings.count - Self.postingsMax
    if surplus > 0 {
      contents.postings.removeAll { posting in
        guard surplus > 0, posting.endings != nil else { return false }
        surplus -= 1
        contents.countsByDay[posting.day, default: 0] += posting.ids.count
        return true
      }
    }
    if !isWhole || contents.postings.count < places.count { try write(contents, to: path) }
    return contents
  }

  /// Adds a posting. Nobody may be told of it before this has returned.
  func note(_ posting: Posting) throws(FileFailure) {
    guard let path else { return }
    try WholeFile.append(Self.line(posting.kept), to: path, for: .owner)
  }

  /// Adds the end of a posting.
  func note(endOf head: String, _ endings: [BrainRun.Ending]) throws(FileFailure) {
    guard let path else { return }
    try WholeFile.append(Self.line(Self.end(head, endings)), to: path, for: .owner)
  }

  private func write(_ contents: Contents, to path: String) throws(FileFailure) {
    var bytes: [UInt8] = []
    for day in contents.countsByDay.keys.sorted() {
      bytes += Self.line([
        "day": .string(day.description), "simulations": .integer(contents.countsByDay[day] ?? 0),
      ])
    }
    for posting in contents.postings {
      bytes += Self.line(posting.kept)
      if let endings = posting.endings { bytes += Self.line(Self.end(posting.head, endings)) }
    }
    try WholeFile.write(bytes, to: path, for: .owner)
  }

  private static func end(_ head: String, _ endings: [BrainRun.Ending]) -> JSONValue {
    ["ended": .string(head), "endings": .array(endings.map(\.kept))]
  }

  private static func line(_ document: JSONValue) -> [UInt8] {
    Array((document.compactText + "\n").utf8)
  }
}

extension BrainRunLog.Posting {
  var kept: JSONValue {
    [
      "posted": .integer(Int(posted.millisecondsSinceEpoch)), "head": .string(head),
      "earliest_end": .integer(Int(earliestEnd.millisecondsSinceEpoch)), "ids": .strings(ids),
      "bodies": .array(bodies),
    ]
  }

  /// Reads what ``kept`` wrote, nil for anything else.
  init?(kept document: JSONValue) {
    guard case .integer(let posted)? = document["posted"],
      case .integer(let end)? = document["earliest_end"], let head = document["head"]?.asText,
      case .array(let names)? = document["ids"], case .array(let bodies)? = document["bodies"]
    else { return nil }
    let ids = names.compactMap(\.asText)
    guard !ids.isEmpty, ids.count == bodies.count else { return nil }
    self.head = head
    self.posted = Timestamp(millisecondsSinceEpoch: Int64(posted))
    earliestEnd = Timestamp(millisecondsSinceEpoch: Int64(end))
    self.ids = ids
    self.bodies = bodies
  }
}

extension BrainRun.Ending {
  var kept: JSONValue {
    switch self {
    case .complete(let alpha): ["status": .string(status), "alpha": .string(alpha)]
    case .warning(let alpha, let message):
      ["status": .string(status), "alpha": .string(alpha), "message": .string(message)]
    case .error(let error):
      [
        "status": .string(status), "message": .string(error.message), "location": error.location,
      ]
    case .failed(let message): ["status": .string(status), "message": .string(message)]
    case .cancelled, .parent: ["status": .string(status)]
    }
  }

  /// Reads what ``kept`` wrote of a simulation, nil for anything else.
  init?(kept document: JSONValue) {
    let message = document["message"]?.asText ?? ""
    switch (document["status"]?.asText, document["alpha"]?.asText) {
    case ("COMPLETE", let alpha?): self = .complete(alpha: alpha)
    case ("WARNING", let alpha?): self = .warning(alpha: alpha, message: message)
    case ("ERROR", nil):
      self = .error(
        BrainFormulaError(message: message, location: document["location"] ?? .null))
    case ("FAIL", nil): self = .failed(message)
    case ("CANCELLED", nil): self = .cancelled
    default: return nil
    }
  }
}
