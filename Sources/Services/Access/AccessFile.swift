import Essentials
import Foundation
import Glibc
import Research
import Storage

/// The file `access.json` in which the book of tokens lies, which only its owner may read.
///
/// It is replaced as a whole. Two who change it wait for each other, so none of their changes is lost.
package struct AccessFile: Hashable, Sendable {
  package let path: String

  /// What tells one state of the file from another without reading it.
  struct Stamp: Hashable, Sendable {
    let device: UInt
    let inode: UInt
    let byteCount: Int
    let modified: [Int]
    let changed: [Int]
    /// The owner and the permissions, which decide whether it may be read.
    let owner: UInt32
    let mode: UInt32
  }

  package init(path: String) { self.path = path }

  /// The file that belongs to a journal: it lies beside it.
  package init(besideJournal journal: String) {
    let folder = (journal as NSString).deletingLastPathComponent
    path = folder.isEmpty ? "access.json" : folder + "/access.json"
  }

  /// Reads the book; an empty one where there is no file. A file that others may read is refused.
  package func read() throws(AccessFailure) -> AccessBook {
    let bytes: [UInt8]?
    do throws(FileFailure) {
      bytes = try WholeFile.readPrivate(path)
    } catch {
      throw .file(error)
    }
    guard let bytes else { return AccessBook() }
    // A failure tells the place and not the text, which holds hashes.
    guard let text = String(validating: bytes, as: UTF8.self),
      let document = try? JSONValue(parsing: text)
    else {
      throw .document(
        DocumentFailure(
          document: path, explanation: "It is not JSON.", remedy: "Restore a copy of the file."))
    }
    var reader = DocumentReader(document, at: "")
    let book = AccessBook(reading: &reader)
    guard reader.defects.isEmpty else {
      throw .document(DocumentFailure(document: path, defects: reader.defects))
    }
    return book
  }

  /// Reads the book, lets `body` change it, and writes it, while nobody else does. Where `body`
  /// throws, nothing is written.
  package func change<Result>(
    _ body: (inout AccessBook) throws(AccessFailure) -> Result
  ) throws(AccessFailure) -> Result {
    let lock: FolderLock
    do throws(FileFailure) {
      try WholeFile.prepare(path)
      let folder = (path as NSString).deletingLastPathComponent
      lock = try FolderLock(folder: folder.isEmpty ? "." : folder)
    } catch {
      throw .file(error)
    }
    defer { withExtendedLifetime(lock) {} }
    var book = try read()
    let result = try body(&book)
    do throws(FileFailure) {
      try WholeFile.write(Array((book.json.indentedText + "\n").utf8), to: path, for: .owner)
    } catch {
      throw .file(error)
    }
    return result
  }

  /// The state of the file, nil where there is none. Some microseconds.
  var stamp: Stamp? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    return Stamp(
      device: UInt(facts.st_dev), inode: UInt(facts.st_ino), byteCount: Int(facts.st_size),
      modified: [facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec],
      changed: [facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec], owner: facts.st_uid,
      mode: facts.st_mode)
  }
}
