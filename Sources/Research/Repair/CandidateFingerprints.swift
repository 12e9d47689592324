package import Essentials

/// The names under which other programs know a candidate: SHA-256 digests of its text as written.
///
/// They differ for formulas that mean the same but are written differently; `KnownFormulas` is what
/// recognizes those.
package struct CandidateFingerprints: Hashable, Sendable {
  /// Of the simulation's body with its members sorted and without spaces, `::` and the formula.
  package let fingerprint: Fingerprint
  /// Of the formula alone.
  package let expressionFingerprint: Fingerprint
  /// The first 16 digits of the digest of the body with its members sorted, `|` and the formula:
  /// the short name that events carry.
  package let candidateKey: String

  package init(_ candidate: CandidateAlpha) {
    let body = candidate.simulation.json
    let expression = Self.normalized(candidate.formula)
    fingerprint = Fingerprint(of: Self.sorted(body, spaced: false) + "::" + expression)
    expressionFingerprint = Fingerprint(of: expression)
    let key = Fingerprint(of: Self.sorted(body, spaced: true) + "|" + candidate.formula)
    candidateKey = String(key.hexadecimal.prefix(16))
  }

  /// The formula with each run of white space as one space, and none at its ends, after `(` and
  /// before `)`.
  package static func normalized(_ formula: String) -> String {
    var words: [UInt8] = []
    for byte in formula.utf8 {
      let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
      if isSpace, words.last == nil || words.last == 0x20 { continue }
      if isSpace, words.last == UInt8(ascii: "(") { continue }
      if byte == UInt8(ascii: ")"), words.last == 0x20 { words.removeLast() }
      words.append(isSpace ? 0x20 : byte)
    }
    if words.last == 0x20 { words.removeLast() }
    return String(decoding: words, as: UTF8.self)
  }

  /// A JSON text with sorted members, with or without a space after commas and colons. Numbers that
  /// are not integers keep a fraction, as in `1.0`, which is what makes the digests those of the
  /// programs that introduced these names.
  private static func sorted(_ value: JSONValue, spaced: Bool) -> String {
    let comma = spaced ? ", " : ","
    switch value {
    case .object(let members):
      let parts = members.sorted { $0.name < $1.name }.map {
        JSONValue.string($0.name).compactText + (spaced ? ": " : ":")
          + sorted($0.value, spaced: spaced)
      }
      return "{" + parts.joined(separator: comma) + "}"
    case .array(let elements):
      return "[" + elements.map { sorted($0, spaced: spaced) }.joined(separator: comma) + "]"
    case .number(let number) where number.isFinite: return number.description
    default: return value.compactText
    }
  }
}
