package import Essentials
import Foundation

/// Text from outside, read in one piece and up to a limit.
package enum SourceText {
  /// More than half a million usual formulas.
  package static let bytesMax = 64 << 20

  /// Reads a file, which may also be a pipe.
  package static func read(path: String) throws(TextFailure) -> String {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw .unreadable(name: path, reason: "it is a folder")
    }
    let bytes: Data
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      bytes = try file.read(upToCount: bytesMax + 1) ?? Data()
    } catch {
      throw .unreadable(name: path, reason: reason(error))
    }
    return try decode(Array(bytes), named: path)
  }

  /// Takes bytes as UTF-8, without a byte order mark.
  package static func decode(_ bytes: [UInt8], named name: String) throws(TextFailure) -> String {
    guard bytes.count <= bytesMax else { throw .tooLarge(name: name, bytesMax: bytesMax) }
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    guard let text = String(validating: bytes, as: UTF8.self) else {
      // A replacement character stands where decoding fails, so the texts differ from there on.
      let decoded = Array(String(decoding: bytes, as: UTF8.self).utf8)
      let good = zip(bytes, decoded).prefix { $0 == $1 }
      throw .notText(name: name, line: 1 + good.count { $0.0 == UInt8(ascii: "\n") })
    }
    return text
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = cause?.domain == NSPOSIXErrorDomain ? cause?.code : nil
    switch code.flatMap({ POSIXErrorCode(rawValue: Int32($0)) }) {
    case .ENOENT: return "it does not exist"
    case .EACCES: return "permission is denied"
    default:
      switch (error as? CocoaError)?.code {
      case .fileReadNoSuchFile, .fileNoSuchFile: return "it does not exist"
      case .fileReadNoPermission: return "permission is denied"
      default: return (cause ?? error as NSError).localizedDescription
      }
    }
  }
}

/// A text that cannot be taken in.
package enum TextFailure: ExplainedFailure, Hashable {
  case unreadable(name: String, reason: String)
  case tooLarge(name: String, bytesMax: Int)
  /// The first line whose bytes are no UTF-8.
  case notText(name: String, line: Int)

  package var key: String {
    switch self {
    case .unreadable: "unreadable_file"
    case .tooLarge: "file_too_large"
    case .notText: "not_text"
    }
  }

  package var explanation: String {
    switch self {
    case .unreadable(let name, let reason): "\(name) cannot be read: \(reason)."
    case .tooLarge(let name, let bytesMax):
      "\(name) has more than \(bytesMax >> 20) megabytes, which is all that is read."
    case .notText(let name, let line): "Line \(line) of \(name) is not UTF-8 text."
    }
  }

  package var remedy: String {
    switch self {
    case .unreadable: "Check the path and the permissions."
    case .tooLarge: "Split the file."
    case .notText: "Hand in text, encoded as UTF-8."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
