package import Essentials

/// What can go wrong with the bytes of a file before anybody looks at their meaning.
package enum FileFailure: ExplainedFailure, Hashable {
  case unreadable(path: String, reason: String)
  /// A compressed stream ends in its middle; `byte` counts the compressed bytes that were there.
  case truncated(path: String, byte: Int)
  /// A compressed stream contradicts itself near `byte`, counted in compressed bytes from 0.
  case corrupt(path: String, byte: Int, reason: String)

  package var key: String {
    switch self {
    case .unreadable: "unreadable_file"
    case .truncated: "truncated_file"
    case .corrupt: "corrupt_file"
    }
  }

  package var explanation: String {
    switch self {
    case .unreadable(let path, let reason): "The file \(path) cannot be read: \(reason)."
    case .truncated(let path, let byte):
      "The compressed file \(path) ends in its middle, after byte \(byte)."
    case .corrupt(let path, let byte, let reason):
      "The compressed file \(path) is damaged near byte \(byte): \(reason)."
    }
  }

  package var remedy: String {
    switch self {
    case .unreadable: "Check the path and the permissions."
    case .truncated: "Fetch the file again; the copy is incomplete."
    case .corrupt: "Fetch the file again, or decompress it with another tool to see what remains."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}

extension FileFailure {
  /// Describes the system error `code` (an `errno` value) of an attempt to use `path`.
  static func system(_ path: String, _ code: Int32) -> FileFailure {
    .unreadable(path: path, reason: systemReason(code))
  }
}
