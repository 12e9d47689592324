/// A half-open range of UTF-8 offsets in a source text.
package struct SourceSpan: Hashable, Sendable {
  package var start: Int
  package var end: Int

  package init(start: Int, end: Int) {
    precondition(start <= end, "a span from \(start) to \(end) runs backwards")
    self.start = start
    self.end = end
  }

  /// Returns the smallest span that covers both.
  package func union(_ other: SourceSpan) -> SourceSpan {
    SourceSpan(start: min(start, other.start), end: max(end, other.end))
  }
}

/// One finding about a source text, as a compiler would report it.
package struct Diagnostic: Hashable, Sendable {
  /// Whether the text can be used in spite of the finding.
  package enum Severity: String, Hashable, Sendable {
    case error, warning
  }

  package var severity: Severity
  /// A stable snake_case key that programs branch on, such as `unknown_operator`.
  package var code: String
  /// One sentence: what is wrong, with the names and values concerned.
  package var message: String
  package var span: SourceSpan
  /// What to write instead, in one sentence, where that is known.
  package var remedy: String?

  package init(
    _ severity: Severity, code: String, message: String, span: SourceSpan, remedy: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.span = span
    self.remedy = remedy
  }

  /// Renders the finding with line and column (both counted from 1, columns in characters), the
  /// offending line and an underline. Lines longer than 100 characters are shown around the span.
  package func rendered(in source: String, named name: String = "formula") -> String {
    let bytes = Array(source.utf8)
    let start = min(span.start, bytes.count)
    let end = min(max(span.end, start), bytes.count)
    let newline = UInt8(ascii: "\n")
    let lineStart = bytes[..<start].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let lineEnd = bytes[start...].firstIndex(of: newline) ?? bytes.count
    let lineNumber = bytes[..<start].reduce(1) { $0 + ($1 == newline ? 1 : 0) }
    func text(_ range: Range<Int>) -> [Character] {
      Array(String(decoding: bytes[range], as: UTF8.self))
    }
    let before = text(lineStart..<start)
    let marked = text(start..<min(end, lineEnd))
    let after = text(min(end, lineEnd)..<lineEnd)
    let column = before.count + 1

    let width = 100
    let shownMarked = marked.prefix(width)
    let room = max(0, width - shownMarked.count)
    let shownBefore = before.suffix(max(room / 2, room - after.count))
    let shownAfter = after.prefix(room - shownBefore.count)
    let cut = shownBefore.count < before.count ? "..." : ""
    let tail =
      shownAfter.count < after.count || shownMarked.count < marked.count ? "..." : ""
    let gutter = String(repeating: " ", count: String(lineNumber).count)
    let underline = String(repeating: "^", count: max(1, shownMarked.count))
    var report = """
      \(severity.rawValue): \(message) [\(code)]
      \(gutter)--> \(name):\(lineNumber):\(column)
      \(lineNumber) | \(cut)\(String(shownBefore))\(String(shownMarked))\(String(shownAfter))\(tail)
      \(gutter) | \(String(repeating: " ", count: cut.count + shownBefore.count))\(underline)
      """
    if let remedy { report += "\n\(gutter) = help: \(remedy)" }
    return report
  }
}
