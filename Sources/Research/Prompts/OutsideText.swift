import Essentials

/// Text that somebody outside wrote, made fit to stand in a prompt as data.
///
/// Control characters and line breaks become spaces, format characters (which hide or turn text)
/// vanish, runs of white space become one space, and what is longer than its bound ends with an
/// ellipsis. So no such text can begin a line or a section of a prompt.
package enum OutsideText {
  /// The text on one line of at most `limit` characters.
  package static func line(_ text: String, atMost limit: Int) -> String {
    var line = String.UnicodeScalarView()
    var length = 0
    var owesSpace = false
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .format, .privateUse, .unassigned, .surrogate: continue
      case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator:
        owesSpace = length > 0
        continue
      default: break
      }
      guard length + (owesSpace ? 2 : 1) <= limit else {
        if length == limit, !line.isEmpty { line.removeLast() }
        line.append("…")
        break
      }
      if owesSpace { line.append(" ") }
      length += owesSpace ? 2 : 1
      owesSpace = false
      line.append(scalar)
    }
    return String(line)
  }

  /// The text as a JSON string, quoted.
  package static func quoted(_ text: String, atMost limit: Int) -> String {
    JSONValue.string(line(text, atMost: limit)).compactText
  }

  /// Whether a name can stand in a formula: a letter or an underscore, then letters, digits and
  /// underscores, at most 128 of them.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
    func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
    return isLetter(first) && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
  }
}
