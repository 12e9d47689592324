package import Essentials

/// What can go wrong with the bytes of a file, whatever they mean.
package enum FileFailure: ExplainedFailure, Hashable {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case tooLong(path: String, bytesMax: Int)
  /// A file for its owner alone is open to others; `mode` holds its nine permissions.
  case readableByOthers(path: String, mode: UInt32)
  /// A file for this user alone belongs to another, who may read it.
  case ownedByAnother(path: String)
  /// A compressed stream ends in its middle; `byte` counts the compressed bytes that were there.
  case truncated(path: String, byte: Int)
  /// A compressed stream contradicts itself near `byte`, counted in compressed bytes from 0.
  case corrupt(path: String, byte: Int, reason: String)

  package var key: String {
    switch self {
    case .unreadable: "unreadable_file"
    case .unwritable: "unwritable_file"
    case .tooLong: "file_too_large"
    case .readableByOthers: "file_open_to_others"
    case .ownedByAnother: "file_of_another"
    case .truncated: "truncated_file"
    case .corrupt: "corrupt_file"
    }
  }

  package var explanation: String {
    switch self {
    case .unreadable(let path, let reason): "The file \(path) cannot be read: \(reason)."
    case .unwritable(let path, let reason): "The file \(path) cannot be written: \(reason)."
    case .tooLong(let path, let bytesMax): "The file \(path) is longer than \(bytesMax) bytes."
    case .readableByOthers(let path, let mode):
      "The file \(path) has the mode 0\(String(mode, radix: 8)), so others may read it."
    case .ownedByAnother(let path): "The file \(path) belongs to somebody else."
    case .truncated(let path, let byte):
      "The compressed file \(path) ends in its middle, after byte \(byte)."
    case .corrupt(let path, let byte, let reason):
      "The compressed file \(path) is damaged near byte \(byte): \(reason)."
    }
  }

  package var remedy: String {
    switch self {
    case .unreadable: "Check the path and the permissions."
    case .unwritable: "Name a file in a folder that can be written to."
    case .tooLong: "Check that it is the file that is meant."
    case .readableByOthers(let path, _): "Run `chmod 600 \(path)`."
    case .ownedByAnother: "Use a file of your own."
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
