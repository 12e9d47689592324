import Essentials

/// The words of a command line, and the one line of text that a complaint about them underlines.
struct CommandLineText: Hashable, Sendable {
  /// The words as a shell would be given them.
  let text: String
  private let spans: [SourceSpan]

  /// - Parameter words: the program's name followed by its arguments.
  init(words: [String]) {
    var text = ""
    var spans: [SourceSpan] = []
    for word in words {
      if !text.isEmpty { text += " " }
      let start = text.utf8.count
      text += Self.quoted(word)
      spans.append(SourceSpan(start: start, end: text.utf8.count))
    }
    self.text = text
    self.spans = spans
  }

  /// The place of a word, or the place after the last one.
  func span(ofWord index: Int) -> SourceSpan {
    if spans.indices.contains(index) { return spans[index] }
    return SourceSpan(start: text.utf8.count, end: text.utf8.count)
  }

  /// Returns the word with single quotes around it where a shell would otherwise split or change it.
  static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "-_=./:,+@%".unicodeScalars.contains(scalar)
    }
    if plain && !word.isEmpty { return word }
    let visible = String(
      String.UnicodeScalarView(
        word.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    return "'"
      + visible.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
