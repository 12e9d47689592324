import Testing

@testable import athanor

@Suite("Trees of a world")
struct WorldTreeTests {
  private let tree = WorldTree(
    "world", .strong,
    [
      WorldTree("policy", .plain, [WorldTree("one"), WorldTree("two")]),
      WorldTree("a text that is too long for its line"),
    ])

  @Test("branches are drawn below their parent, and the last one ends its line")
  func drawn() {
    #expect(
      tree.lines(width: 60) == [
        "world",
        "├─ policy",
        "│  ├─ one",
        "│  └─ two",
        "└─ a text that is too long for its line",
      ])
  }

  @Test("no line is wider than asked, and what goes on stands under what began")
  func folded() {
    let lines = tree.lines(width: 24)
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 24 })
    #expect(lines.last?.hasPrefix("      ") == true)
    #expect(lines.count > 5)
  }

  @Test("emphasis adds no width, and a control character cannot move the cursor")
  func painted() {
    let lines = tree.lines(width: 60, paint: .ansi)
    #expect(lines[0] == "\u{1B}[1mworld\u{1B}[0m")
    #expect(WorldTree("a\u{1B}[2Jb").lines(width: 40) == ["a\u{FFFD}[2Jb"])
  }
}
