import Essentials
import Glibc

/// How far a job is.
struct JobProgress: Hashable, Sendable {
  /// The step that runs, such as `validation`.
  var step: String
  /// The step's place, counted from 1.
  var number: Int
  var steps: Int
  /// What the step says of itself, nil while it has said nothing.
  var work: Work?

  /// What a program says of its own progress.
  struct Work: Hashable, Sendable {
    var title: String
    var done: Int
    var total: Int
    var unit: String
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("step", .string(step)), .init("step_number", .integer(number)),
      .init("steps", .integer(steps)),
    ]
    if let work {
      members += [
        .init("work", .string(work.title)), .init("done", .integer(work.done)),
        .init("total", .integer(work.total)), .init("unit", .string(work.unit)),
      ]
    }
    return .object(members)
  }
}

/// Takes the lines in which a program tells its progress out of what it writes on standard error.
///
/// Such a line is `{"progress":{"work":..,"done":..,"total":..,"unit":..}}`. Everything else passes.
struct ProgressLines: Sendable {
  private var line: [UInt8] = []
  /// Whether the line that is being read cannot be one that tells progress.
  private var passes = false

  private static let beginning = Array(#"{"progress":"#.utf8)
  /// No such line is longer.
  private static let bytesMax = 1_024

  /// Takes what was written; returns the last progress that it tells, and what else it is.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> (work: JobProgress.Work?, rest: [UInt8]) {
    var work: JobProgress.Work?
    var rest: [UInt8] = []
    var start = 0
    while let base = bytes.baseAddress, start < bytes.count {
      let found = memchr(base + start, Int32(newline), bytes.count - start)
      let end = found.map { UnsafeRawPointer($0) - base } ?? bytes.count
      add(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), &rest)
      if found != nil, let told = finish(&rest) { work = told }
      start = end + 1
    }
    return (work, rest)
  }

  /// What is left of a last line that did not end.
  mutating func finish() -> [UInt8] {
    defer { line = [] }
    return line
  }

  private let newline = UInt8(ascii: "\n")

  private mutating func add(_ bytes: UnsafeRawBufferPointer, _ rest: inout [UInt8]) {
    guard !passes else {
      rest.append(contentsOf: bytes)
      return
    }
    let room = Self.bytesMax - line.count
    line.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
    let known = min(line.count, Self.beginning.count)
    if line[..<known] != Self.beginning[..<known] || bytes.count > room {
      rest += line
      rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.dropFirst(room)))
      line = []
      passes = true
    }
  }

  private mutating func finish(_ rest: inout [UInt8]) -> JobProgress.Work? {
    defer {
      line = []
      passes = false
    }
    guard !passes else {
      rest.append(newline)
      return nil
    }
    guard let work = Self.work(line) else {
      rest += line
      rest.append(newline)
      return nil
    }
    return work
  }

  private static func work(_ line: [UInt8]) -> JobProgress.Work? {
    guard line.starts(with: beginning),
      let told = try? JSONValue(parsing: String(decoding: line, as: UTF8.self))["progress"],
      case .string(let title)? = told["work"], case .integer(let done)? = told["done"],
      case .integer(let total)? = told["total"], case .string(let unit)? = told["unit"]
    else { return nil }
    return JobProgress.Work(title: title, done: done, total: total, unit: unit)
  }
}
