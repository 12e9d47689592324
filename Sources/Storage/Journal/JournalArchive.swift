internal import Essentials

/// A file of events that were cut from the journal: their lines, packed with Zstandard.
struct JournalArchive {
  let path: String
  let segment: ArchivedSegment

  init(journal path: String, segment: ArchivedSegment) {
    self.path = "\(Self.folder(of: path))/\(segment.file)"
    self.segment = segment
  }

  /// The folder of a journal's archives.
  static func folder(of path: String) -> String { path + ".archive" }

  static func fileName(first: Int64, last: Int64) -> String {
    func padded(_ number: Int64) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
    return "\(padded(first))-\(padded(last)).jsonl.zst"
  }

  private static let partSize = 4096

  /// Hands over the events in order, in parts, each proven to follow from the one before.
  func read(
    _ body: ([JournalEvent]) throws(JournalFailure) -> Void
  ) throws(JournalFailure) {
    guard !segment.file.contains("/"), Folder.fileExists(path) else {
      throw .archiveMissing(path: path)
    }
    let found = try? CompressedFile.fingerprint(path: path)
    guard found == segment.fingerprint else {
      throw .archiveDamaged(path: path, reason: "its bytes are not those that were written")
    }
    var encoding = JournalEncoding()
    var chain = segment.chainBefore
    var seq = segment.first - 1
    var part: [JournalEvent] = []
    var reader = try LineReader(path: path)
    while let line = try reader.next() {
      guard let event = JournalLine.event(of: line), event.seq == seq + 1,
        encoding.holds(event, after: chain)
      else {
        throw .archiveDamaged(path: path, reason: "event \(seq + 1) is not what was archived")
      }
      seq = event.seq
      chain = event.chain
      part.append(event)
      if part.count == Self.partSize {
        try body(part)
        part.removeAll(keepingCapacity: true)
      }
    }
    guard seq == segment.last, chain == segment.chain else {
      throw .archiveDamaged(
        path: path, reason: "it ends with event \(seq) in place of \(segment.last)")
    }
    if !part.isEmpty { try body(part) }
  }
}

/// The lines of a file that may be packed.
private struct LineReader {
  private let file: CompressedFile
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  init(path: String) throws(JournalFailure) {
    do throws(FileFailure) { file = try CompressedFile(path: path) } catch { throw .file(error) }
  }

  /// The next line without its line feed, nil at the end.
  mutating func next() throws(JournalFailure) -> String? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        return String(decoding: buffer[start..<end], as: UTF8.self)
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return String(decoding: buffer[start...], as: UTF8.self)
      }
      searched = buffer.count - start
      buffer.removeFirst(start)
      start = 0
      var part = [UInt8](repeating: 0, count: 1 << 16)
      do throws(FileFailure) {
        let count = try part.withUnsafeMutableBytes { raw in
          Result { () throws(FileFailure) in try file.read(into: raw) }
        }.get()
        isAtEnd = count == 0
        buffer += part[..<count]
      } catch {
        // A damaged archive is a damaged archive, whichever byte of it.
        throw .archiveDamaged(path: file.path, reason: "it cannot be unpacked")
      }
    }
  }
}
