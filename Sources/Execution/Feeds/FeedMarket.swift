package import Markets

/// A symbol whose messages are read, and the steps in which its book is counted.
package struct FeedMarket: Hashable, Sendable {
  /// As the venue writes it, such as `BTCUSDT`.
  package let symbol: String
  package let tick: TickSize
  package let lot: LotSize

  package init(symbol: String, tick: TickSize, lot: LotSize) {
    self.symbol = symbol
    self.tick = tick
    self.lot = lot
  }

  /// The market of a contract; nil where its venue rules no tick, so that a book cannot be counted.
  package init?(_ rules: InstrumentRules) {
    guard let tick = rules.tick else { return nil }
    self.init(symbol: rules.symbol, tick: tick, lot: rules.lot)
  }
}

/// The markets of a reader, found by the bytes of their symbols.
///
/// An open-addressed table of a power of two, at most half full; looking up costs a pass over the
/// symbol's bytes and compares it with one symbol as a rule.
struct FeedMarketTable: Sendable {
  /// A market's scales, as its messages need them.
  struct Entry: Sendable {
    let symbol: ContiguousArray<UInt8>
    let price: DecimalScale
    let quantity: DecimalScale
  }

  let entries: ContiguousArray<Entry>
  private var slots: ContiguousArray<Int32>

  init(_ markets: [FeedMarket]) {
    entries = ContiguousArray(
      markets.map {
        Entry(
          symbol: ContiguousArray($0.symbol.utf8), price: DecimalScale(nanos: $0.tick.nanos),
          quantity: DecimalScale(nanos: $0.lot.nanos))
      })
    var size = 4
    while size < 2 * markets.count { size *= 2 }
    slots = ContiguousArray(repeating: -1, count: size)
    for place in entries.indices {
      let hash = entries[place].symbol.withUnsafeBufferPointer { Self.hash($0, isFolded: false) }
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(place)
    }
  }

  /// The place of a symbol; nil where there is none of that name. Of two markets with one name it is
  /// the first.
  ///
  /// `isFolded` reads small letters as capitals, as the names of Binance's streams are written.
  func place(of symbol: UnsafeBufferPointer<UInt8>, isFolded: Bool = false) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(symbol, isFolded: isFolded)) & mask
    while true {
      let place = Int(slots[slot])
      guard place >= 0 else { return nil }
      if isSame(entries[place].symbol, symbol, isFolded: isFolded) { return place }
      slot = (slot + 1) & mask
    }
  }

  /// Whether a symbol is that of the market at a place.
  func isSymbol(_ symbol: UnsafeBufferPointer<UInt8>, of place: Int) -> Bool {
    isSame(entries[place].symbol, symbol, isFolded: false)
  }

  private func isSame(
    _ known: ContiguousArray<UInt8>, _ symbol: UnsafeBufferPointer<UInt8>, isFolded: Bool
  ) -> Bool {
    guard known.count == symbol.count else { return false }
    for index in known.indices where known[index] != Self.folded(symbol[index], isFolded) {
      return false
    }
    return true
  }

  @inline(__always)
  private static func folded(_ byte: UInt8, _ isFolded: Bool) -> UInt8 {
    isFolded && byte &- 97 < 26 ? byte & 0xDF : byte
  }

  /// FNV-1a of 64 bits.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, isFolded: Bool) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes {
      hash = (hash ^ UInt64(folded(byte, isFolded))) &* 0x100_0000_01B3
    }
    return hash ^ hash >> 32
  }
}
