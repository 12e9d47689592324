package import Essentials
import Foundation
import Glibc
import Storage
import Synchronization

/// The right to work in a folder of jobs, held by one process until it gives it back, or this object
/// or the process ends.
final class DeskLock: Sendable {
  private let held: Mutex<Int32?>

  /// Makes the folder where it is missing. Throws where another process holds the right.
  init(folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw FileFailure.unwritable(path: folder, reason: "the folder cannot be made")
    }
    let path = folder + "/.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FileFailure.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw JobDeskFailure.anotherDesk(folder: folder)
    }
    held = Mutex(descriptor)
  }

  /// Gives the right back; at once where it was given back before.
  func release() {
    held.withLock { descriptor in
      if let descriptor { close(descriptor) }
      descriptor = nil
    }
  }

  deinit { release() }
}

/// Why a desk of jobs cannot be opened.
package enum JobDeskFailure: ExplainedFailure, Hashable {
  /// Another process starts the jobs of this folder.
  case anotherDesk(folder: String)
  /// Processes of earlier jobs do not end.
  case processesRemain([Int32])

  package var key: String {
    switch self {
    case .anotherDesk: "another_desk"
    case .processesRemain: "processes_remain"
    }
  }

  package var explanation: String {
    switch self {
    case .anotherDesk(let folder): "Another server starts the jobs of \(folder)."
    case .processesRemain(let numbers):
      "The processes \(numbers.map(String.init).joined(separator: ", ")) of earlier jobs do not end."
    }
  }

  package var remedy: String {
    switch self {
    case .anotherDesk:
      "Stop it, or name a journal in another folder: jobs lie in the folder of their journal."
    case .processesRemain: "End them by hand and start the server again."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
