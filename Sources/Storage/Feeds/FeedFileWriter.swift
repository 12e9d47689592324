package import Essentials
package import Markets

/// Writes a ``FeedFile`` from front to back.
///
/// The bytes go to a hidden file beside the target, which gets the target's name when it is complete and
/// on the disk; whoever gives up before leaves nothing behind. Memory is one buffer. Not for use by two
/// threads.
package final class FeedFileWriter {
  package let path: String
  /// What was written so far.
  package private(set) var counts = FeedFileCounts()

  private let draft: String
  private let output: OutputFile
  private var digest = FingerprintDigest()
  private var buffer: [UInt8] = []
  private var isFinished = false

  /// Bytes that are gathered before they are written.
  private static let capacity = 1 << 20

  /// Begins a file, which takes the place of one that may be there.
  package init(path: String, head: FeedFileHead) throws(FeedFileFailure) {
    self.path = path
    do throws(FileFailure) {
      try WholeFile.prepare(path)
      draft = WholeFile.draftPath(beside: path)
      output = try OutputFile(path: draft)
    } catch {
      throw .file(error)
    }
    buffer.reserveCapacity(Self.capacity + (1 << 16))
    buffer += FeedFileBytes.head(head)
  }

  deinit { if !isFinished { try? WholeFile.remove(draft) } }

  /// Appends a record, with its levels where it is one of a book.
  package func append(
    _ record: FeedRecord, bids: Span<BookLevel>, asks: Span<BookLevel>
  ) throws(FeedFileFailure) {
    counts.add(record, levels: bids.count + asks.count)
    let bytes = FeedRecordBytes(record, bids: bids.count, asks: asks.count)
    for word in 0..<8 { append(bytes.words[word]) }
    for place in bids.indices { append(bids[place]) }
    for place in asks.indices { append(asks[place]) }
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Appends a record that is none of a book.
  package func append(_ record: FeedRecord) throws(FeedFileFailure) {
    let none: ContiguousArray<BookLevel> = []
    try append(record, bids: none.span, asks: none.span)
  }

  /// Completes the file and gives it its name; returns the digest of head and records.
  ///
  /// `source` is the digest of the recording that it was made of.
  package func finish(source: Fingerprint) throws(FeedFileFailure) -> Fingerprint {
    try flush()
    let fingerprint = digest.finish()
    do throws(FileFailure) {
      try output.write(FeedFileBytes.tail(counts, fingerprint, source: source))
      _ = try output.finish()
      try Folder.rename(draft, to: path)
    } catch {
      throw .file(error)
    }
    isFinished = true
    // The bytes are in their place; a file system that cannot synchronize folders changes nothing.
    try? Folder.synchronize(WholeFile.folder(of: path))
    return fingerprint
  }

  private func append(_ level: BookLevel) {
    append(level.ticks)
    append(level.lots)
  }

  private func append(_ word: Int64) {
    withUnsafeBytes(of: word.littleEndian) { buffer.append(contentsOf: $0) }
  }

  private func flush() throws(FeedFileFailure) {
    buffer.withUnsafeBytes { digest.absorb($0) }
    do throws(FileFailure) { try output.write(buffer) } catch { throw .file(error) }
    buffer.removeAll(keepingCapacity: true)
  }
}
