import Essentials
import Testing

@testable import Research

@Suite("A file of ideas")
struct IdeaFileTests {
  private func defects(_ text: String) -> [String] {
    do throws(DocumentFailure) {
      _ = try IdeaFile.ideas(text: text, path: "ideas.json")
      return []
    } catch {
      return error.defects.map(\.keyPath)
    }
  }

  private func idea(_ id: String) -> String {
    #"{"idea_id": \#(JSONValue.string(id).compactText), "hypothesis": "h"}"#
  }

  @Test("one idea or up to a thousand are read, no more and none")
  func counts() throws {
    #expect(try IdeaFile.ideas(text: idea("a"), path: "").map(\.ideaID) == ["a"])
    let thousand = "[" + (0..<1_000).map { idea("i\($0)") }.joined(separator: ",") + "]"
    #expect(try IdeaFile.ideas(text: thousand, path: "").count == 1_000)
    for text in ["[]", thousand.dropLast() + "," + idea("x") + "]", "5", "null", "", "[{", "{}"] {
      #expect(!defects(String(text)).isEmpty, "\(text.prefix(20))")
    }
  }

  @Test("every defect of every idea is named, with its place")
  func everyDefect() {
    let found = defects("[\(idea("a")), \(idea("a")), {\"idea_id\": 5, \"hypothesis\": \"\"}, 7]")
    #expect(
      Set(found).isSuperset(of: ["[1].idea_id", "[2].idea_id", "[2].hypothesis", "[3]"]))
    #expect(
      defects(#"{"idea_id": "a", "hypothesis": "h", "theme_tags": "x", "target": {"delay": 9}}"#)
        == ["theme_tags", "target.delay"])
  }

  @Test(
    "an id that no event could carry is a defect",
    arguments: [
      ("", false), (" ", true), ("a\u{0}b", false), ("a\nb", false), ("a\u{7F}", false),
      (String(repeating: "x", count: 256), true), (String(repeating: "x", count: 257), false),
      (String(repeating: "株", count: 86), false), ("käse / 株 \"quoted\"", true),
    ])
  func ids(id: String, isUsable: Bool) {
    #expect(defects("[\(idea(id)), \(idea("other"))]") == (isUsable ? [] : ["[0].idea_id"]))
  }
}
