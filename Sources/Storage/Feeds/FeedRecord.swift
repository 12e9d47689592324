package import Essentials
package import Markets

/// One thing that a recorded feed tells, as it is kept in a ``FeedFile``.
package struct FeedRecord: Hashable, Sendable {
  /// What it tells.
  package enum Content: Hashable, Sendable {
    /// A message of a book; its levels stand beside the record.
    case book(BookHeader)
    case trade(Trade)
    case mark(ReferencePrice)
    case funding(FundingPayment)
  }

  /// When it arrived, in nanoseconds since 1970 of the recorder's clock; nil where nobody wrote that
  /// down.
  package let arrivedNanoseconds: Int64?
  package let content: Content

  package init(_ content: Content, arrivedNanoseconds: Int64? = nil) {
    self.content = content
    self.arrivedNanoseconds = arrivedNanoseconds
  }

  /// When it was made, by the venue's clock.
  package var instant: Timestamp {
    switch content {
    case .book(let header): header.instant
    case .trade(let trade): trade.instant
    case .mark(let reference): reference.instant
    case .funding(let payment): payment.instant
    }
  }
}

// MARK: - Bytes

/// The bytes of a record: eight little-endian numbers of 64 bits, behind which a book's levels follow
/// as pairs of ticks and lots, bids first.
///
///     word 0   kind (8 bits), detail (8), unused (16), bids (32)
///     word 1   asks (32), unused (32)
///     word 2   made, milliseconds since 1970 by the venue's clock
///     word 3   arrived, nanoseconds since 1970 by the recorder's clock, or absent
///     words 4…7
///       book     first change, last change, previous change or absent, cross sequence or absent
///       trade    price, units (doubles), number, unused; the detail is 1 where a seller took
///       mark     mark, index or absent, in billionths
///       funding  rate in hundred-millionths
///
/// Absent is the least number of 64 bits.
struct FeedRecordBytes: BitwiseCopyable {
  enum Kind: UInt8 {
    case snapshot = 1
    case delta = 2
    case trade = 3
    case mark = 4
    case funding = 5
  }

  static let count = 64
  /// The bytes of a level.
  static let levelCount = 16
  /// Where the word with the instant begins.
  static let instantPlace = 16
  static let absent = Int64.min

  /// The eight words, as numbers of this processor.
  var words: InlineArray<8, Int64> = .init(repeating: 0)

  init(_ record: FeedRecord, bids: Int, asks: Int) {
    words[1] = Int64(asks)
    words[2] = record.instant.millisecondsSinceEpoch
    words[3] = record.arrivedNanoseconds ?? Self.absent
    var kind: Kind
    var detail: Int64 = 0
    switch record.content {
    case .book(let header):
      kind = header.kind == .snapshot ? .snapshot : .delta
      words[4] = header.sequence.first
      words[5] = header.sequence.last
      words[6] = header.sequence.previous ?? Self.absent
      words[7] = header.sequence.cross ?? Self.absent
    case .trade(let trade):
      kind = .trade
      detail = trade.taker == .sell ? 1 : 0
      words[4] = Int64(bitPattern: trade.price.bitPattern)
      words[5] = Int64(bitPattern: trade.units.bitPattern)
      words[6] = Int64(bitPattern: trade.id)
    case .mark(let reference):
      kind = .mark
      words[4] = reference.mark.nanos
      words[5] = reference.index?.nanos ?? Self.absent
    case .funding(let payment):
      kind = .funding
      words[4] = payment.rate.hundredMillionths
    }
    words[0] = Int64(kind.rawValue) | detail << 8 | Int64(bids) << 32
  }

  /// Reads the words at an address of eight-byte alignment.
  @inline(__always)
  init(at base: UnsafeRawPointer) {
    for word in 0..<8 {
      words[word] = Int64(
        littleEndian: base.load(fromByteOffset: 8 &* word, as: Int64.self))
    }
  }

  @inline(__always)
  var bids: Int { Int(truncatingIfNeeded: UInt64(bitPattern: words[0]) &>> 32) }
  @inline(__always)
  var asks: Int { Int(truncatingIfNeeded: words[1] & 0xFFFF_FFFF) }

  /// What the words say; nil where no writer can have written them.
  @inline(__always)
  var record: FeedRecord? {
    guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: words[0])) else { return nil }
    let instant = Timestamp(millisecondsSinceEpoch: words[2])
    let content: FeedRecord.Content
    switch kind {
    case .snapshot, .delta:
      content = .book(
        BookHeader(
          kind: kind == .snapshot ? .snapshot : .delta,
          sequence: BookSequence(
            first: words[4], last: words[5], previous: Self.known(words[6]),
            cross: Self.known(words[7])),
          instant: instant))
    case .trade:
      content = .trade(
        Trade(
          instant: instant, price: Double(bitPattern: UInt64(bitPattern: words[4])),
          units: Double(bitPattern: UInt64(bitPattern: words[5])),
          taker: words[0] &>> 8 & 1 == 1 ? .sell : .buy, id: UInt64(bitPattern: words[6])))
    case .mark:
      guard let mark = Price(nanos: words[4]) else { return nil }
      content = .mark(
        ReferencePrice(
          instant: instant, mark: mark, index: Self.known(words[5]).flatMap { Price(nanos: $0) }))
    case .funding:
      guard let rate = SignedRate(hundredMillionths: words[4]) else { return nil }
      content = .funding(FundingPayment(instant: instant, rate: rate))
    }
    return FeedRecord(content, arrivedNanoseconds: Self.known(words[3]))
  }

  @inline(__always)
  private static func known(_ word: Int64) -> Int64? { word == absent ? nil : word }
}
