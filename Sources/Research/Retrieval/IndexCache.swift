import Essentials
import Storage

/// A file that keeps the index of a catalogue from one run to the next.
///
/// ```
/// athanor search index <format>\n
/// <fingerprint of the catalogue and the tokenizer, 64 digits>\n
/// <SHA-256 of what follows, 64 digits>\n
/// four indexes: subcategories, datasets, fields, operators
/// ```
///
/// The file is only ever a shortcut: one that is missing, damaged, or of another catalogue is made
/// anew and replaced as a whole, so that no reader ever sees a part of it.
package struct IndexCache: Hashable, Sendable {
  /// Changes with the bytes of the file.
  static let format = 1

  /// How an index was come by.
  package enum Source: Hashable, Sendable {
    case file
    /// Made from the catalogue and kept.
    case catalogue
    /// Made from the catalogue; the file could not be written, for the reason given.
    case catalogueUnsaved(reason: String)
  }

  package let path: String

  /// Names the file, which need not exist; its folder is made when the index is kept.
  package init(path: String) {
    self.path = path
  }

  /// Returns the index of a catalogue, from the file where it holds exactly that.
  package func index(of catalogue: MetadataCatalogue) -> (index: CatalogueIndex, source: Source) {
    if let stored = read(), stored.isUp(to: catalogue) { return (stored, .file) }
    let index = CatalogueIndex(catalogue)
    do throws(FileFailure) {
      try WholeFile.write(Self.bytes(of: index), to: path)
      return (index, .catalogue)
    } catch {
      return (index, .catalogueUnsaved(reason: error.explanation))
    }
  }

  private static var title: String { "athanor search index \(format)\n" }

  private static func bytes(of index: CatalogueIndex) -> [UInt8] {
    var writer = ByteWriter()
    for part in [index.subcategories, index.datasets, index.fields, index.operators] {
      part.write(to: &writer)
    }
    let digest = writer.bytes.withUnsafeBytes { Fingerprint(of: $0) }
    return Array("\(title)\(index.fingerprint)\n\(digest)\n".utf8) + writer.bytes
  }

  /// The index in the file, nil where the bytes are not what was written.
  private func read() -> CatalogueIndex? {
    guard let bytes = try? WholeFile.read(path) else { return nil }
    let title = Array(Self.title.utf8)
    let start = title.count + 2 * 65
    guard bytes.count >= start, bytes.starts(with: title),
      let named = Self.fingerprint(in: bytes[title.count..<title.count + 64]),
      let digest = Self.fingerprint(in: bytes[title.count + 65..<start - 1]),
      bytes[start...].withUnsafeBytes({ Fingerprint(of: $0) }) == digest
    else { return nil }
    var reader = ByteReader(bytes, from: start)
    guard let subcategories = SearchIndex(reading: &reader),
      let datasets = SearchIndex(reading: &reader), let fields = SearchIndex(reading: &reader),
      let operators = SearchIndex(reading: &reader), reader.isAtEnd
    else { return nil }
    return CatalogueIndex(
      fingerprint: named, subcategories: subcategories, datasets: datasets, fields: fields,
      operators: operators)
  }

  private static func fingerprint(in bytes: ArraySlice<UInt8>) -> Fingerprint? {
    Fingerprint(hexadecimal: String(decoding: bytes, as: UTF8.self))
  }
}
