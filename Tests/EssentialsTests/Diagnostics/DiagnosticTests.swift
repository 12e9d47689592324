import Essentials
import Testing

@Suite("Diagnostics")
struct DiagnosticTests {
  private func report(_ source: String, _ start: Int, _ end: Int, remedy: String? = nil) -> String {
    Diagnostic(
      .error, code: "unknown_data_field", message: "Unknown data field: clsoe.",
      span: SourceSpan(start: start, end: end), remedy: remedy
    ).rendered(in: source, named: "alpha")
  }

  @Test("a finding is shown with its line underlined and what to write instead")
  func underlined() {
    #expect(
      report("rank(clsoe)", 5, 10, remedy: "Write close.") == """
        error: Unknown data field: clsoe. [unknown_data_field]
         --> alpha:1:6
        1 | rank(clsoe)
          |      ^^^^^
          = help: Write close.
        """)
  }

  @Test("line and column are counted from one, the column in characters")
  func position() {
    #expect(
      report("# grüße\n/* é */ clsoe + 1\n", 19, 24) == """
        error: Unknown data field: clsoe. [unknown_data_field]
         --> alpha:2:9
        2 | /* é */ clsoe + 1
          |         ^^^^^
        """)
  }

  @Test("a finding in the twelfth line has a wider gutter")
  func gutter() {
    let source = String(repeating: "a;\n", count: 11) + "clsoe"
    #expect(
      report(source, 33, 38) == """
        error: Unknown data field: clsoe. [unknown_data_field]
          --> alpha:12:1
        12 | clsoe
           | ^^^^^
        """)
  }

  @Test("a span over several lines is underlined to the end of its first line")
  func severalLines() {
    #expect(report("rank(\nclsoe\n)", 0, 13).hasSuffix("1 | rank(\n  | ^^^^^"))
  }

  @Test("an empty span and one at the end of the text are marked by one caret")
  func emptySpan() {
    #expect(report("rank(", 5, 5).hasSuffix("1 | rank(\n  |      ^"))
    #expect(report("", 0, 0).hasSuffix("1 | \n  | ^"))
  }

  @Test("a span beyond the text is drawn at its end")
  func beyond() {
    #expect(report("rank", 40, 50).hasSuffix("1 | rank\n  |     ^"))
  }

  @Test("a long line is cut around the span and the underline stays beneath it")
  func longLine() {
    let source = String(repeating: "a+", count: 500) + "clsoe" + String(repeating: "+b", count: 500)
    let lines = report(source, 1000, 1005).split(separator: "\n")
    #expect(lines[1] == " --> alpha:1:1001")
    #expect(lines[2].count <= 4 + 100 + 6)
    #expect(lines[2].hasPrefix("1 | ...") && lines[2].hasSuffix("..."))
    let underline = lines[3].firstIndex(of: "^").map {
      lines[3].distance(from: lines[3].startIndex, to: $0)
    }
    let marked = lines[2].dropFirst(underline ?? 0)
    #expect(marked.hasPrefix("clsoe"))
    #expect(lines[3].count { $0 == "^" } == 5)
  }

  @Test("the union of two spans covers both")
  func union() {
    let left = SourceSpan(start: 2, end: 5)
    let right = SourceSpan(start: 4, end: 9)
    #expect(left.union(right) == SourceSpan(start: 2, end: 9))
    #expect(right.union(left) == left.union(right))
  }
}
