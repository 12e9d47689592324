import Essentials
package import Storage
import Synchronization

/// Appends every exchange with a provider to a file of JSON Lines, without keys, so that a run can be
/// replayed with no network, see ``TrafficReplay``.
///
/// The file is readable by its owner alone, since prompts and answers stand in it. A line is written
/// in one piece, so that lines of several threads never mix.
package final class TrafficRecorder: Sendable {
  package let path: String
  private let report: @Sendable (FileFailure) -> Void
  /// Held while a line is written.
  private let turn = Mutex(())

  /// Makes the file where it is missing, and closes it to others where it was there before.
  ///
  /// `report` is told what could not be written; the answer concerned is used all the same.
  package init(
    path: String, report: @escaping @Sendable (FileFailure) -> Void
  ) throws(FileFailure) {
    try WholeFile.append([], to: path, for: .owner)
    self.path = path
    self.report = report
  }

  /// Appends an exchange.
  package func record(_ exchange: TrafficExchange, key: APIKey?) {
    let line = exchange.recordable(masking: key).json.compactText + "\n"
    turn.withLock { _ in
      do throws(FileFailure) {
        try WholeFile.append(Array(line.utf8), to: path, for: .owner)
      } catch {
        report(error)
      }
    }
  }
}
