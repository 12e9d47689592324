/// A piece of an HTML document that is well formed because every element closes itself.
///
/// Text and attribute values are escaped where they are written; nothing is trusted except what
/// `insert` takes.
struct HTMLMarkup: Sendable {
  /// What was written so far.
  private(set) var text = ""

  typealias Attributes = KeyValuePairs<String, String>

  /// Writes an element around what `body` writes.
  mutating func element(
    _ tag: String, _ attributes: Attributes = [:], _ body: (inout HTMLMarkup) -> Void
  ) {
    open(tag, attributes, end: ">")
    body(&self)
    text += "</\(tag)>"
  }

  /// Writes an element around a text.
  mutating func element(_ tag: String, _ attributes: Attributes, _ content: String) {
    element(tag, attributes) { $0.write(content) }
  }

  /// Writes an element without attributes around a text.
  mutating func element(_ tag: String, _ content: String) { element(tag, [:], content) }

  /// Writes an element around a text in both languages.
  mutating func element(_ tag: String, _ attributes: Attributes, _ content: BilingualText) {
    element(tag, attributes) { $0.write(content) }
  }

  /// Writes an element without attributes around a text in both languages.
  mutating func element(_ tag: String, _ content: BilingualText) { element(tag, [:], content) }

  /// Writes an element of HTML that has no content and no end, such as `meta`.
  mutating func void(_ tag: String, _ attributes: Attributes = [:]) {
    open(tag, attributes, end: ">")
  }

  /// Writes an element of SVG without content.
  mutating func shape(_ tag: String, _ attributes: Attributes) {
    open(tag, attributes, end: "/>")
  }

  /// Writes a text.
  mutating func write(_ content: String) {
    text += Self.escaped(content)
  }

  /// Writes a text in both languages, of which the page shows one.
  mutating func write(_ content: BilingualText) {
    guard content.english != content.korean else { return write(content.english) }
    element("span", ["lang": "en"], content.english)
    element("span", ["lang": "ko"], content.korean)
  }

  /// Writes trusted markup, style or script as it is.
  mutating func insert(_ markup: String) {
    text += markup
  }

  private mutating func open(_ tag: String, _ attributes: Attributes, end: String) {
    text += "<\(tag)"
    for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
    text += end
  }

  /// Returns a text that means itself inside an element and inside a quoted attribute, without what
  /// ``printable(_:)`` leaves out.
  static func escaped(_ content: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(content.utf8.count)
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(printable(scalar))
      }
    }
    return escaped
  }

  /// Returns a text in which control characters, which HTML does not allow, have become the
  /// replacement character, and so have marks that change the direction of the text around them.
  static func printable(_ content: String) -> String {
    var printable = ""
    printable.unicodeScalars.append(contentsOf: content.unicodeScalars.map(self.printable))
    return printable
  }

  private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "\n", "\t": scalar
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}",
      "\u{2066}"..."\u{2069}":
      "\u{FFFD}"
    default: scalar
    }
  }
}
