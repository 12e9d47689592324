internal import Glibc

/// SQLite's write-ahead log, read to find what SQLite passes over in silence.
///
/// SQLite ends its recovery at the first frame whose checksum is wrong. That is right for a frame
/// that was being written when the power failed, and wrong for one that was damaged later: the
/// transactions behind it, which were acknowledged, would vanish without a word. The two are told
/// apart by what lies behind the frame.
///
/// ```
/// 0            32                     32 + 24 + page
/// | header     | frame 1              | frame 2 ...      (https://www.sqlite.org/fileformat2.html, 4)
///   magic, page size, salts, sum      page number, size after commit or 0, salts, sum | page
/// ```
///
/// A frame is of this log where its salts are the header's. Its sum continues the sum of the frame
/// before, as it stands there, so each frame can be judged although an earlier one is damaged.
enum WriteAheadLog {
  struct Damage: Hashable {
    /// The first damaged frame, counted from 1; 0 is the header.
    var frame: Int
    /// The transactions that end at this frame or behind it.
    var commits: Int

    /// A transaction begins when the one before is on the disk, so with two ends behind the damage the
    /// first was acknowledged. A single one may have been interrupted by a power failure.
    var isAcknowledged: Bool { commits >= 2 }
  }

  /// Examines the log of a journal while nobody writes it.
  static func damage(journal path: String) throws(JournalFailure) -> Damage? {
    guard let bytes = try contents(path + "-wal"), bytes.count > headerCount else { return nil }
    return damage(log: bytes)
  }

  private static let headerCount = 32
  private static let frameHeaderCount = 24
  /// That of every file that SQLite makes without being told otherwise.
  private static let usualPageSize = 4096

  static func damage(log bytes: [UInt8]) -> Damage? {
    // The last bit of the magic number says in which order the bytes of a word are summed.
    let log = Log(bytes: bytes, isBigEndian: bytes[3] & 1 == 1)
    let isMagic = log.word(0) | 1 == 0x377f_0683
    if isMagic && log.sum(of: 0..<24, after: Sum()) == log.storedSum(at: 24) {
      return damage(log, page: Int(log.word(8)), salts: bytes[16..<24], isHeaderWhole: true)
    }
    // What the header would say is tried. The journal's file knows its page size too, but opening and
    // closing it here would end the locks that SQLite has on it for other openings of this process.
    let salts = bytes[(headerCount + 8)..<min(bytes.count, headerCount + 16)]
    for isBigEndian in [false, true] {
      let log = Log(bytes: bytes, isBigEndian: isBigEndian)
      if let damage = damage(log, page: usualPageSize, salts: salts, isHeaderWhole: false) {
        return damage
      }
    }
    return nil
  }

  private static func damage(
    _ log: Log, page: Int, salts: ArraySlice<UInt8>, isHeaderWhole: Bool
  ) -> Damage? {
    guard page >= 512, page <= 65_536, page % 8 == 0 else { return nil }
    let size = frameHeaderCount + page
    let count = (log.bytes.count - headerCount) / size
    guard count > 0 else { return nil }
    var damaged: Int? = isHeaderWhole ? nil : 0
    var commits = 0
    // The sums that the next one may continue: the one that stands in the frame before, and the one
    // that should stand there.
    var before = [log.storedSum(at: 24), log.sum(of: 0..<24, after: Sum())]
    for frame in 1...count {
      let start = headerCount + (frame - 1) * size
      let stored = log.storedSum(at: start + 16)
      let sums = before.map { log.sum(ofFrame: start, page: page, after: $0) }
      let isSumRight = sums.contains(stored)
      let isOfThisLog = log.bytes[(start + 8)..<(start + 16)] == salts
      let endsTransaction = log.word(start + 4) > 0
      if damaged != nil {
        if isSumRight && isOfThisLog && endsTransaction { commits += 1 }
      } else if !(isSumRight && isOfThisLog) {
        damaged = frame
        // Neither holds for the rest of an earlier log, which is a proper end.
        if isSumRight != isOfThisLog,
          endsTransaction || log.endedTransaction(start, page: page, after: before[0])
        {
          commits += 1
        }
      }
      before = stored == sums[0] ? [stored] : [stored, sums[0]]
    }
    // Without the end of a transaction nothing behind was ever committed.
    guard let damaged, commits > 0 else { return nil }
    return Damage(frame: damaged, commits: commits)
  }

  private struct Sum: Hashable {
    var first: UInt32 = 0
    var second: UInt32 = 0
  }

  private struct Log {
    var bytes: [UInt8]
    let isBigEndian: Bool

    /// A big-endian number.
    func word(_ offset: Int) -> UInt32 {
      bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    func storedSum(at offset: Int) -> Sum {
      Sum(first: word(offset), second: word(offset + 4))
    }

    /// SQLite's checksum of whole pairs of words.
    func sum(of range: Range<Int>, after start: Sum) -> Sum {
      var sum = start
      bytes.withUnsafeBytes { raw in
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
          let left = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          let right = raw.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
          sum.first &+= (isBigEndian ? left.bigEndian : left.littleEndian) &+ sum.second
          sum.second &+= (isBigEndian ? right.bigEndian : right.littleEndian) &+ sum.first
        }
      }
      return sum
    }

    /// The checksum of page number, size after commit, and page.
    func sum(ofFrame start: Int, page: Int, after before: Sum) -> Sum {
      let content = start + frameHeaderCount
      return sum(
        of: content..<(content + page), after: sum(of: start..<(start + 8), after: before))
    }

    /// Whether one flipped bit has hidden that a frame ends a transaction: with the bit flipped back
    /// its sum is right.
    func endedTransaction(_ start: Int, page: Int, after before: Sum) -> Bool {
      let end = start + frameHeaderCount + page
      var frame = Log(bytes: Array(bytes[start..<end]), isBigEndian: isBigEndian)
      let stored = frame.storedSum(at: 16)
      return (32..<64).contains { bit in
        frame.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        defer { frame.bytes[bit / 8] ^= 1 << UInt8(bit % 8) }
        return frame.sum(ofFrame: 0, page: page, after: before) == stored
      }
    }
  }

  /// The bytes of a file, nil where there is none. Read, not mapped: the file may be cut meanwhile.
  private static func contents(_ path: String) throws(JournalFailure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .file(.system(path, errno))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = part.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .file(.system(path, errno))
      }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
  }

  // MARK: - After a failure

  /// Removes what a writer left behind the end of the log when it died or failed before its commit was
  /// known to the others. These pass over it and write where it begins; what would then still stand behind
  /// their frames looks like acknowledged transactions behind a damaged frame.
  ///
  /// The right to write must be held. Returns false where SQLite does not tell the end now.
  static func cutOffRest(_ connection: SQLiteConnection) throws(JournalFailure) -> Bool {
    let (frames, page) = try inDatabase { () throws(DatabaseFailure) in
      (
        try connection.rows("PRAGMA wal_checkpoint(PASSIVE)").first?[1].integer ?? -1,
        try connection.value("PRAGMA page_size").integer ?? Int64(usualPageSize)
      )
    }
    guard frames >= 0 else { return false }
    let path = connection.path + "-wal"
    let end = Int(frames) * (frameHeaderCount + Int(page)) + headerCount
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) > end else { return true }
    guard truncate(path, end) == 0 else { throw .file(.system(path, errno)) }
    return true
  }
}
