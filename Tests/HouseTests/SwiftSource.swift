/// A Swift file as the house's rules see it: its words without comments and texts, and its lines.
struct SwiftSource {
  struct Token: Hashable {
    /// A word, or a single character of punctuation.
    let text: String
    /// Counted from 1.
    let line: Int
    /// Whether it follows the token before without a space: `try!`, not `try !isReady`.
    let isAttached: Bool
  }

  /// The path below the checkout, such as `Sources/Markets/Panels/Panel.swift`.
  let path: String
  /// What is left of the file without comments, string literals and white space.
  let tokens: [Token]
  /// The lines as they are.
  let lines: [Substring]
  /// Where each word stands among the tokens.
  private let places: [String: [Int]]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    tokens = Self.tokens(of: text)
    places = Dictionary(grouping: tokens.indices) { [tokens] in tokens[$0].text }
  }

  /// The folder below `Sources` or `Tests`, nil for a file elsewhere.
  var room: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && (parts[0] == "Sources" || parts[0] == "Tests")
      ? String(parts[1]) : nil
  }

  var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Stands in a pattern for any word that begins with a capital letter.
  static let anyType = "<Type>"

  /// The lines where `pattern` stands, word for word; an exclamation mark only where it is attached
  /// to the word before.
  func lines(with pattern: [String]) -> [Int] {
    guard let first = pattern.first else { return [] }
    return places[first, default: []].filter { start in
      start + pattern.count <= tokens.count
        && pattern.indices.allSatisfy {
          let token = tokens[start + $0]
          let isMeant =
            pattern[$0] == Self.anyType
            ? token.text.first?.isUppercase == true : token.text == pattern[$0]
          return isMeant && (token.isAttached || token.text != "!")
        }
    }.map { tokens[$0].line }
  }

  // MARK: Reading

  /// Walks the bytes once. Interpolations belong to the text around them: nothing in them is a door,
  /// a name or an effect of its own that does not stand elsewhere.
  private static func tokens(of text: String) -> [Token] {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    var line = 1
    var index = 0

    var end = 0
    func add(_ text: String, from start: Int) {
      tokens.append(Token(text: text, line: line, isAttached: start == end))
      end = index
    }
    func starts(_ mark: StaticString, at place: Int) -> Bool {
      let count = mark.utf8CodeUnitCount
      guard place + count <= bytes.count else { return false }
      for offset in 0..<count where bytes[place + offset] != mark.utf8Start[offset] {
        return false
      }
      return true
    }
    func skipLine() {
      while index < bytes.count, bytes[index] != newline { index += 1 }
    }
    func skipBlockComment() {
      var depth = 0
      repeat {
        if starts("/*", at: index) {
          depth += 1
          index += 2
        } else if starts("*/", at: index) {
          depth -= 1
          index += 2
        } else {
          if bytes[index] == newline { line += 1 }
          index += 1
        }
      } while depth > 0 && index < bytes.count
    }
    func skipLiteral(pounds: Int) {
      index += pounds
      let isLong = starts("\"\"\"", at: index)
      let quotes = isLong ? 3 : 1
      index += quotes
      while index < bytes.count {
        if bytes[index] == backslash && pounds == 0 {
          if starts("\\(", at: index) {
            skipInterpolation()
          } else {
            // A backslash at the end of a line joins it with the next.
            if index + 1 < bytes.count, bytes[index + 1] == newline { line += 1 }
            index += 2
          }
          continue
        }
        if bytes[index] == newline {
          line += 1
          if !isLong { return }
        }
        let closes =
          (isLong ? starts("\"\"\"", at: index) : bytes[index] == quote)
          && bytes[min(index + quotes, bytes.count)...].prefix(pounds).allSatisfy { $0 == pound }
        if closes {
          index += quotes + pounds
          return
        }
        index += 1
      }
    }
    func skipInterpolation() {
      index += 2
      var depth = 1
      while index < bytes.count, depth > 0 {
        switch bytes[index] {
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"): depth -= 1
        case quote:
          skipLiteral(pounds: 0)
          continue
        case newline: line += 1
        default: break
        }
        index += 1
      }
    }

    while index < bytes.count {
      let byte = bytes[index]
      if byte == newline {
        line += 1
        index += 1
      } else if byte == UInt8(ascii: " ") {
        index += 1
      } else if starts("//", at: index) {
        skipLine()
      } else if starts("/*", at: index) {
        skipBlockComment()
      } else if byte == quote {
        skipLiteral(pounds: 0)
      } else if byte == pound {
        let pounds = bytes[index...].prefix { $0 == pound }.count
        if index + pounds < bytes.count, bytes[index + pounds] == quote {
          skipLiteral(pounds: pounds)
        } else {
          index += 1
          add("#", from: index - 1)
        }
      } else if isWord(byte) {
        let start = index
        while index < bytes.count, isWord(bytes[index]) { index += 1 }
        add(String(decoding: bytes[start..<index], as: UTF8.self), from: start)
      } else {
        index += 1
        add(String(UnicodeScalar(byte)), from: index - 1)
      }
    }
    return tokens
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}

private let newline = UInt8(ascii: "\n")
private let quote = UInt8(ascii: "\"")
private let pound = UInt8(ascii: "#")
private let backslash = UInt8(ascii: "\\")
