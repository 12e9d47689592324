/// Writes a formula with its words told apart: operators, fields, numbers, texts and comments.
enum FormulaColoring {
  /// Words beyond this many are written plainly, so that a huge formula does not make a huge page.
  static let wordsMax = 2000

  /// Writes the words of `formula`. Whatever it holds is shown as it stands: a text that is no
  /// formula comes out whole as well. Cost: one pass.
  static func write(_ formula: String, to markup: inout HTMLMarkup) {
    let bytes = Array(formula.utf8)
    var position = 0
    var words = 0
    while position < bytes.count, words < wordsMax {
      let (kind, end) = word(bytes, at: position)
      let text = String(decoding: bytes[position..<end], as: UTF8.self)
      if let kind {
        markup.element("span", ["class": kind.rawValue], text)
        words += 1
      } else {
        markup.write(text)
      }
      position = end
    }
    markup.write(String(decoding: bytes[position...], as: UTF8.self))
  }

  private enum Kind: String {
    case call = "f-call"
    case field = "f-field"
    case number = "f-number"
    case text = "f-text"
    case comment = "f-comment"
  }

  /// Returns the kind of the word that begins at `start`, nil for signs and spaces, and its end.
  private static func word(_ bytes: [UInt8], at start: Int) -> (Kind?, Int) {
    let byte = bytes[start]
    let slash = UInt8(ascii: "/")
    let next = start + 1 < bytes.count ? bytes[start + 1] : 0
    func end(while isPart: (UInt8) -> Bool) -> Int {
      var end = start + 1
      while end < bytes.count, isPart(bytes[end]) { end += 1 }
      return end
    }
    switch byte {
    case _ where isLetter(byte):
      let end = end { isLetter($0) || isDigit($0) }
      let following = bytes[end...].first { $0 != UInt8(ascii: " ") }
      return (following == UInt8(ascii: "(") ? .call : .field, end)
    case _ where isDigit(byte) || byte == UInt8(ascii: ".") && isDigit(next):
      return (.number, end { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: ".") })
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let closing = end { $0 != byte }
      return (.text, min(bytes.count, closing + 1))
    case _ where byte == UInt8(ascii: "#") || byte == slash && next == slash:
      return (.comment, end { $0 != UInt8(ascii: "\n") })
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
      var end = start + 2
      while end < bytes.count,
        !(bytes[end] == UInt8(ascii: "/") && bytes[end - 1] == UInt8(ascii: "*")
          && end > start + 2)
      {
        end += 1
      }
      return (.comment, min(bytes.count, end + 1))
    default:
      return (nil, end { !isLetter($0) && !isDigit($0) && !Self.openers.contains($0) })
    }
  }

  /// Bytes with which a word may begin that is neither a name nor a number without a point.
  private static let openers: [UInt8] = Array("\"'#/.".utf8)

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 32) || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
