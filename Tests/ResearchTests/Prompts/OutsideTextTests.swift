import Testing

@testable import Research

@Suite("Outside text")
struct OutsideTextTests {
  @Test(
    "control and format characters, line breaks and runs of spaces do not get through",
    arguments: [
      ("plain", "plain"), ("a\nb", "a b"), ("a\r\n\t b", "a b"), ("\u{0}a\u{7F}", "a"),
      ("x\u{200B}y\u{202E}z", "xyz"), ("a\u{2028}b\u{2029}c", "a b c"), ("  a  ", "a"),
      ("한국어 이익", "한국어 이익"), ("a\u{E0041}b", "ab"), ("", ""), ("\n", ""),
    ])
  func cleaned(_ text: String, _ expected: String) {
    #expect(OutsideText.line(text, atMost: 100) == expected)
  }

  @Test("what is too long ends with an ellipsis within its bound")
  func bounded() {
    #expect(OutsideText.line("abcdef", atMost: 6) == "abcdef")
    #expect(OutsideText.line("abcdefg", atMost: 6) == "abcde…")
    #expect(OutsideText.line("abcde fg", atMost: 6) == "abcde…")
    for limit in 1..<12 {
      let line = OutsideText.line("ab cd ef gh ij", atMost: limit)
      #expect(line.unicodeScalars.count <= limit, "\(line)")
    }
  }

  @Test("only what a formula can name is a name")
  func names() {
    for name in ["close", "fnd6_x", "_a", "A1"] { #expect(OutsideText.isName(name)) }
    for name in ["", "1a", "a-b", "a b", "a\n", "é", "a/", String(repeating: "a", count: 129)] {
      #expect(!OutsideText.isName(name))
    }
  }
}
