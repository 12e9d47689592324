/// Texts numbered in the order in which they first appear, found by their bytes without making a
/// `String` for each row of a table.
struct ByteTextIndex {
  private(set) var texts: [String] = []
  private var starts: [Int] = [0]
  private var bytes: [UInt8] = []
  /// Open addressing with linear probing; -1 is a free slot. At most half of the slots are used.
  private var slots = [Int32](repeating: -1, count: 64)

  /// Returns the number of the text, giving it the next free one where it is new.
  mutating func number(of text: UnsafeRawBufferPointer) -> Int {
    var slot = Self.hash(text) & (slots.count - 1)
    while slots[slot] >= 0 {
      let candidate = Int(slots[slot])
      if equals(candidate, text) { return candidate }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = texts.count
    texts.append(String(decoding: text, as: UTF8.self))
    bytes.append(contentsOf: text)
    starts.append(bytes.count)
    slots[slot] = Int32(number)
    if texts.count * 2 > slots.count { grow() }
    return number
  }

  private func equals(_ candidate: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = starts[candidate]
    guard starts[candidate + 1] - start == text.count else { return false }
    for i in 0..<text.count where bytes[start + i] != text[i] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for number in texts.indices {
      let hash = bytes.withUnsafeBytes { all in
        Self.hash(UnsafeRawBufferPointer(rebasing: all[starts[number]..<starts[number + 1]]))
      }
      var slot = hash & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }

  /// FNV-1a, 64 bits, folded (Fowler, Noll, Vo; RFC 9923).
  private static func hash(_ text: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7fff_ffff)
  }
}
