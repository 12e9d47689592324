import Services
import Testing

@Suite("A sheet of formulas")
struct FormulaSheetTests {
  private func sheet(_ text: String) throws -> FormulaSheet {
    try FormulaSheet(text: text, title: "sheet", entriesMax: 10)
  }

  @Test("each line is a formula; comments, empty lines and line ends of any kind are skipped")
  func lines() throws {
    let sheet = try sheet("# one\n\nrank(close)\r\n  // two\n\t-returns  \n")
    #expect(sheet.entries.map(\.formula) == ["rank(close)", "-returns"])
    #expect(sheet.entries.map(\.name) == ["#1", "#2"])
    #expect(sheet.entries.map(\.line) == [3, 5])
  }

  @Test(
    "a name stands before a colon; a colon elsewhere belongs to the formula",
    arguments: [
      ("reversal: -returns", "reversal", "-returns"),
      ("alpha-1.b_2 :x", "alpha-1.b_2", "x"),
      ("a > b ? c : d", "#1", "a > b ? c : d"),
      ("pick: a > b ? c : d", "pick", "a > b ? c : d"),
      (": x", "#1", ": x"),
      ("two words: x", "#1", "two words: x"),
      ("empty:", "empty", ""),
    ])
  func names(line: String, name: String, formula: String) throws {
    let entry = try #require(try sheet(line).entries.first)
    #expect(entry.name == name)
    #expect(entry.formula == formula)
  }

  @Test("lines of three dashes part formulas of several lines")
  func blocks() throws {
    let sheet = try sheet("# head\na: x = close;\nx\n ---\n\n---\nopen\n# tail\n")
    #expect(sheet.entries.map(\.formula) == ["x = close;\nx", "open\n# tail"])
    #expect(sheet.entries.map(\.line) == [2, 7])
  }

  @Test("the offset of an entry leads to its formula")
  func offsets() throws {
    let text = "é: close\n  b:  rank( é )\n---\n c \n"
    for text in [text, text.replacing("---\n", with: "")] {
      for entry in try sheet(text).entries {
        let rest = text.utf8.dropFirst(entry.offset)
        #expect(rest.starts(with: entry.formula.utf8))
      }
    }
  }

  @Test("nothing and too much are refused")
  func limits() throws {
    #expect(throws: SheetFailure.noFormula(title: "sheet")) { try sheet("# x\n---\n \n") }
    #expect(throws: SheetFailure.tooManyFormulas(title: "sheet", entriesMax: 10)) {
      try sheet(String(repeating: "close\n", count: 11))
    }
    #expect(try sheet(String(repeating: "close\n", count: 10)).entries.count == 10)
  }
}

@Suite("Text from outside")
struct SourceTextTests {
  @Test("a byte order mark is dropped, and the first line that is no UTF-8 is named")
  func decoding() throws {
    #expect(try SourceText.decode([0xEF, 0xBB, 0xBF, 0x61], named: "x") == "a")
    #expect(throws: TextFailure.notText(name: "x", line: 3)) {
      try SourceText.decode(Array("a\nb\n".utf8) + [0xFF, 0x0A], named: "x")
    }
  }

  @Test("a file that is not there and a folder say so")
  func unreadable() {
    #expect(throws: TextFailure.unreadable(name: "/nowhere", reason: "it does not exist")) {
      try SourceText.read(path: "/nowhere")
    }
    #expect(throws: TextFailure.unreadable(name: "/", reason: "it is a folder")) {
      try SourceText.read(path: "/")
    }
  }
}
