package import Essentials
package import Markets

/// A recorded feed of one market in our own form, mapped rather than read.
///
/// 1. Records stand in the order in which they arrived. All of them have 64 bytes, and those of books
///    are followed by their levels of 16 bytes, so everything is aligned for eight-byte numbers.
/// 2. A file is complete: it is written under another name and renamed (``FeedFileWriter``).
/// 3. Reading allocates nothing. The levels that a reader sees lie in the mapped file.
/// 4. Every record was looked at when the file was opened, so reading cannot fail.
///
/// Layouts are drawn at ``FeedFileBytes`` and ``FeedRecordBytes``.
package final class FeedFile: BookRecording {
  package let head: FeedFileHead
  /// What the tail says that the file holds.
  package let counts: FeedFileCounts
  /// The digest of head and records.
  package let fingerprint: Fingerprint
  /// The digest of the recording that it was made of.
  package let source: Fingerprint

  private let file: MappedFile
  /// Where the messages of books begin.
  private let books: ContiguousArray<Int>

  /// Maps a file, reads its head and tail, and passes over its records.
  ///
  /// With `verify` all bytes are held against the digest, about 300 MB a second; without it a changed
  /// price may go unnoticed, a changed record not.
  package init(path: String, verify: Bool = true) throws(FeedFileFailure) {
    do throws(FileFailure) { file = try MappedFile(path: path) } catch { throw .file(error) }
    let bytes = file.bytes
    guard bytes.starts(with: FeedFileBytes.headMark) else { throw .notAFeed(path: path) }
    guard bytes.count >= FeedFileBytes.headCount + FeedFileBytes.tailCount else {
      throw .damaged(path: path, reason: "is too short")
    }
    let version = FeedFileBytes.version(of: bytes)
    guard version == FeedFileBytes.version else {
      throw .unsupportedVersion(path: path, version: version)
    }
    guard let head = FeedFileBytes.head(of: bytes) else {
      throw .damaged(path: path, reason: "has a head that cannot be")
    }
    let end = bytes.count - FeedFileBytes.tailCount
    guard end % 16 == 0,
      let tail = FeedFileBytes.tail(of: UnsafeRawBufferPointer(rebasing: bytes[end...]))
    else { throw .damaged(path: path, reason: "has no tail") }
    self.head = head
    (counts, fingerprint, source) = tail
    let expected = FeedFileBytes.headCount + FeedRecordBytes.count * counts.records
    guard end == expected + FeedRecordBytes.levelCount * counts.levels else {
      throw .damaged(path: path, reason: "is not as long as its tail says")
    }
    guard !verify || Fingerprint(of: UnsafeRawBufferPointer(rebasing: bytes[..<end])) == fingerprint
    else { throw .damaged(path: path, reason: "does not have the digest of its tail") }
    books = try Self.survey(bytes, upTo: end, counts, path)
  }

  /// Finds the messages of books, and makes sure that all records are what the tail says.
  private static func survey(
    _ bytes: UnsafeRawBufferPointer, upTo end: Int, _ told: FeedFileCounts, _ path: String
  ) throws(FeedFileFailure) -> ContiguousArray<Int> {
    var books: ContiguousArray<Int> = []
    books.reserveCapacity(told.books)
    var found = FeedFileCounts()
    var place = FeedFileBytes.headCount
    while place < end {
      let start = place
      guard end - place >= FeedRecordBytes.count, let base = bytes.baseAddress else {
        throw damaged(path, start)
      }
      let words = FeedRecordBytes(at: base + place)
      place += FeedRecordBytes.count
      let levels = words.bids + words.asks
      guard let record = words.record, (end - place) / FeedRecordBytes.levelCount >= levels else {
        throw damaged(path, start)
      }
      place += FeedRecordBytes.levelCount * levels
      if case .book = record.content {
        books.append(start)
      } else if levels > 0 {
        throw damaged(path, start)
      }
      found.add(record, levels: levels)
    }
    guard found == told else { throw .damaged(path: path, reason: "holds not what its tail says") }
    return books
  }

  private static func damaged(_ path: String, _ place: Int) -> FeedFileFailure {
    .damaged(path: path, reason: "has no record at byte \(place)")
  }

  /// The bytes of the file.
  package var byteCount: Int { file.bytes.count }

  /// Calls `body` with each record and its levels, in order.
  ///
  /// The spans are those of the mapped file and must not outlive the call. `body` says whether to go on.
  package func visit(
    _ body: (_ record: FeedRecord, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Bool
  ) {
    let end = file.bytes.count - FeedFileBytes.tailCount
    var place = FeedFileBytes.headCount
    while place < end {
      var goesOn = false
      place = read(at: place) { goesOn = body($0, $1, $2) }
      guard goesOn else { return }
    }
  }

  /// Calls `body` with the record that begins at a byte, and returns where the next one begins.
  @inline(__always)
  private func read(
    at place: Int,
    _ body: (_ record: FeedRecord, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Void
  ) -> Int {
    // A file that was opened has an address, and only records that say something.
    guard let base = file.bytes.baseAddress else { return .max }
    let words = FeedRecordBytes(at: base + place)
    let (bids, asks) = (words.bids, words.asks)
    guard let record = words.record else { return .max }
    // Levels are two numbers of 64 bits in a row, which is how they were written.
    let start = base + place + FeedRecordBytes.count
    let levels = UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: BookLevel.self), count: bids + asks)
    let span = levels.span
    body(record, span.extracting(0..<bids), span.extracting(bids..<(bids + asks)))
    return place + FeedRecordBytes.count + FeedRecordBytes.levelCount * (bids + asks)
  }
}

// MARK: - The book among the records

extension FeedFile {
  package var sequencing: BookProtocol { head.protocol }

  /// The messages of books.
  package var count: Int { books.count }

  /// When a message of the book was made, by the venue's clock; its place is counted from 0.
  package func instant(at place: Int) -> Timestamp {
    let bytes = file.bytes
    let words = bytes.loadUnaligned(
      fromByteOffset: books[place] + FeedRecordBytes.instantPlace, as: Int64.self)
    return Timestamp(millisecondsSinceEpoch: Int64(littleEndian: words))
  }

  /// Calls `body` with a message of the book and its levels, which lie in the mapped file.
  package func read(
    _ place: Int, _ body: (BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>) -> Void
  ) {
    _ = read(at: books[place]) { record, bids, asks in
      if case .book(let header) = record.content { body(header, bids, asks) }
    }
  }
}
