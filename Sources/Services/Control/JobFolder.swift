import Essentials
import Foundation
import Glibc
import Research
import Storage

/// The folder of a job: what it reads, what it leaves, and what it wrote.
struct JobFolder: Sendable {
  let path: String

  /// The file of what the programs of the job wrote, bounded and with secrets masked.
  static let outputName = "output.log"
  /// The file of a result that is too large for the journal.
  static let resultName = "result.json"
  /// More files of a job are not listed.
  static let artifactsMax = 200
  /// A larger document is not read.
  static let documentBytesMax = 16 << 20
  /// So much of the output is shown.
  private static let shownBytesMax = 1 << 16

  /// - Parameter jobs: the folder of all jobs.
  init(_ jobs: String, job id: String) { path = "\(jobs)/\(id)" }

  /// Makes the folder, which only its owner may read.
  func create() throws(FileFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unwritable(path: path, reason: "the folder cannot be made")
    }
  }

  /// Removes the folder with everything in it.
  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a document for the job to read.
  func write(_ document: JSONValue, as name: String) throws(FileFailure) {
    try WholeFile.write(Array(document.indentedText.utf8), to: "\(path)/\(name)")
  }

  /// Reads a document that the job left; nil where there is none that can be read.
  ///
  /// Links are not followed, so that nothing outside the folder is ever read.
  func document(_ parts: [String]) -> JSONValue? {
    let place = ([path] + parts).joined(separator: "/")
    guard
      URL(fileURLWithPath: place).resolvingSymlinksInPath().path
        == URL(fileURLWithPath: path).resolvingSymlinksInPath().path + "/"
        + parts.joined(separator: "/")
    else { return nil }
    var facts = stat()
    guard lstat(place, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
      facts.st_size <= Self.documentBytesMax,
      let bytes = (try? WholeFile.read(place)).flatMap({ $0 })
    else { return nil }
    return try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
  }

  /// The files in the folder, by name; hidden ones and links are left out.
  var artifacts: [JobArtifact] {
    guard
      let names = FileManager.default.enumerator(atPath: path)?.prefix(10 * Self.artifactsMax)
    else { return [] }
    let found = names.compactMap { name -> JobArtifact? in
      guard let name = name as? String,
        !name.split(separator: "/").contains(where: { $0.hasPrefix(".") })
      else { return nil }
      var facts = stat()
      guard lstat("\(path)/\(name)", &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
        return nil
      }
      return JobArtifact(name: name, bytes: Int(facts.st_size))
    }
    return Array(found.sorted { $0.name < $1.name }.prefix(Self.artifactsMax))
  }

  /// The last lines of what the job wrote; none where there are none.
  func lastLines(_ count: Int) -> [String] {
    guard let bytes = (try? WholeFile.read("\(path)/\(Self.outputName)")).flatMap({ $0 }) else {
      return []
    }
    return Self.lastLines(String(decoding: bytes.suffix(Self.shownBytesMax), as: UTF8.self), count)
  }

  /// The last lines of a text.
  static func lastLines(_ text: String, _ count: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: true).suffix(count).map(String.init)
  }
}
