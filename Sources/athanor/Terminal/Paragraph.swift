/// Running text set in lines of a given width.
struct Paragraph: Hashable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  /// Breaks the text at spaces. A word that is wider than a line stands alone on its own.
  func lines(width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let needed = DisplayWidth.of(word)
      if used > 0 && used + 1 + needed > width {
        lines.append(line)
        line = ""
        used = 0
      }
      if used > 0 {
        line += " "
        used += 1
      }
      line += word
      used += needed
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines
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
