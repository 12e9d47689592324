import Essentials
import Foundation
import Synchronization

@testable import athanor

/// A front door whose streams are kept and whose clock stands still until it is moved.
final class Rehearsal: Sendable {
  private let said = Mutex("")
  private let complained = Mutex("")
  private let writes = Mutex(0)
  private let time = Mutex(Duration.zero)
  private let terminal: TerminalFacts
  private let closesAfter: Int?
  private let environment: [String: String]
  private let input: [UInt8]?
  private let pausing: @Sendable (Duration) -> Void

  /// - Parameters:
  ///   - closesAfter: how many writes to standard output succeed before its reader leaves.
  ///   - input: what standard input holds, nil for a terminal at which nobody types.
  ///   - pausing: what happens while a command pauses.
  init(
    width: Int? = nil, isTerminal: Bool = false, closesAfter: Int? = nil,
    environment: [String: String] = [:], input: [UInt8]? = [],
    pausing: @escaping @Sendable (Duration) -> Void = { _ in }
  ) {
    self.pausing = pausing
    self.environment = environment
    self.input = input
    terminal = TerminalFacts(
      isTerminal: isTerminal, windowWidth: width, environment: ["NO_COLOR": "1"])
    self.closesAfter = closesAfter
  }

  /// Serves words of the command line, at a terminal where there is a width, to somebody who asks to
  /// end at once where `isEnded` says so.
  static func told(
    _ words: [String], width: Int?, isEnded: Bool = false
  ) -> (code: Int32, rehearsal: Rehearsal) {
    let rehearsal = Rehearsal(width: width, isTerminal: width != nil)
    var surroundings = rehearsal.surroundings
    if isEnded { surroundings.watchForEnd = { { true } } }
    return (FrontDoor(root: .athanor, surroundings: surroundings).serve(words), rehearsal)
  }

  var output: String { said.withLock { $0 } }
  var errors: String { complained.withLock { $0 } }

  func pass(_ duration: Duration) { time.withLock { $0 += duration } }

  var surroundings: Surroundings {
    Surroundings(
      output: TextOutlet(
        terminal: terminal,
        write: { (text) throws(OutletFailure) in
          try self.writes.withLock { count throws(OutletFailure) in
            if count == self.closesAfter { throw .readerLeft }
            count += 1
          }
          self.said.withLock { $0 += text }
        }),
      errors: TextOutlet(
        terminal: terminal,
        write: { (text) throws(OutletFailure) in self.complained.withLock { $0 += text } }),
      environment: environment,
      elapsed: { self.time.withLock { $0 } },
      input: ByteInlet(isTerminal: input == nil) { [input] (limit) throws(InletFailure) in
        Array((input ?? []).prefix(limit))
      },
      now: { Timestamp(millisecondsSinceEpoch: 1_500_000_000_000) },
      chance: { 0x0123_4567_89ab_cdef },
      pause: pausing)
  }

  /// Serves on a thread of its own, as a process does: a command that waits for tasks must not hold a
  /// thread that tasks share.
  func serveAside(_ arguments: [String]) async -> Int32 {
    let door = FrontDoor(root: .athanor, surroundings: surroundings)
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: door.serve(arguments)) }
    }
  }

  func serve(_ arguments: String..., by root: Command = .athanor) -> Int32 {
    FrontDoor(root: root, surroundings: surroundings).serve(arguments)
  }
}

/// A command with one argument of every kind, which answers with what it was given.
enum Specimen {
  enum Side: String, CaseIterable, Sendable {
    case long = "LONG"
    case short = "SHORT"
  }

  static let formula = Positional.required(.text("formula"), help: "The formula.")
  static let more = Positional.repeated(.text("more"), help: "More formulas.")
  static let decay = Option(
    "decay", short: "d", .whole("rows", in: 0...512), default: 4, help: "D.")
  static let cost = Option<Double?>.optional("cost", .number("share", in: 0...1), help: "C.")
  static let panel = Option.required("panel", short: "p", .file(), help: "P.")
  static let side = Option<Side>("side", .word("side"), default: .long, help: "S.")
  static let labels = Option.repeated("label", .text("label"), help: "L.")
  static let since = Option.optional("since", .date, help: "F.")
  static let quiet = Option.flag("quiet", short: "q", help: "Q.")

  static let verb = Command(
    "simulate", summary: "Try things", discussion: ["A paragraph that explains."],
    positionals: [formula.definition, more.definition],
    options: [
      decay.definition, cost.definition, panel.definition, side.definition, labels.definition,
      since.definition, quiet.definition,
    ],
    examples: [Command.Example("desk data simulate x", "Tries x")]
  ) { invocation in
    let words = [
      invocation[formula], invocation[more].joined(separator: "+"), "\(invocation[decay])",
      invocation[cost].map { "\($0)" } ?? "-", invocation[panel], invocation[side].rawValue,
      invocation[labels].joined(separator: "+"), invocation[since].map { "\($0)" } ?? "-",
      "\(invocation[quiet])",
    ]
    return Answer(json: .strings(words)) { _ in words.joined(separator: "|") }
  }

  static let root = Command(
    family: "desk", summary: "A desk", examples: [],
    members: [
      Command(family: "data", summary: "Data", examples: [], members: [verb]),
      Command("list", summary: "List", examples: []) { _ in Answer(json: .null) { _ in "listed" } },
    ])
}
