package import AlphaLanguage

/// What a formula is made of, as two sets of numbers by which formulas are compared.
///
/// - Pairs: a field, and an operator that has it anywhere below it.
/// - Shingles: an operator with what its arguments are, and with what their arguments are. Numbers
///   count as one thing, so that another window is no other formula.
///
/// Both follow from the canonical text alone, so a journal can be searched without a catalogue.
/// Pairs say whether data meet an operation that they have not met; shingles, after Broder, "On the
/// resemblance and containment of documents" (1997), whether the shape is one that was there before.
package struct FormulaFeatures: Hashable, Sendable {
  /// Ascending, each once.
  package let pairs: [UInt64]
  /// Ascending, each once.
  package let shingles: [UInt64]

  /// Takes a canonical text apart; nil where the text is none. Cost: linear in the text, times the
  /// number of fields.
  package init?(canonicalText text: String) {
    var reader = CanonicalReader(text)
    guard reader.read() else { return nil }
    var pairs: Set<UInt64> = []
    var shingles: Set<UInt64> = []
    var fieldsBelow: [Set<Int>] = []
    var flat: [String] = []
    for (index, node) in reader.nodes.enumerated() {
      guard node.isCall else {
        fieldsBelow.append(node.isField ? [index] : [])
        flat.append(node.label)
        continue
      }
      var fields: Set<Int> = []
      for child in node.children { fields.formUnion(fieldsBelow[child]) }
      fieldsBelow.append(fields)
      for field in fields {
        pairs.insert(Self.digest("pair", node.label, reader.nodes[field].label))
      }
      let arguments = node.children.map { reader.nodes[$0].label }.joined(separator: ",")
      flat.append("\(node.label)(\(arguments))")
      shingles.insert(Self.digest("shape", flat[index]))
      if node.children.contains(where: { reader.nodes[$0].isCall }) {
        let deep = node.children.map { flat[$0] }.joined(separator: ",")
        shingles.insert(Self.digest("shape", "\(node.label)(\(deep))"))
      }
    }
    // A field alone has no operator, but is something all the same.
    if let root = reader.nodes.last, !root.isCall {
      pairs.insert(Self.digest("pair", "", root.label))
      shingles.insert(Self.digest("shape", root.label))
    }
    self.pairs = pairs.sorted()
    self.shingles = shingles.sorted()
  }

  /// Takes a checked formula apart. Should its text not be understood, the whole of it counts as one
  /// shape of its own.
  package init(_ formula: CheckedFormula) {
    self =
      Self(canonicalText: formula.canonicalText)
      ?? Self(shape: formula.canonicalText)
  }

  private init(shape: String) {
    pairs = []
    shingles = [Self.digest("shape", shape)]
  }

  /// The 64-bit FNV-1a hash of the words, a zero byte after each; the same in every process.
  private static func digest(_ words: String...) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in words {
      for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = hash &* 0x100_0000_01b3
    }
    return hash
  }
}

/// Reads canonical text into nodes that stand after their children, each use of a name its own node
/// only where the name stands for a field.
private struct CanonicalReader {
  struct Node {
    let label: String
    let children: [Int]
    let isCall: Bool
    let isField: Bool
  }

  /// Deeper than canonical text ever is.
  private static let depthMax = 256
  private static let number = "#"

  private let bytes: [UInt8]
  private var place = 0
  private(set) var nodes: [Node] = []
  private var named: [String: Int] = [:]
  private var leaves: [String: Int] = [:]

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// Reads assignments and the value after them, which becomes the last node.
  mutating func read() -> Bool {
    while true {
      skipSpace()
      let start = place
      if let name = word(), take(UInt8(ascii: "=")) {
        guard let value = value(depth: 0), take(UInt8(ascii: ";")) else { return false }
        named[name] = value
        continue
      }
      place = start
      guard let root = value(depth: 0) else { return false }
      skipSpace()
      guard place == bytes.count else { return false }
      if root != nodes.count - 1 { nodes.append(nodes[root]) }
      return true
    }
  }

  private mutating func value(depth: Int) -> Int? {
    skipSpace()
    guard depth < Self.depthMax, place < bytes.count else { return nil }
    let byte = bytes[place]
    if byte == UInt8(ascii: "\"") { return quoted() }
    if byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || (48...57).contains(byte) {
      return numeral()
    }
    guard let name = word() else { return nil }
    guard take(UInt8(ascii: "(")) else { return leaf(name) }
    var children: [Int] = []
    if !take(UInt8(ascii: ")")) {
      repeat {
        guard let argument = argument(depth: depth + 1) else { return nil }
        children.append(argument)
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: ")")) else { return nil }
    }
    nodes.append(Node(label: name, children: children, isCall: true, isField: false))
    return nodes.count - 1
  }

  private mutating func argument(depth: Int) -> Int? {
    skipSpace()
    let start = place
    if word() != nil, take(UInt8(ascii: "=")) { return value(depth: depth) }
    place = start
    return value(depth: depth)
  }

  private mutating func leaf(_ name: String) -> Int {
    if let node = named[name] { return node }
    if ["nan", "true", "false"].contains(name) { return leaf(Self.number, isField: false) }
    return leaf(name, isField: true)
  }

  private mutating func leaf(_ label: String, isField: Bool) -> Int {
    if let node = leaves[label] { return node }
    nodes.append(Node(label: label, children: [], isCall: false, isField: isField))
    leaves[label] = nodes.count - 1
    return nodes.count - 1
  }

  private mutating func quoted() -> Int? {
    let start = place
    place += 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += 1 }
    guard place < bytes.count else { return nil }
    place += 1
    return leaf(String(decoding: bytes[start..<place], as: UTF8.self), isField: false)
  }

  /// Passes over a number: its digits make no difference.
  private mutating func numeral() -> Int? {
    let start = place
    while place < bytes.count {
      let byte = bytes[place]
      let isExponentSign =
        (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"))
        && (place == start || bytes[place - 1] == UInt8(ascii: "e"))
      guard
        (48...57).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e")
          || isExponentSign
      else { break }
      place += 1
    }
    return Double(String(decoding: bytes[start..<place], as: UTF8.self)) == nil
      ? nil : leaf(Self.number, isField: false)
  }

  private mutating func word() -> String? {
    let start = place
    while place < bytes.count {
      let byte = bytes[place]
      let isLetter = (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
      guard isLetter || (place > start && (48...57).contains(byte)) else { break }
      place += 1
    }
    return place > start ? String(decoding: bytes[start..<place], as: UTF8.self) : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
  }
}
