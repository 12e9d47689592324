/// Running text set in lines of a given width.
struct Paragraph: Hashable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  /// Breaks the text at spaces. A word that is wider than a line is broken within, as a path is after
  /// a slash; a part that still is wider stands alone on its line.
  func lines(width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      var space = used > 0 ? 1 : 0
      for part in DisplayWidth.of(word) > width ? Self.parts(of: word) : [word] {
        let needed = DisplayWidth.of(part)
        if used > 0, used + space + needed > width {
          lines.append(line)
          line = ""
          used = 0
          space = 0
        }
        line += (space > 0 ? " " : "") + part
        used += space + needed
        space = 0
      }
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// A word in parts, each ending where a reader of paths and names sees a joint.
  private static func parts(of word: Substring) -> [Substring] {
    var parts: [Substring] = []
    var start = word.startIndex
    for index in word.indices where "/_-.".contains(word[index]) {
      let next = word.index(after: index)
      parts.append(word[start..<next])
      start = next
    }
    return start < word.endIndex ? parts + [word[start...]] : parts
  }

  /// Sets the text behind `lead`, with following lines indented to the width of the first lead.
  ///
  /// Where `lead` is wider than `indent` the text begins on the next line.
  func hung(behind lead: String, indent: Int, width: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let leadWidth = DisplayWidth.of(lead)
    var lines = self.lines(width: max(20, width - indent)).map { margin + $0 }
    if leadWidth + 2 <= indent {
      lines[0] =
        lead + String(repeating: " ", count: indent - leadWidth) + lines[0].dropFirst(indent)
    } else {
      lines.insert(lead, at: 0)
    }
    return lines
  }
}
