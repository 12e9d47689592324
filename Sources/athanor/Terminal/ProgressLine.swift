import Essentials
import Foundation

/// How far long work is, as text for standard error: told what is done and when, it returns what
/// should be written.
///
/// On a terminal one line is drawn over and over, ten times a second at most, and erased at the end.
/// Elsewhere a whole line is written every ten seconds, so a log stays short. In the first second
/// nothing is written at all. A program that asked for documents gets
/// `{"progress":{"work":..,"done":..,"total":..,"unit":..}}` at once and four times a second at most.
struct ProgressLine: Sendable {
  /// Work that ends sooner needs no line.
  static let patience = Duration.seconds(1)
  /// The eye follows no more.
  static let redraw = Duration.milliseconds(100)
  /// A log is read afterwards.
  static let sparse = Duration.seconds(10)
  /// A page shows no more.
  static let telling = Duration.milliseconds(250)
  /// Returns to the line's beginning and erases to its end.
  static let erasure = "\r\u{1B}[K"

  private let title: String
  private var total: Int
  private let unit: String
  private let terminal: TerminalFacts
  private let start: Duration
  private var done = 0
  private var lastWritten: Duration?

  /// - Precondition: `total` is not negative; `startedAt` and all later instants are of one clock.
  init(title: String, total: Int, unit: String, terminal: TerminalFacts, startedAt: Duration) {
    precondition(total >= 0, "\(total) \(unit) to do")
    self.title = title
    self.total = total
    self.unit = unit
    self.terminal = terminal
    start = startedAt
  }

  /// Takes note that `done` units are finished; a smaller number than before changes nothing.
  /// - Parameter total: how many units there are, where that has become known or has changed.
  /// - Returns: what should be written, nil where nothing should.
  mutating func advanced(to done: Int, of total: Int? = nil, at now: Duration) -> String? {
    if let total { self.total = total }
    self.done = min(self.total, max(self.done, done))
    if terminal.tellsDocuments { return told(at: now) }
    guard now - start >= Self.patience else { return nil }
    let pause = terminal.isTerminal ? Self.redraw : Self.sparse
    if let lastWritten, now - lastWritten < pause { return nil }
    lastWritten = now
    guard terminal.isTerminal else { return text(at: now) + "\n" }
    return Self.erasure + DisplayWidth.truncated(text(at: now), to: (terminal.width ?? 80) - 1)
  }

  /// Ends the work.
  /// - Returns: what should be written, nil where nothing was written before.
  mutating func finished(at now: Duration) -> String? {
    guard lastWritten != nil, !terminal.tellsDocuments else { return nil }
    lastWritten = nil
    return terminal.isTerminal ? Self.erasure : text(at: now) + "\n"
  }

  private mutating func told(at now: Duration) -> String? {
    if let lastWritten, now - lastWritten < Self.telling, done < total { return nil }
    lastWritten = now
    let progress: JSONValue = [
      "progress": [
        "work": .string(title), "done": .integer(done), "total": .integer(total),
        "unit": .string(unit),
      ]
    ]
    return progress.compactText + "\n"
  }

  /// For example `Evaluating 1,200 of 2,013 rows (59 %), 310 rows/s, 4 s, 3 s left`.
  private func text(at now: Duration) -> String {
    let elapsed = Self.seconds(now - start)
    var parts = ["\(title) \(count(done)) of \(count(total)) \(unit)"]
    if total > 0 { parts[0] += " (\(done * 100 / total) %)" }
    let rate = elapsed > 0 ? Double(done) / elapsed : 0
    if rate > 0 {
      parts.append(
        rate >= 10
          ? "\(count(Int(rate.rounded()))) \(unit)/s" : String(format: "%.1f \(unit)/s", rate))
    }
    parts.append(Self.shown(elapsed))
    if rate > 0 && done < total {
      parts.append("\(Self.shown(Double(total - done) / rate)) left")
    }
    return parts.joined(separator: ", ")
  }

  private func count(_ value: Int) -> String { Table.Cell.count(value).text }

  private static func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// `7 s`, `3 min 20 s` or `2 h 5 min`.
  private static func shown(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(), 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}
