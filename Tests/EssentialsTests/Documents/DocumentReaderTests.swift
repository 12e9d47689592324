import Essentials
import Testing

@Suite("Whole documents")
struct DocumentReaderTests {
  private func read(
    _ text: String, _ unknown: DocumentReader.UnknownMembers
  ) throws(DocumentFailure) -> Int? {
    try DocumentReader.read(text: text, document: "d.json", unknown: unknown, key: "bad_d") {
      $0.whole("a", in: 0...9)
    }
  }

  @Test("an unknown member is refused where settings are read, and passed over elsewhere")
  func unknownMembers() throws {
    let text = #"{"a": 1, "b": 2}"#
    #expect(try read(text, .passedOver) == 1)
    let failure = #expect(throws: DocumentFailure.self) { try read(text, .refused) }
    #expect(failure?.defects.map(\.keyPath) == ["b"])
    #expect(failure?.key == "bad_d")
  }

  @Test("a text that is no JSON is named with line and column")
  func place() {
    let failure = #expect(throws: DocumentFailure.self) { try read("{\n  \"a\" 1}", .passedOver) }
    #expect(
      failure?.explanation
        == "d.json: The text is no JSON. Line 2, column 7: a colon is expected.")
    #expect(failure?.remedy == "Mend the JSON.")
    #expect(failure?.key == "bad_d")
  }
}
