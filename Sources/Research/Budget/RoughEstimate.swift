/// Counts of tokens guessed from characters alone.
package enum RoughEstimate {
  /// The contract value: characters divided by four, rounded up. A negative count has no tokens.
  package static func tokens(characters: Int) -> Int {
    // Written so that no count overflows.
    max(0, characters) / 4 + (max(0, characters) % 4 == 0 ? 0 : 1)
  }

  /// The contract value of a text, whose characters are its Unicode scalars; an absent text has none.
  package static func tokens(_ text: String?) -> Int {
    tokens(characters: text?.unicodeScalars.count ?? 0)
  }

  /// An estimate that knows scripts: never below the contract value.
  ///
  /// Byte-level encodings are trained on little but Latin letters, so the further a script lies from
  /// them, the more tokens its characters take. In eighths of a token: ASCII 2, other letters of two
  /// bytes 4, the scripts of three bytes, Korean, Chinese and Japanese among them, 12, and what lies
  /// beyond them, such as pictures, 24. Measured means of `cl100k_base` lie below these.
  package static func scriptAware(_ text: String) -> Int {
    tokens(eighths: eighths(text))
  }

  /// The script-aware estimate in eighths of a token. It adds up: the eighths of two texts together
  /// are those of the one text that they form.
  package static func eighths(_ text: String) -> Int {
    var eighths = 0
    for byte in text.utf8 {
      switch byte {
      case 0..<0x80: eighths += 2
      case 0xC0..<0xE0: eighths += 4
      case 0xE0..<0xF0: eighths += 12
      case 0xF0...: eighths += 24
      default: break
      }
    }
    return eighths
  }

  /// Eighths of a token as whole tokens, rounded up.
  package static func tokens(eighths: Int) -> Int { eighths / 8 + (eighths % 8 == 0 ? 0 : 1) }
}
