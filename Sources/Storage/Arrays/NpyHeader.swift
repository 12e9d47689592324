/// The header of an `.npy` file, versions 1.0 and 2.0 (NumPy Enhancement Proposal 1).
///
/// ```
/// 0      6     8        10 (or 12)                          multiple of 64
/// \x93NUMPY  major minor  header length  {'descr': ..., }\n   numbers
/// ```
package struct NpyHeader: Hashable, Sendable {
  package var scalar: NpyScalar
  package var shape: [Int]
  /// Where the numbers begin.
  package var dataOffset: Int

  package init(scalar: NpyScalar, shape: [Int], dataOffset: Int) {
    self.scalar = scalar
    self.shape = shape
    self.dataOffset = dataOffset
  }

  /// The bytes of the numbers.
  package var dataCount: Int { shape.reduce(scalar.byteCount, *) }

  /// Returns the bytes of a version 1.0 header; its length is a multiple of 64, so that the numbers
  /// after it are aligned for vector loads in a mapped file.
  package static func bytes(scalar: NpyScalar, shape: [Int]) -> [UInt8] {
    let dimensions = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(scalar.rawValue)', 'fortran_order': False, 'shape': (\(dimensions)), }"
    var body = Array(text.utf8)
    let padding = (64 - (10 + body.count + 1) % 64) % 64
    body.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
    body.append(UInt8(ascii: "\n"))
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(body.count & 0xff), UInt8(body.count >> 8)] + body
  }

  /// Reads the header at the start of a file of which `path` is the name for messages.
  package init(parsing bytes: UnsafeRawBufferPointer, path: String) throws(ArrayFailure) {
    guard bytes.count >= 10, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      throw .notAnArray(path: path)
    }
    let bodyStart: Int
    let bodyCount: Int
    switch bytes[6] {
    case 1:
      bodyStart = 10
      bodyCount = Int(bytes[8]) | Int(bytes[9]) << 8
    case 2 where bytes.count >= 12:
      bodyStart = 12
      bodyCount =
        Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
    default: throw .unsupportedVersion(path: path, version: "\(bytes[6]).\(bytes[7])")
    }
    guard bodyCount <= 65_536, bodyStart + bodyCount <= bytes.count else {
      throw .malformedHeader(path: path, reason: "it is longer than the file")
    }
    var parser = DictionaryText(
      bytes: Array(bytes[bodyStart..<(bodyStart + bodyCount)]), path: path)
    let dictionary = try parser.parse()
    guard !dictionary.isFortranOrder else { throw .fortranOrder(path: path) }
    // NumPy writes single bytes with any mark of byte order.
    let spelling = dictionary.scalar.hasSuffix("u1") ? "|u1" : dictionary.scalar
    guard let scalar = NpyScalar(rawValue: spelling) else {
      throw .unsupportedScalar(path: path, scalar: dictionary.scalar)
    }
    var expected = scalar.byteCount
    for length in dictionary.shape {
      let (product, overflows) = expected.multipliedReportingOverflow(by: length)
      guard !overflows else {
        throw .malformedHeader(path: path, reason: "the shape \(dictionary.shape) is too large")
      }
      expected = product
    }
    let found = bytes.count - bodyStart - bodyCount
    guard found == expected else {
      throw .wrongSize(path: path, found: found, expected: expected)
    }
    guard (bodyStart + bodyCount) % scalar.byteCount == 0 else {
      throw .malformedHeader(path: path, reason: "its length does not align the numbers")
    }
    self.scalar = scalar
    shape = dictionary.shape
    dataOffset = bodyStart + bodyCount
  }
}

/// The Python dictionary in a header: three keys with a string, a truth value and a tuple.
private struct DictionaryText {
  struct Entries {
    var scalar: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  let bytes: [UInt8]
  let path: String
  var position = 0

  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  mutating func parse() throws(ArrayFailure) -> Entries {
    var scalar: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr":
        if peek() == UInt8(ascii: "[") {
          throw .unsupportedScalar(path: path, scalar: "a structure")
        }
        scalar = try string()
      case "fortran_order": isFortranOrder = try truth()
      case "shape": shape = try tuple()
      default: throw .malformedHeader(path: path, reason: "it has an unknown key '\(key)'")
      }
      _ = take(",")
    }
    guard let scalar, let isFortranOrder, let shape else {
      throw .malformedHeader(path: path, reason: "descr, fortran_order or shape is missing")
    }
    return Entries(scalar: scalar, isFortranOrder: isFortranOrder, shape: shape)
  }

  private mutating func peek() -> UInt8? {
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ mark: Unicode.Scalar) throws(ArrayFailure) {
    guard take(mark) else {
      throw .malformedHeader(path: path, reason: "'\(mark)' is missing at byte \(position)")
    }
  }

  private mutating func string() throws(ArrayFailure) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw .malformedHeader(path: path, reason: "a string is missing at byte \(position)")
    }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else {
      throw .malformedHeader(path: path, reason: "a string never ends")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func truth() throws(ArrayFailure) -> Bool {
    _ = peek()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw .malformedHeader(path: path, reason: "fortran_order is neither True nor False")
  }

  private mutating func tuple() throws(ArrayFailure) -> [Int] {
    var lengths: [Int] = []
    try expect("(")
    while !take(")") {
      guard let first = peek(), first &- 48 < 10 else {
        throw .malformedHeader(path: path, reason: "the shape is not a tuple of lengths")
      }
      var length = 0
      while position < bytes.count, bytes[position] &- 48 < 10 {
        guard length < 1 << 48 else {
          throw .malformedHeader(path: path, reason: "the shape is too large")
        }
        length = length * 10 + Int(bytes[position] - 48)
        position += 1
      }
      lengths.append(length)
      _ = take(",")
    }
    return lengths
  }
}
