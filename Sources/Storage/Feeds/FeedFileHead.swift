package import Essentials
package import Markets

/// Whose feed a ``FeedFile`` holds, and in which steps its books are counted.
package struct FeedFileHead: Hashable, Sendable {
  package let symbol: String
  package let `protocol`: BookProtocol
  package let tick: TickSize
  package let lot: LotSize

  /// The bytes of a symbol at most.
  package static let symbolBytesMax = 64

  /// A head; nil for a symbol that is empty or longer than ``symbolBytesMax``.
  package init?(symbol: String, protocol: BookProtocol, tick: TickSize, lot: LotSize) {
    guard (1...Self.symbolBytesMax).contains(symbol.utf8.count) else { return nil }
    self.symbol = symbol
    self.protocol = `protocol`
    self.tick = tick
    self.lot = lot
  }
}

/// How much a ``FeedFile`` holds.
package struct FeedFileCounts: Hashable, Sendable {
  package internal(set) var records = 0
  /// Messages of books among the records.
  package internal(set) var books = 0
  /// Levels of all books' messages.
  package internal(set) var levels = 0
  package internal(set) var trades = 0
  package internal(set) var marks = 0
  package internal(set) var payments = 0
  /// When the earliest and the latest record were made; nil in an empty file.
  package internal(set) var first: Timestamp?
  package internal(set) var last: Timestamp?

  package init() {}

  /// Levels and trades: what others count as the events of a book's recording.
  package var changes: Int { levels + trades }

  mutating func add(_ record: FeedRecord, levels: Int) {
    records += 1
    switch record.content {
    case .book:
      books += 1
      self.levels += levels
    case .trade: trades += 1
    case .mark: marks += 1
    case .funding: payments += 1
    }
    first = min(first ?? record.instant, record.instant)
    last = max(last ?? record.instant, record.instant)
  }
}

// MARK: - Bytes

/// The bytes before and behind the records of a feed file, numbers little-endian.
///
///     head, 256 bytes                          tail, 160 bytes
///     0    "ATHFEED\n"                         0    "ATHTAIL\n"
///     8    version (32 bits), protocol (32)    8    records, books, levels, trades, marks, payments
///     16   tick, lot, in billionths            56   first, last, milliseconds since 1970
///     32   length of the symbol (64 bits)      72   unused
///     40   symbol, up to 64 bytes              96   SHA-256 of head and records
///                                              128  SHA-256 of the recording it was made of
enum FeedFileBytes {
  static let headCount = 256
  static let tailCount = 160
  static let version: Int32 = 1
  static let headMark = Array("ATHFEED\n".utf8)
  static let tailMark = Array("ATHTAIL\n".utf8)
  static let symbolPlace = 40
  static let digestPlace = 96
  static let sourcePlace = 128

  private static let protocols: [BookProtocol] = [.bybit, .binanceFutures, .binanceSpot]

  static func head(_ head: FeedFileHead) -> [UInt8] {
    var bytes = headMark
    append(UInt32(bitPattern: version), to: &bytes)
    append(UInt32(protocols.firstIndex(of: head.protocol) ?? 0), to: &bytes)
    append(head.tick.nanos, to: &bytes)
    append(head.lot.nanos, to: &bytes)
    append(Int64(head.symbol.utf8.count), to: &bytes)
    bytes += head.symbol.utf8
    return bytes + [UInt8](repeating: 0, count: headCount - bytes.count)
  }

  static func tail(
    _ counts: FeedFileCounts, _ fingerprint: Fingerprint, source: Fingerprint
  ) -> [UInt8] {
    var bytes = tailMark
    for count in [
      counts.records, counts.books, counts.levels, counts.trades, counts.marks, counts.payments,
    ] {
      append(Int64(count), to: &bytes)
    }
    for instant in [counts.first, counts.last] {
      append(instant?.millisecondsSinceEpoch ?? FeedRecordBytes.absent, to: &bytes)
    }
    bytes += [UInt8](repeating: 0, count: digestPlace - bytes.count)
    for digest in [fingerprint, source] {
      DigestBytes(hexadecimal: digest.hexadecimal)?.withBytes { bytes += $0 }
    }
    return bytes
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  /// Reads a head of ``headCount`` bytes of a known version; nil where it says what cannot be.
  static func head(of bytes: UnsafeRawBufferPointer) -> FeedFileHead? {
    let kind = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
    let length = number(at: 32, of: bytes)
    guard protocols.indices.contains(kind), let tick = TickSize(nanos: number(at: 16, of: bytes)),
      let lot = LotSize(nanos: number(at: 24, of: bytes)),
      (1...Int64(FeedFileHead.symbolBytesMax)).contains(length),
      let symbol = String(
        validating: bytes[symbolPlace..<symbolPlace + Int(length)], as: UTF8.self)
    else { return nil }
    return FeedFileHead(symbol: symbol, protocol: protocols[kind], tick: tick, lot: lot)
  }

  static func version(of bytes: UnsafeRawBufferPointer) -> Int32 {
    Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self))
  }

  /// Reads a tail of ``tailCount`` bytes; nil where it says what cannot be.
  static func tail(
    of bytes: UnsafeRawBufferPointer
  ) -> (counts: FeedFileCounts, fingerprint: Fingerprint, source: Fingerprint)? {
    guard bytes.starts(with: tailMark) else { return nil }
    var counts = FeedFileCounts()
    let numbers = (0..<6).map { number(at: 8 + 8 * $0, of: bytes) }
    guard numbers.allSatisfy({ (0..<1 << 48).contains($0) }) else { return nil }
    counts.records = Int(numbers[0])
    counts.books = Int(numbers[1])
    counts.levels = Int(numbers[2])
    counts.trades = Int(numbers[3])
    counts.marks = Int(numbers[4])
    counts.payments = Int(numbers[5])
    counts.first = instant(at: 56, of: bytes)
    counts.last = instant(at: 64, of: bytes)
    return (
      counts, fingerprint(at: digestPlace, of: bytes), fingerprint(at: sourcePlace, of: bytes)
    )
  }

  private static func number(at place: Int, of bytes: UnsafeRawBufferPointer) -> Int64 {
    Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
  }

  private static func instant(at place: Int, of bytes: UnsafeRawBufferPointer) -> Timestamp? {
    let milliseconds = number(at: place, of: bytes)
    return milliseconds == FeedRecordBytes.absent
      ? nil : Timestamp(millisecondsSinceEpoch: milliseconds)
  }

  private static func fingerprint(
    at place: Int, of bytes: UnsafeRawBufferPointer
  ) -> Fingerprint {
    let part = UnsafeRawBufferPointer(rebasing: bytes[place..<place + DigestBytes.count])
    let digits = DigestBytes(copying: part)?.hexadecimal ?? ""
    // A digest's digits are always those of a fingerprint.
    return Fingerprint(hexadecimal: digits) ?? Fingerprint(of: "")
  }
}
