import Testing

@testable import athanor

@Suite("Running text")
struct ParagraphTests {
  @Test(
    "a word wider than a line is broken at its joints, others stay whole",
    arguments: [
      ("one two three", 7, ["one two", "three"]),
      (
        "see configs/retrieval_budget.json, if any", 12,
        ["see configs/", "retrieval_", "budget.json,", "if any"]
      ),
      ("well-known names", 12, ["well-known", "names"]),
      ("abcdefghijklmnop x", 6, ["abcdefghijklmnop", "x"]),
      ("", 10, [""]),
    ])
  func breaking(text: String, width: Int, lines: [String]) {
    #expect(Paragraph(text).lines(width: width) == lines)
  }
}
