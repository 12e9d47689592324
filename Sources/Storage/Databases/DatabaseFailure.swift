package import Essentials

/// What can go wrong with an SQLite file.
package enum DatabaseFailure: ExplainedFailure, Hashable {
  case notADatabase(path: String)
  /// The content contradicts itself or is not laid out as it was written.
  case damaged(path: String, reason: String)
  case diskFull(path: String)
  case readOnly(path: String)
  /// Another connection held what was needed for longer than could be waited.
  case busy(path: String)
  case system(path: String, reason: String)

  package var key: String {
    switch self {
    case .notADatabase: "not_a_database"
    case .damaged: "damaged_database"
    case .diskFull: "disk_full"
    case .readOnly: "read_only_database"
    case .busy: "busy_database"
    case .system: "database_failed"
    }
  }

  package var explanation: String {
    switch self {
    case .notADatabase(let path): "\(path) is not an SQLite database."
    case .damaged(let path, let reason): "The database \(path) is damaged: \(reason)."
    case .diskFull(let path): "There is no room left on the disk of \(path)."
    case .readOnly(let path): "The database \(path) cannot be written."
    case .busy(let path): "The database \(path) is held by another connection."
    case .system(let path, let reason): "The database \(path) cannot be used: \(reason)."
    }
  }

  package var remedy: String {
    switch self {
    case .notADatabase: "Name another file."
    case .damaged: "Keep the file for examination and restore a copy."
    case .diskFull: "Make room and run the command again; nothing was half written."
    case .readOnly: "Check the permissions of the file and of its folder."
    case .busy: "Run the command again when the other program is done."
    case .system: "Check the path, the permissions and the disk."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .notADatabase: .badConfiguration
    case .damaged: .integrityViolated
    case .diskFull, .readOnly, .busy, .system: .failed
    }
  }
}
