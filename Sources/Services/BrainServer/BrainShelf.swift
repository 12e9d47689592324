import Essentials
import Foundation
import Storage

/// Where the server keeps its alphas: one file each, so that a change writes one alpha.
struct BrainShelf: Sendable {
  /// Nil keeps nothing.
  let folder: String?

  /// Reads every alpha, the oldest first. A file that cannot be read is refused rather than lost.
  func load() throws -> [BrainAlphaRecord] {
    guard let folder, FileManager.default.fileExists(atPath: folder) else { return [] }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".json") }.sorted()
    let records = try names.map { name in
      let path = "\(folder)/\(name)"
      guard let bytes = try WholeFile.read(path),
        let document = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
        let record = BrainAlphaRecord(kept: document)
      else { throw BrainServerFailure.unreadableAlpha(path: path) }
      return record
    }
    return records.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  func keep(_ record: BrainAlphaRecord) throws(FileFailure) {
    guard let folder else { return }
    // Ids tell letters from their capitals, which some file systems do not.
    let name = record.id.utf8.map { String($0, radix: 16) }.joined()
    try WholeFile.write(
      Array(record.kept.indentedText.utf8), to: "\(folder)/\(name).json")
  }
}
