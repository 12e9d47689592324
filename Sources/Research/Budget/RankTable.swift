package import Essentials

/// A rank file that cannot be used.
package enum RankFileFailure: ExplainedFailure, Hashable {
  case badLine(path: String, line: Int, reason: String)
  case empty(path: String)

  package var key: String { "bad_rank_file" }

  package var explanation: String {
    switch self {
    case .badLine(let path, let line, let reason): "Line \(line) of \(path) \(reason)."
    case .empty(let path): "\(path) holds no tokens."
    }
  }

  package var remedy: String {
    "Name a file in tiktoken's format: on each line a token in base 64, a space and its rank."
  }

  package var outcome: FailureOutcome { .badConfiguration }
}

/// The tokens of a byte-pair encoding with their ranks, as tiktoken's files hold them.
///
/// An open hash table over one block of bytes, because a dictionary of arrays costs an allocation for
/// every question: half of its slots are free, and a question looks at one or two.
package struct RankTable: Sendable {
  /// The bytes of all tokens one after the other; token `i` ends where `ends[i]` says.
  private var bytes: [UInt8] = []
  private var ends: [Int32] = []
  private var ranks: [Int32] = []
  /// The index of a token, or -1.
  private var slots: [Int32] = []

  package var count: Int { ranks.count }
  /// The length of the longest token, in bytes.
  package private(set) var longest = 0

  /// Reads a rank file: on each line a token in base 64 (RFC 4648), a space and its rank.
  ///
  /// Every single byte must be a token, for otherwise some texts could not be counted.
  package init(text: [UInt8], path: String) throws(RankFileFailure) {
    var line = 0
    var start = 0
    while start < text.count {
      line += 1
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      var content = text[start..<end]
      if content.last == UInt8(ascii: "\r") { content.removeLast() }
      start = end + 1
      if content.isEmpty { continue }
      try append(content, path: path, line: line)
    }
    guard !ranks.isEmpty else { throw .empty(path: path) }
    try index(path: path)
    for byte in 0...255 {
      guard rank(of: [UInt8(byte)][...]) != nil else {
        throw .badLine(path: path, line: line, reason: "ends the file without byte \(byte)")
      }
    }
  }

  private mutating func append(
    _ line: ArraySlice<UInt8>, path: String, line number: Int
  ) throws(RankFileFailure) {
    guard let space = line.firstIndex(of: UInt8(ascii: " ")) else {
      throw .badLine(path: path, line: number, reason: "has no space between token and rank")
    }
    guard let token = Self.decoded(line[..<space]), !token.isEmpty else {
      throw .badLine(path: path, line: number, reason: "does not begin with base 64")
    }
    let digits = line[(space + 1)...]
    guard let rank = Int32(String(decoding: digits, as: UTF8.self)), rank >= 0 else {
      throw .badLine(path: path, line: number, reason: "does not end with a rank")
    }
    bytes += token
    ends.append(Int32(bytes.count))
    ranks.append(rank)
    longest = max(longest, token.count)
  }

  private mutating func index(path: String) throws(RankFileFailure) {
    var size = 512
    while size < ranks.count * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    for token in ranks.indices {
      let range = self.range(token)
      var slot = Self.hash(bytes[range]) & (size - 1)
      while slots[slot] >= 0 {
        guard bytes[self.range(Int(slots[slot]))] != bytes[range] else {
          throw .badLine(path: path, line: token + 1, reason: "repeats a token")
        }
        slot = (slot + 1) & (size - 1)
      }
      slots[slot] = Int32(token)
    }
  }

  private func range(_ token: Int) -> Range<Int> {
    (token == 0 ? 0 : Int(ends[token - 1]))..<Int(ends[token])
  }

  /// The rank of a token, nil where the bytes are none.
  package func rank(of token: ArraySlice<UInt8>) -> Int32? {
    guard token.count <= longest else { return nil }
    var slot = Self.hash(token) & (slots.count - 1)
    while true {
      let candidate = Int(slots[slot])
      guard candidate >= 0 else { return nil }
      let range = range(candidate)
      if range.count == token.count, zip(bytes[range], token).allSatisfy({ $0 == $1 }) {
        return ranks[candidate]
      }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  /// FNV-1a over the bytes, with its upper half folded in because slots use the lower bits.
  private static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7fff_ffff)
  }

  /// The bytes behind a text in base 64 with its padding, nil where it is none.
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var padding = 0
    for (place, character) in text.enumerated() {
      let value: UInt32
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(character) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(character) - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(character) + 4
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "=") where place >= text.count - 2:
        value = 0
        padding += 1
      default: return nil
      }
      // Nothing follows padding but padding.
      if padding > 0, character != UInt8(ascii: "=") { return nil }
      bits = bits << 6 | value
      if place % 4 == 3 {
        result += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
        bits = 0
      }
    }
    return Array(result.dropLast(padding))
  }
}
