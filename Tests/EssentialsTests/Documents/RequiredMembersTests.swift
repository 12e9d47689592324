import Essentials
import Testing

@Suite("Required members")
struct RequiredMembersTests {
  private func defects(
    _ text: String, _ read: (inout DocumentReader) -> Void
  ) throws -> [String] {
    var reader = DocumentReader(try JSONValue(parsing: text), at: "")
    read(&reader)
    return reader.defects.map(\.explanation)
  }

  @Test("what is missing, null or wrong is named once")
  func numbers() throws {
    for (text, defect) in [
      ("{}", "a is missing."), (#"{"a": null}"#, "a is missing."),
      (#"{"a": "1"}"#, "a is a text."), (#"{"a": -1}"#, "a is -1."),
    ] {
      #expect(try defects(text) { _ = $0.requiredNumber("a", in: 0...1) } == [defect])
    }
    #expect(try defects("{}") { _ = $0.requiredWhole("a", in: 0...1) } == ["a is missing."])
    #expect(try defects(#"{"a": 1}"#) { _ = $0.requiredWhole("a", in: 0...1) } == [])
  }

  @Test("an array has the length and the range that is asked for")
  func arrays() throws {
    for (text, defect) in [
      ("{}", "a is missing."), (#"{"a": 3}"#, "a is no array."),
      (#"{"a": [1]}"#, "a has 1 elements."), (#"{"a": [1, 2]}"#, "a[1] is 2."),
      (#"{"a": [null, 1]}"#, "a[0] is null."),
    ] {
      #expect(try defects(text) { _ = $0.requiredNumbers("a", count: 2, in: 0...1) } == [defect])
    }
    var reader = DocumentReader(try JSONValue(parsing: #"{"a": [1, 0.5]}"#), at: "")
    #expect(reader.requiredNumbers("a", count: 2) == [1, 0.5])
    #expect(reader.names == ["a"])
  }
}
