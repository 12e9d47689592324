import Essentials
import Glibc
package import Storage
import Synchronization

/// Appends every exchange with a provider to a file of JSON Lines, without keys, so that a run can be
/// replayed with no network, see ``TrafficReplay``.
///
/// The file is readable by its owner alone, since prompts and answers stand in it. A line is written
/// in one piece, so that lines of several threads never mix.
package final class TrafficRecorder: Sendable {
  package let path: String
  private let descriptor: Int32
  private let report: @Sendable (FileFailure) -> Void
  /// Held while a line is written.
  private let turn = Mutex(())

  /// Opens the file to append to it, and makes it where it is missing.
  ///
  /// `report` is told what could not be written; the answer concerned is used all the same.
  package init(
    path: String, report: @escaping @Sendable (FileFailure) -> Void
  ) throws(FileFailure) {
    try PrivateFile.makeFolder(of: path)
    self.path = path
    self.report = report
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .latest(path) }
    // A file that was there before may be open to others.
    guard fchmod(descriptor, 0o600) == 0 else {
      let failure = FileFailure.latest(path)
      close(descriptor)
      throw failure
    }
  }

  deinit { close(descriptor) }

  /// Appends an exchange.
  package func record(_ exchange: TrafficExchange, key: APIKey?) {
    let line = exchange.recordable(masking: key).json.compactText + "\n"
    turn.withLock { _ in
      do throws(FileFailure) {
        try PrivateFile.append(Array(line.utf8), to: descriptor, path: path)
      } catch {
        report(error)
      }
    }
  }
}
