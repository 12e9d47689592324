import Essentials
import Testing

@Suite("Document list")
struct DocumentListTests {
  private struct Grain: ReadableDocument, Equatable {
    var size: Int

    init(size: Int) { self.size = size }
    init(reading reader: inout DocumentReader) { size = reader.whole("size", in: 1...9) ?? 0 }
    var json: JSONValue { ["size": .integer(size)] }
  }

  private func read(_ text: String) throws(DocumentFailure) -> [Grain] {
    try DocumentList.read(text: text, document: "g.json", of: "grains", countMax: 3) {
      (_, grain: Grain) in
      grain.size == 9
        ? DocumentDefect(keyPath: "", explanation: "Nine.", remedy: "Less.") : nil
    }
  }

  @Test("an array is read in its order, and one object as a list of one")
  func lists() throws {
    #expect(try read(#"[{"size": 2}, {"size": 1}]"#).map(\.size) == [2, 1])
    #expect(try read(#"{"size": 3, "color": "red"}"#).map(\.size) == [3])
  }

  @Test(
    "what is no list of a few sound elements is refused with all that is wrong",
    arguments: [
      ("[", ["The text is no JSON. Line 1, column 2"], "Write an array of grains."),
      ("7", ["The document is no list."], "Write an array of grains."),
      ("[]", ["The list of grains is empty."], "Give at least one."),
      ("[{},{},{},{}]", ["The document holds 4 grains."], "Give at most 3."),
      (
        #"[{"size": 0}, 7, {"size": 9}]"#, ["[0].size is 0", "[1] is the number 7", "Nine."],
        "Less."
      ),
    ])
  func defects(text: String, parts: [String], remedy: String) {
    let failure = #expect(throws: DocumentFailure.self) { try read(text) }
    for part in parts {
      #expect(failure?.explanation.contains(part) == true, "\(failure?.explanation ?? "")")
    }
    #expect(failure?.remedy.contains(remedy) == true, "\(failure?.remedy ?? "")")
  }
}
