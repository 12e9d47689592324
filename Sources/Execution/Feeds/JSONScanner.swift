/// Reads the bytes of one JSON document (RFC 8259) where they lie, value by value and without a tree.
///
/// 1. Whatever was passed over has been checked: a document whose last value was read and after which
///    ``finish()`` returned is JSON, whichever of its values somebody looked at.
/// 2. Nothing is allocated. A value is known by its ``Place``; its text is looked at where it lies.
/// 3. Escapes are checked and not undone, so a name or text that is written with one equals no other.
///
/// It holds a pointer and must not outlive the bytes. Values may be nested ``depthMax`` deep.
struct JSONScanner {
  /// Where a value stands, with its quotes or brackets; an empty place stands for none.
  struct Place: BitwiseCopyable {
    var start: UInt32 = 0
    var end: UInt32 = 0

    var isPresent: Bool { end != 0 }
    var count: Int { Int(end &- start) }
  }

  static let depthMax = 64

  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var place: Int

  /// A scanner of bytes, of which there are fewer than 2^32.
  init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  /// The byte at hand once white space is passed over; zero at the end.
  @inline(__always)
  mutating func next() -> UInt8 {
    while place < bytes.count {
      let byte = bytes[place]
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      place &+= 1
    }
    return 0
  }

  /// Moves on to a place behind bytes that the caller has checked.
  @inline(__always)
  mutating func go(to place: Int) { self.place = place }

  /// Makes sure that nothing but white space is left.
  mutating func finish() throws(FeedDefect) {
    _ = next()
    guard place == bytes.count else { throw .notJSON }
  }

  // MARK: - Objects and arrays

  /// Enters an object and says whether it has a member, or an array and whether it has an element.
  ///
  /// `bracket` is the one that opens; a value of another kind is refused as `field`.
  @inline(__always)
  mutating func open(_ bracket: UInt8, _ field: FeedField) throws(FeedDefect) -> Bool {
    guard next() == bracket else { throw .unreadable(field) }
    place &+= 1
    // In ASCII the closing bracket stands two behind the opening one, of either kind.
    guard next() == bracket &+ 2 else { return true }
    place &+= 1
    return false
  }

  /// Passes over the comma before the next member or element, or over the closing bracket, and says
  /// which it was.
  @inline(__always)
  mutating func goesOn(until bracket: UInt8) throws(FeedDefect) -> Bool {
    let byte = next()
    place &+= 1
    if byte == UInt8(ascii: ",") { return true }
    guard byte == bracket else { throw .notJSON }
    return false
  }

  /// Passes over the name of a member and its colon.
  @inline(__always)
  mutating func name() throws(FeedDefect) -> Place {
    guard next() == UInt8(ascii: "\"") else { throw .notJSON }
    let name = try text()
    guard next() == UInt8(ascii: ":") else { throw .notJSON }
    place &+= 1
    return name
  }

  /// Passes over a value of any kind.
  @inline(__always)
  mutating func value() throws(FeedDefect) -> Place {
    switch next() {
    case UInt8(ascii: "\""): return try text()
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try nested()
    default: return try plain()
    }
  }

  /// Passes over an object or an array with all that is in it.
  private mutating func nested() throws(FeedDefect) -> Place {
    let start = place
    // One bit for each open bracket, the innermost lowest: 1 for an object.
    var kinds: UInt64 = 0
    var depth = 0
    repeat {
      let byte = next()
      var isValueOver = true
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < Self.depthMax else { throw .notJSON }
        let isObject = byte == UInt8(ascii: "{")
        place &+= 1
        if next() == byte &+ 2 {
          place &+= 1
        } else {
          kinds = kinds &<< 1 | (isObject ? 1 : 0)
          depth &+= 1
          if isObject { _ = try name() }
          isValueOver = false
        }
      case UInt8(ascii: "\""): _ = try text()
      default: _ = try plain()
      }
      while isValueOver, depth > 0 {
        let isObject = kinds & 1 == 1
        if try goesOn(until: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          if isObject { _ = try name() }
          isValueOver = false
        } else {
          kinds &>>= 1
          depth &-= 1
        }
      }
    } while depth > 0
    return Place(start: UInt32(start), end: UInt32(place))
  }

  // MARK: - Texts

  /// Passes over a text, at whose opening quote the scanner stands.
  @inline(__always)
  private mutating func text() throws(FeedDefect) -> Place {
    let start = place
    var here = place &+ 1
    while here < bytes.count {
      let byte = bytes[here]
      here &+= 1
      if byte == UInt8(ascii: "\"") {
        place = here
        return Place(start: UInt32(start), end: UInt32(here))
      }
      if byte == UInt8(ascii: "\\") || byte < 0x20 || byte >= 0x80 {
        return try rareText(from: start)
      }
    }
    throw .notJSON
  }

  /// Passes over a text that has escapes or characters beyond ASCII.
  private mutating func rareText(from start: Int) throws(FeedDefect) -> Place {
    place = start + 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return Place(start: UInt32(start), end: UInt32(place))
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw .notJSON
      case 0x80...: try character(beginning: byte)
      default: break
      }
    }
    throw .notJSON
  }

  private mutating func take() throws(FeedDefect) -> UInt8 {
    guard place < bytes.count else { throw .notJSON }
    place += 1
    return bytes[place - 1]
  }

  private mutating func escape() throws(FeedDefect) {
    switch try take() {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return
    case UInt8(ascii: "u"):
      let unit = try unit()
      guard unit & 0xF800 == 0xD800 else { return }
      // Half of a pair: the high one, and the low one behind it.
      guard unit < 0xDC00, try take() == UInt8(ascii: "\\"), try take() == UInt8(ascii: "u"),
        try self.unit() & 0xFC00 == 0xDC00
      else { throw .notJSON }
    default: throw .notJSON
    }
  }

  private mutating func unit() throws(FeedDefect) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      let byte = try take()
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - 48)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - 55)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - 87)
      default: throw .notJSON
      }
    }
    return unit
  }

  /// Passes over the rest of a character of more than one byte (RFC 3629, section 4).
  private mutating func character(beginning first: UInt8) throws(FeedDefect) {
    let rest: Int
    // The bounds of the second byte keep out overlong forms, halves of pairs and what lies too high.
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: rest = 1
    case 0xE0: (rest, second) = (2, 0xA0...0xBF)
    case 0xED: (rest, second) = (2, 0x80...0x9F)
    case 0xE1...0xEF: rest = 2
    case 0xF0: (rest, second) = (3, 0x90...0xBF)
    case 0xF1...0xF3: rest = 3
    case 0xF4: (rest, second) = (3, 0x80...0x8F)
    default: throw .notJSON
    }
    guard second.contains(try take()) else { throw .notJSON }
    for _ in 1..<rest where try take() & 0xC0 != 0x80 { throw .notJSON }
  }

  // MARK: - Numbers and words

  /// Passes over a number, or over one of the words of JSON.
  private mutating func plain() throws(FeedDefect) -> Place {
    let start = place
    switch next() {
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: throw .notJSON
    }
    return Place(start: UInt32(start), end: UInt32(place))
  }

  private mutating func word(_ word: StaticString) throws(FeedDefect) {
    for index in 0..<word.utf8CodeUnitCount where try take() != word.utf8Start[index] {
      throw .notJSON
    }
  }

  private var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

  private mutating func number() throws(FeedDefect) {
    if byte == UInt8(ascii: "-") { place += 1 }
    if byte == UInt8(ascii: "0") { place += 1 } else { try digits() }
    if byte == UInt8(ascii: ".") {
      place += 1
      try digits()
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      place += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { place += 1 }
      try digits()
    }
  }

  private mutating func digits() throws(FeedDefect) {
    let start = place
    while byte &- 48 < 10 { place &+= 1 }
    guard place > start else { throw .notJSON }
  }
}

// MARK: - Looking at what was passed over

extension JSONScanner {
  /// Whether the bytes are one JSON document.
  static func isDocument(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var scanner = JSONScanner(bytes)
    do throws(FeedDefect) {
      _ = try scanner.value()
      try scanner.finish()
      return true
    } catch {
      return false
    }
  }

  /// Whether a text or a name is this one.
  @inline(__always)
  func isText(_ place: Place, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard place.count == count &+ 2, bytes[Int(place.start)] == UInt8(ascii: "\"") else {
      return false
    }
    let start = Int(place.start) &+ 1
    for index in 0..<count where bytes[start &+ index] != text.utf8Start[index] { return false }
    return true
  }

  /// The bytes between the quotes of a text; nil for a value of another kind.
  func text(_ place: Place) -> UnsafeBufferPointer<UInt8>? {
    guard place.isPresent, bytes[Int(place.start)] == UInt8(ascii: "\"") else { return nil }
    return UnsafeBufferPointer(
      rebasing: bytes[Int(place.start) + 1..<Int(place.end) - 1])
  }

  /// The bytes of a number, which venues write with or without quotes: what is between them, or the
  /// value as it stands.
  @inline(__always)
  func figures(_ place: Place) -> UnsafeBufferPointer<UInt8> {
    let isQuoted = place.isPresent && bytes[Int(place.start)] == UInt8(ascii: "\"")
    let margin = isQuoted ? 1 : 0
    return UnsafeBufferPointer(
      rebasing: bytes[Int(place.start) &+ margin..<Int(place.end) &- margin])
  }

  /// What a truth value says; nil for a value of another kind.
  func truth(_ place: Place) -> Bool? {
    guard place.isPresent else { return nil }
    switch bytes[Int(place.start)] {
    case UInt8(ascii: "t"): return true
    case UInt8(ascii: "f"): return false
    default: return nil
    }
  }

  /// Whether a value is there and says something: neither `null` nor an empty text, with which venues
  /// write that a field does not apply.
  func says(_ place: Place) -> Bool {
    guard place.isPresent else { return false }
    let byte = bytes[Int(place.start)]
    return byte != UInt8(ascii: "n") && !(byte == UInt8(ascii: "\"") && place.count == 2)
  }
}
