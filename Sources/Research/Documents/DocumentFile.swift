package import Essentials
import Foundation

/// Documents as files.
package enum DocumentFile {
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

  package var key: String { "unwritable_file" }
  package var explanation: String { "\(path) cannot be written: \(reason)" }
  package var remedy: String { "Name a file in a folder that can be written to." }
  package var outcome: FailureOutcome { .badConfiguration }
}
