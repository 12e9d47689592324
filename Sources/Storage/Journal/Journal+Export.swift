package import Essentials
internal import Foundation

/// A file that events were written to.
package struct JournalExport: Hashable, Sendable {
  package let path: String
  package let events: Int
  package let byteCount: Int
  package let fingerprint: Fingerprint
}

extension Journal {
  /// Writes the events that match to a file, one line of JSON each, packed as the file's name says.
  ///
  /// The file appears complete or not at all; one that exists already is an error. Archived events
  /// are not among them.
  package func export(
    to path: String, filter: JournalFilter = JournalFilter(),
    progress: ((_ events: Int) -> Void)? = nil
  ) throws(JournalFailure) -> JournalExport {
    guard !Folder.fileExists(path), !Folder.exists(path) else {
      throw .file(.unreadable(path: path, reason: "there is something of that name already"))
    }
    return try write(to: path) { file throws(JournalFailure) in
      var count = 0
      var cursor = try JournalCursor(self, filter: filter)
      while let part = try cursor.next() {
        try file.append(part)
        count += part.count
        progress?(count)
      }
      return count
    }
  }

  /// Writes a file beside its place and moves it there when it is complete and durable.
  func write(
    to path: String, _ body: (PackedFile) throws(JournalFailure) -> Int
  ) throws(JournalFailure) -> JournalExport {
    let folder = (path as NSString).deletingLastPathComponent
    let partial =
      (folder.isEmpty ? "" : folder + "/") + ".partial-"
      + (path as NSString)
      .lastPathComponent
    Folder.remove(partial)
    do throws(JournalFailure) {
      let file = try inFiles { () throws(FileFailure) in try PackedFile(path: partial) }
      let count = try body(file)
      return try inFiles { () throws(FileFailure) in
        let (fingerprint, byteCount) = try file.finish()
        try Folder.rename(partial, to: path)
        try Folder.synchronize(folder.isEmpty ? "." : folder)
        return JournalExport(
          path: path, events: count, byteCount: byteCount, fingerprint: fingerprint)
      }
    } catch {
      Folder.remove(partial)
      throw error
    }
  }
}

extension PackedFile {
  /// Appends the lines of events.
  func append(_ events: [JournalEvent]) throws(JournalFailure) {
    var text = ""
    for event in events { text += JournalLine.text(of: event) + "\n" }
    try inFiles { () throws(FileFailure) in try write(text) }
  }
}

/// Runs `body`; what fails with a file fails with the journal.
func inFiles<Result>(
  _ body: () throws(FileFailure) -> Result
) throws(JournalFailure) -> Result {
  do throws(FileFailure) { return try body() } catch { throw .file(error) }
}
