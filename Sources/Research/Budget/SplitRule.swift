/// How an encoding cuts a text into pieces before it merges their bytes.
///
/// The rules are the regular expressions that tiktoken names after their encodings, written as a
/// scanner because a regular expression engine costs a hundred microseconds a piece. Alternatives are
/// tried in their order at each place, and each takes as much as it can:
///
/// ```
/// cl100k_base   contraction | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,3}
///               | ' '?[^\s\p{L}\p{N}]+[\r\n]* | spaces
/// o200k_base    [^\r\n\p{L}\p{N}]?[upper]*[lower]+contraction?
///               | [^\r\n\p{L}\p{N}]?[upper]+[lower]*contraction? | \p{N}{1,3}
///               | ' '?[^\s\p{L}\p{N}]+[\r\n/]* | spaces
/// p50k_base     contraction | ' '?\p{L}+ | ' '?\p{N}+ | ' '?[^\s\p{L}\p{N}]+ | spaces
///
/// spaces        \s+$ (not o200k_base) | \s*[\r\n] (not p50k_base) | \s+(?!\S) | \s
/// upper         \p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}     lower  \p{Ll}\p{Lm}\p{Lo}\p{M}
/// contraction   's 't 're 've 'm 'll 'd, in capitals too except for p50k_base
/// ```
///
/// A character that is younger than the Unicode of the standard library counts as a sign, so a text
/// with one may be cut otherwise than by a program that knows it.
package enum SplitRule: String, Hashable, Sendable, CaseIterable {
  case cl100k = "cl100k_base"
  case o200k = "o200k_base"
  case p50k = "p50k_base"

  /// Cuts a text; the pieces joined are the text.
  package func pieces(of text: String) -> [ArraySlice<UInt8>] {
    var scanner = PieceScanner(rule: self, text: text)
    var pieces: [ArraySlice<UInt8>] = []
    while let piece = scanner.next() { pieces.append(piece) }
    return pieces
  }
}

/// A Unicode scalar with what the rules ask of it.
private struct ScannedScalar {
  enum Kind { case upper, lower, either, mark, number, space, lineBreak, other }

  let scalar: Unicode.Scalar
  let kind: Kind
  /// Where the scalar begins in the bytes of the text.
  let start: Int

  var isLetter: Bool { kind == .upper || kind == .lower || kind == .either }
  var isNumber: Bool { kind == .number }
  var isSpace: Bool { kind == .space || kind == .lineBreak }
  /// What is no white space, letter or number; marks are neither.
  var isSign: Bool { kind == .other || kind == .mark }
  /// May stand before the letters of a word.
  var isLeader: Bool { !isLetter && !isNumber && kind != .lineBreak }
  var isUpperish: Bool { kind == .upper || kind == .either || kind == .mark }
  var isLowerish: Bool { kind == .lower || kind == .either || kind == .mark }

  static func kind(of scalar: Unicode.Scalar) -> Kind {
    if scalar == "\r" || scalar == "\n" { return .lineBreak }
    let properties = scalar.properties
    if properties.isWhitespace { return .space }
    switch properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter: return .upper
    case .lowercaseLetter: return .lower
    case .modifierLetter, .otherLetter: return .either
    case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return .other
    }
  }
}

private struct PieceScanner {
  let rule: SplitRule
  let bytes: [UInt8]
  let scalars: [ScannedScalar]
  var place = 0

  init(rule: SplitRule, text: String) {
    self.rule = rule
    bytes = Array(text.utf8)
    var start = 0
    scalars = text.unicodeScalars.map { scalar in
      defer { start += UTF8.width(scalar) }
      return ScannedScalar(scalar: scalar, kind: ScannedScalar.kind(of: scalar), start: start)
    }
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard place < scalars.count else { return nil }
    let start = place
    place = wordEnd(start) ?? numberEnd(start) ?? signsEnd(start) ?? spacesEnd(start)
    let end = place < scalars.count ? scalars[place].start : bytes.count
    return bytes[scalars[start].start..<end]
  }

  /// The end of the longest run from `start` whose scalars are all of a kind.
  private func run(_ start: Int, _ fits: (ScannedScalar) -> Bool) -> Int {
    var end = start
    while end < scalars.count, fits(scalars[end]) { end += 1 }
    return end
  }

  // MARK: - Alternatives; nil where one does not match

  private func wordEnd(_ start: Int) -> Int? {
    switch rule {
    case .cl100k:
      if let end = contractionEnd(start) { return end }
      let first = start + (scalars[start].isLeader ? 1 : 0)
      let end = run(first, \.isLetter)
      return end > first ? end : nil
    case .p50k:
      if let end = contractionEnd(start) { return end }
      let first = start + (scalars[start].scalar == " " ? 1 : 0)
      let end = run(first, \.isLetter)
      return end > first ? end : nil
    case .o200k:
      // The leader is optional and taken where the word goes on after it; a mark may be either the
      // leader or the word's beginning.
      let starts = scalars[start].isLeader ? [start + 1, start] : [start]
      for first in starts {
        if let end = lowerWordEnd(first) { return contractionEnd(end) ?? end }
      }
      for first in starts {
        if let end = upperWordEnd(first) { return contractionEnd(end) ?? end }
      }
      return nil
    }
  }

  /// `[upper]*[lower]+`, giving letters of both kinds back where none is left for the second part.
  private func lowerWordEnd(_ first: Int) -> Int? {
    var middle = run(first, \.isUpperish)
    while true {
      let end = run(middle, \.isLowerish)
      if end > middle { return end }
      guard middle > first else { return nil }
      middle -= 1
    }
  }

  /// `[upper]+[lower]*`.
  private func upperWordEnd(_ first: Int) -> Int? {
    let middle = run(first, \.isUpperish)
    return middle > first ? run(middle, \.isLowerish) : nil
  }

  private func contractionEnd(_ start: Int) -> Int? {
    guard start + 1 < scalars.count, scalars[start].scalar == "'" else { return nil }
    let tail = scalars[(start + 1)...].prefix(2).map { folded($0.scalar) }
    if tail.count == 2, ["re", "ve", "ll"].contains(String(String.UnicodeScalarView(tail))) {
      return start + 3
    }
    return ["s", "t", "m", "d"].contains(tail[0]) ? start + 2 : nil
  }

  /// The small letter of an ASCII capital where capitals count.
  private func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard rule != .p50k else { return scalar }
    // The long s is the one other letter that equals an ASCII letter without regard to case.
    if scalar == "\u{17F}" { return "s" }
    guard ("A"..."Z").contains(scalar) else { return scalar }
    return Unicode.Scalar(UInt8(scalar.value) + 32)
  }

  private func numberEnd(_ start: Int) -> Int? {
    switch rule {
    case .cl100k, .o200k:
      let end = min(run(start, \.isNumber), start + 3)
      return end > start ? end : nil
    case .p50k:
      let first = start + (scalars[start].scalar == " " ? 1 : 0)
      let end = run(first, \.isNumber)
      return end > first ? end : nil
    }
  }

  private func signsEnd(_ start: Int) -> Int? {
    let first = start + (scalars[start].scalar == " " ? 1 : 0)
    let end = run(first, \.isSign)
    guard end > first else { return nil }
    switch rule {
    case .cl100k: return run(end) { $0.kind == .lineBreak }
    case .o200k: return run(end) { $0.kind == .lineBreak || $0.scalar == "/" }
    case .p50k: return end
    }
  }

  /// Where nothing else matches there is white space.
  private func spacesEnd(_ start: Int) -> Int {
    let end = run(start, \.isSpace)
    if rule == .cl100k, end == scalars.count { return end }
    if rule != .p50k, let last = scalars[start..<end].lastIndex(where: { $0.kind == .lineBreak }) {
      return last + 1
    }
    if end == scalars.count { return end }
    // All but the last, which belongs to what follows; a single one stands alone.
    return max(start + 1, end - 1)
  }
}
