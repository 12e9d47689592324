/// The levels of one side of a book by a key that is the smaller, the better the price.
///
/// Close to the best price lies a window of `width` keys in which a level is one array element and
/// one bit; what is deeper than the window stands in a list.
///
///     keys    base ........ best ............. base + width .......
///     lots    [ 0    0    0   5   0   2   ...  1 ]     far: (key, lots) deepest first
///     bits      0    0    0   1   0   1   ...  1
///
/// 1. No level has a key below `base`.
/// 2. `best` is the offset of the lowest bit that is set, or `width` where none is.
/// 3. A level lies in the window if its key does, else in `far`, which is sorted with the deepest
///    level first.
/// 4. Where the window has no level, `far` has none.
///
/// An update in the window costs a store and a few bit operations; removing the best level scans the
/// bits for the next. The window is laid anew when the best price would leave it, which costs in
/// proportion to its width and happens seldom.
struct BookLadder: Sendable {
  /// The number of keys in the window, a multiple of 64.
  let width: Int
  private(set) var base: Int64 = 0
  private(set) var best: Int
  private var lots: ContiguousArray<Int64>
  private var bits: ContiguousArray<UInt64>
  private var farKeys: ContiguousArray<Int64> = []
  private var farLots: ContiguousArray<Int64> = []

  /// An empty side whose window holds `width` keys, rounded up to a multiple of 64.
  init(width: Int) {
    let words = max(1, (width + 63) / 64)
    self.width = words * 64
    best = words * 64
    lots = ContiguousArray(repeating: 0, count: words * 64)
    bits = ContiguousArray(repeating: 0, count: words)
    farKeys.reserveCapacity(2048)
    farLots.reserveCapacity(2048)
  }

  var isEmpty: Bool { best == width }

  /// The key of the best level; nil where there is none.
  var bestKey: Int64? { best == width ? nil : base &+ Int64(best) }

  /// The lots at the best level; zero where there is none.
  var bestLots: Int64 { best == width ? 0 : lots[best] }

  /// The number of levels.
  var count: Int { bits.reduce(farKeys.count) { $0 + $1.nonzeroBitCount } }

  /// The lots at a key; zero where there is no level.
  func lots(at key: Int64) -> Int64 {
    let offset = key &- base
    if offset >= 0, offset < Int64(width) { return lots[Int(offset)] }
    let place = farPlace(of: key)
    return place < farKeys.count && farKeys[place] == key ? farLots[place] : 0
  }

  /// Sets the levels of an update, whose keys are the ticks times `sign`, 1 or -1.
  mutating func set(_ levels: Span<BookLevel>, sign: Int64) {
    var next = 0
    while next < levels.count {
      // The buffers are borrowed for as many levels as fall into the window.
      let width = self.width
      let base = self.base
      var best = self.best
      var outside: BookLevel?
      var mustMove = false
      lots.withUnsafeMutableBufferPointer { lots in
        bits.withUnsafeMutableBufferPointer { bits in
          while next < levels.count {
            let level = levels[next]
            next &+= 1
            let place = UInt64(bitPattern: level.ticks &* sign &- base)
            guard place < UInt64(width) else {
              outside = level
              return
            }
            let offset = Int(truncatingIfNeeded: place)
            let word = offset &>> 6
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: offset & 63)
            lots[offset] = level.lots
            if level.lots != 0 {
              bits[word] |= bit
              if offset < best { best = offset }
            } else {
              bits[word] &= ~bit
              if offset == best {
                best = Self.lowestBit(in: bits, from: word)
                // Past the middle, half of the window would lie before the best price.
                if best > width &>> 1 {
                  mustMove = true
                  return
                }
              }
            }
          }
        }
      }
      self.best = best
      if mustMove { followBest() }
      if let outside { setOutside(outside.ticks &* sign, lots: outside.lots) }
    }
  }

  /// Removes all levels.
  mutating func removeAll() {
    for word in bits.indices where bits[word] != 0 {
      bits[word] = 0
      for offset in word * 64..<word * 64 + 64 { lots[offset] = 0 }
    }
    best = width
    farKeys.removeAll(keepingCapacity: true)
    farLots.removeAll(keepingCapacity: true)
  }

  /// Calls `body` with the key and lots of levels, best first, until it returns false.
  func visit(_ body: (_ key: Int64, _ lots: Int64) -> Bool) {
    var word = best >> 6
    while word < bits.count {
      var rest = bits[word]
      while rest != 0 {
        let offset = word << 6 + rest.trailingZeroBitCount
        guard body(base + Int64(offset), lots[offset]) else { return }
        rest &= rest &- 1
      }
      word += 1
    }
    for place in farKeys.indices.reversed() {
      guard body(farKeys[place], farLots[place]) else { return }
    }
  }
}

// MARK: - The window and what lies beyond it

extension BookLadder {
  /// The keys that are kept free before the best price when the window is laid: an eighth.
  private var headroom: Int64 { Int64(width >> 3) }

  private static func lowestBit(
    in bits: UnsafeMutableBufferPointer<UInt64>, from word: Int
  ) -> Int {
    var word = word
    while word < bits.count {
      if bits[word] != 0 { return word &<< 6 &+ bits[word].trailingZeroBitCount }
      word &+= 1
    }
    return word &<< 6
  }

  /// Lays the window around its best level, or the best of those beyond it.
  private mutating func followBest() {
    if best < width {
      lay(from: base + Int64(best) - headroom)
    } else if let key = farKeys.last {
      lay(from: key - headroom)
    }
  }

  /// Sets a level whose key is not in the window.
  private mutating func setOutside(_ key: Int64, lots quantity: Int64) {
    if key < base || isEmpty {
      // It is better than everything known, or the only one: the window comes to it.
      guard quantity != 0 else { return }
      lay(from: key - headroom)
      let offset = Int(key - base)
      lots[offset] = quantity
      bits[offset >> 6] |= 1 << UInt64(offset & 63)
      best = min(best, offset)
      return
    }
    let place = farPlace(of: key)
    let isKnown = place < farKeys.count && farKeys[place] == key
    switch (isKnown, quantity != 0) {
    case (true, true): farLots[place] = quantity
    case (true, false):
      farKeys.remove(at: place)
      farLots.remove(at: place)
    case (false, true):
      farKeys.insert(key, at: place)
      farLots.insert(quantity, at: place)
    case (false, false): break
    }
  }

  /// The place of a key among the far ones, or where it would stand.
  private func farPlace(of key: Int64) -> Int {
    var low = 0
    var high = farKeys.count
    while low < high {
      let middle = (low + high) >> 1
      if farKeys[middle] > key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Moves the window so that it begins at a key, at or below which no level lies.
  private mutating func lay(from newBase: Int64) {
    let oldBase = base
    // Spill what the new window may not hold, deepest first: everything near, which is better than
    // everything far, so the list stays sorted. Then take back what it does hold.
    var word = bits.count - 1
    while word >= 0 {
      var rest = bits[word]
      while rest != 0 {
        let offset = word << 6 + (63 - rest.leadingZeroBitCount)
        farKeys.append(oldBase + Int64(offset))
        farLots.append(lots[offset])
        lots[offset] = 0
        rest &= ~(1 << UInt64(offset & 63))
      }
      bits[word] = 0
      word -= 1
    }
    base = newBase
    best = width
    while let key = farKeys.last, key - newBase < Int64(width) {
      let offset = Int(key - newBase)
      lots[offset] = farLots[farLots.count - 1]
      bits[offset >> 6] |= 1 << UInt64(offset & 63)
      best = min(best, offset)
      farKeys.removeLast()
      farLots.removeLast()
    }
  }
}
