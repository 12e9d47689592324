import Foundation

/// The shell of a progress line: may be told from any thread, writes to standard error.
final class ProgressReporter: @unchecked Sendable {
  // Sendable: `line` is read and written only while `lock` is held.
  private let lock = NSLock()
  private var line: ProgressLine
  private let surroundings: Surroundings

  init(_ line: ProgressLine, surroundings: Surroundings) {
    self.line = line
    self.surroundings = surroundings
  }

  /// Says how many units are finished in all; cheap enough to call for each row, not for each value.
  func advance(to done: Int, of total: Int? = nil) {
    lock.withLock { write(line.advanced(to: done, of: total, at: surroundings.elapsed())) }
  }

  /// Begins the next part of the work, with a count of its own.
  func turn(to title: String, total: Int, unit: String) {
    lock.withLock {
      write(line.finished(at: surroundings.elapsed()))
      line = ProgressLine(
        title: title, total: total, unit: unit, terminal: surroundings.errors.terminal,
        startedAt: surroundings.elapsed())
      // A page shows what is done before any of it is done.
      if surroundings.errors.terminal.tellsDocuments {
        write(line.advanced(to: 0, at: surroundings.elapsed()))
      }
    }
  }

  /// Removes the line.
  func finish() {
    lock.withLock { write(line.finished(at: surroundings.elapsed())) }
  }

  private func write(_ text: String?) {
    guard let text else { return }
    // Progress nobody can read is no reason to stop the work.
    try? surroundings.errors.write(text)
  }
}
