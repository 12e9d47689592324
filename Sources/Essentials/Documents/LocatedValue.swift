/// A value of a YAML document that knows where in the text it stands.
///
/// Texts are kept as they are written; what a plain scalar means is asked of ``Scalar/meaning``, so
/// that a reader which wants a text gets `1.10` and not 1.1.
package struct LocatedValue: Hashable, Sendable {
  /// What stands there.
  package enum Content: Hashable, Sendable {
    case scalar(Scalar)
    case sequence([LocatedValue])
    /// The entries in the order of the text; no key is there twice.
    case mapping([Entry])
  }

  /// A text and how it is written.
  package struct Scalar: Hashable, Sendable {
    /// How a scalar is written, which decides whether `true` is a truth value or four letters.
    package enum Style: Hashable, Sendable {
      case plain, singleQuoted, doubleQuoted
      /// Literal (`|`) or folded (`>`).
      case block
    }

    /// The text after escapes and folding.
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style) {
      self.text = text
      self.style = style
    }
  }

  /// A key with its place, and its value.
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var keySpan: SourceSpan
    package var value: LocatedValue

    package init(key: String, keySpan: SourceSpan, value: LocatedValue) {
      self.key = key
      self.keySpan = keySpan
      self.value = value
    }
  }

  package var content: Content
  /// The bytes that the value takes in the text; those of the anchored value behind an alias.
  package var span: SourceSpan
  /// The line where it begins, from 1.
  package var line: Int
  /// The column where it begins, in Unicode scalars from 1.
  package var column: Int

  package init(_ content: Content, span: SourceSpan, line: Int, column: Int) {
    self.content = content
    self.span = span
    self.line = line
    self.column = column
  }

  /// The scalar, where it is one.
  package var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The elements, where it is a sequence.
  package var elements: [LocatedValue]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The entries, where it is a mapping.
  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// Whether it is a plain scalar that stands for nothing: `null`, `~` or an empty place.
  package var isNull: Bool { scalar?.meaning == .null }

  /// The value of an entry of a mapping; nil where this is no mapping or has no such key. Cost:
  /// the number of entries.
  package subscript(key: String) -> LocatedValue? {
    entries?.first { $0.key == key }?.value
  }

  /// Maps a range of bytes within the scalar's text to the place in the source where they stand.
  ///
  /// Exact in plain and quoted scalars, escapes included; in block scalars and where lines were
  /// folded it is the whole value. Cost: the length of the scalar.
  package func span(ofText range: Range<Int>, in source: some Collection<UInt8>) -> SourceSpan {
    guard let scalar, scalar.style != .block else { return span }
    let text = Array(scalar.text.utf8)
    let from = source.index(source.startIndex, offsetBy: span.start)
    let raw = Array(source[from..<source.index(from, offsetBy: span.end - span.start)])
    let isQuoted = scalar.style != .plain
    var at = isQuoted ? 1 : 0
    var start: Int?
    for place in 0...min(range.upperBound, text.count) {
      if place == range.lowerBound { start = at }
      if place == range.upperBound, let start {
        return SourceSpan(start: span.start + start, end: span.start + max(start, at))
      }
      guard place < text.count, at < raw.count,
        let length = Self.rawLength(at: at, of: raw, saying: text[place], in: scalar.style)
      else { break }
      at += length
    }
    return span
  }

  /// How many bytes of the source say one byte of the text, or nil where that cannot be told.
  private static func rawLength(
    at place: Int, of raw: [UInt8], saying byte: UInt8, in style: Scalar.Style
  ) -> Int? {
    let quote = UInt8(ascii: "'")
    let backslash = UInt8(ascii: "\\")
    if style == .singleQuoted, raw[place] == quote { return byte == quote ? 2 : nil }
    if style == .doubleQuoted, raw[place] == backslash {
      guard place + 1 < raw.count, byte < 0x80 else { return nil }
      switch raw[place + 1] {
      case UInt8(ascii: "x"): return 4
      case UInt8(ascii: "u"): return 6
      case UInt8(ascii: "U"): return 10
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return nil
      default: return 2
      }
    }
    return raw[place] == byte ? 1 : nil
  }
}
