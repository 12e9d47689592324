package import Essentials
package import Storage

/// Documents as files.
package enum DocumentFile {
  /// Writes a document, indented, to a file whose folder is made where it is missing.
  ///
  /// The file appears whole or not at all, in the place of one that was there.
  package static func write(_ document: JSONValue, to path: String) throws(FileFailure) {
    try WholeFile.write(Array((document.indentedText + "\n").utf8), to: path)
  }
}
