import Dispatch
import Essentials
package import Networking
package import Storage
import Synchronization

/// A file with a line of JSON for every answer of a server.
///
/// Records are handed over at once and written together by a queue of its own. While the disk does
/// not keep up, at most ``waitingMax`` wait; what comes then is counted and not written, so that a
/// full disk never stops the server.
package final class AccessLog: Sendable {
  private struct Waiting: Sendable {
    var lines: [UInt8] = []
    var count = 0
    var lost = 0
    var isScheduled = false
  }

  /// The most records that wait.
  package static let waitingMax = 10_000

  private let path: String
  private let queue = DispatchQueue(label: "athanor.access-log")
  private let waiting = Mutex(Waiting())

  /// Opens the log; the file is made for its owner alone. Throws where it cannot be written.
  package init(path: String) throws(FileFailure) {
    self.path = path
    try WholeFile.append([], to: path, for: .owner)
  }

  /// Records that could not be kept.
  package var lost: Int { waiting.withLock { $0.lost } }

  /// Takes a record.
  package func note(_ record: AccessRecord) {
    let line = Array((record.json.compactText + "\n").utf8)
    let mustWrite = waiting.withLock { waiting in
      guard waiting.count < Self.waitingMax else {
        waiting.lost += 1
        return false
      }
      waiting.lines += line
      waiting.count += 1
      defer { waiting.isScheduled = true }
      return !waiting.isScheduled
    }
    if mustWrite { queue.async { [self] in write() } }
  }

  /// Waits until every record that was taken is written.
  package func finish() { queue.sync { write() } }

  private func write() {
    let part = waiting.withLock { waiting in
      defer {
        waiting.lines = []
        waiting.count = 0
        waiting.isScheduled = false
      }
      return (lines: waiting.lines, count: waiting.count)
    }
    guard part.count > 0 else { return }
    do throws(FileFailure) {
      try WholeFile.append(part.lines, to: path, for: .owner)
    } catch {
      waiting.withLock { $0.lost += part.count }
    }
  }
}
