package import Essentials
import Foundation

/// Documents as files.
package enum DocumentFile {
  /// Makes the folder of a file that is to be written later, and makes sure that the file can be
  /// written there, so that no work is lost for want of a place.
  package static func prepare(_ path: String) throws(UnwritableDocument) {
    let place = URL(fileURLWithPath: path)
    let folder = place.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw UnwritableDocument(path: path, reason: error.localizedDescription)
    }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw UnwritableDocument(path: path, reason: "it is a folder.")
    }
    guard FileManager.default.isWritableFile(atPath: folder.path) else {
      throw UnwritableDocument(path: path, reason: "the folder is closed for writing.")
    }
  }

  /// Writes a document, indented, to a file whose folder is made where it is missing.
  ///
  /// The file appears whole or not at all, in the place of one that was there.
  package static func write(
    _ document: JSONValue, to path: String
  ) throws(UnwritableDocument) {
    let place = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((document.indentedText + "\n").utf8).write(to: place, options: .atomic)
    } catch {
      throw UnwritableDocument(path: path, reason: error.localizedDescription)
    }
  }
}

/// A document that could not be brought to its place.
package struct UnwritableDocument: ExplainedFailure, Hashable {
  package let path: String
  package let reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package var key: String { "unwritable_file" }
  package var explanation: String { "\(path) cannot be written: \(reason)" }
  package var remedy: String { "Name a file in a folder that can be written to." }
  package var outcome: FailureOutcome { .badConfiguration }
}
