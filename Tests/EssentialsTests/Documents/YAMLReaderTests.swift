import Testing

@testable import Essentials

@Suite("Reading YAML")
struct YAMLReaderTests {
  private func codes(_ text: String) -> [String] { YAMLReading(of: text).diagnostics.map(\.code) }

  /// The document without its places, as people would write JSON.
  private func plain(_ value: LocatedValue) -> String {
    switch value.content {
    case .scalar(let scalar): scalar.text
    case .sequence(let elements): "[" + elements.map(plain).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key):\(plain($0.value))" }.joined(separator: ",") + "}"
    }
  }

  @Test(
    "documents are read as they are written",
    arguments: [
      ("a: 1\nb: [x, 'y z', {c: d}]\n", "{a:1,b:[x,y z,{c:d}]}"),
      ("- a\n- - b\n  - c\n", "[a,[b,c]]"),
      ("a: |\n  one\n  two\nb: >\n  one\n  two\n", "{a:one\ntwo\n,b:one two\n}"),
      (#"{"a":{"b":[1,2.5,true,null,"x\u0041\n"]}}"#, "{a:{b:[1,2.5,true,null,xA\n]}}"),
      ("a: &x [1, 2]\nb: *x\n", "{a:[1,2],b:[1,2]}"),
      ("\u{FEFF}a: 가나\n", "{a:가나}"),
      ("--- # first\na:\n...\n", "{a:}"),
    ])
  func documents(text: String, expected: String) throws {
    #expect(plain(try LocatedValue(yaml: text, named: "x")) == expected)
  }

  @Test("every value knows its line, its column and its bytes, also behind wide characters")
  func places() throws {
    let text = "# 주석\nname: 가나\nlist:\n  - first\n  - {key: \"v\"}\n"
    let root = try LocatedValue(yaml: text, named: "x")
    func shown(_ span: SourceSpan) -> String {
      String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self)
    }
    let entries = try #require(root.entries)
    #expect(shown(entries[0].keySpan) == "name")
    #expect(shown(entries[0].value.span) == "가나")
    #expect(entries[0].value.line == 2 && entries[0].value.column == 7)
    let mapping = try #require(root["list"]?.elements?.last)
    #expect(mapping.line == 5 && mapping.column == 5)
    #expect(shown(mapping.span) == "{key: \"v\"}")
    #expect(mapping["key"].map { shown($0.span) } == "\"v\"")
  }

  @Test(
    "a place within a scalar is found in the source through quotes and escapes",
    arguments: [
      ("a: x >= 1", 2..<4, ">="), ("a: 'it''s >= 1'", 5..<7, ">="),
      (#"a: "x\t\u0041 >= 1""#, 4..<6, ">="), (#"a: "x >= 1""#, 0..<6, "x >= 1"),
      ("a: x\n  >= 1", 2..<4, "x\n  >= 1"), ("a: |\n  x >= 1", 2..<4, "|\n  x >= 1"),
    ])
  func placesWithinScalars(text: String, range: Range<Int>, expected: String) throws {
    let value = try #require(LocatedValue(yaml: text, named: "x")["a"])
    let span = value.span(ofText: range, in: text.utf8)
    #expect(String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self) == expected)
  }

  @Test("a key that is there twice is an error that names both places, and all of them are found")
  func duplicates() throws {
    let reading = YAMLReading(of: "a: 1\nb: {c: 1, c: 2}\na: 3\n")
    #expect(reading.diagnostics.map(\.code) == ["duplicate_key", "duplicate_key"])
    #expect(reading.diagnostics.last?.message == "The key `a` is there twice: first on line 1.")
    #expect(reading.diagnostics.last?.span == SourceSpan(start: 21, end: 22))
    #expect(reading.root.map(plain) == "{a:1,b:{c:1}}")
  }

  @Test(
    "what is no single sound document is refused by name",
    arguments: [
      ("", "empty_document"), ("# nothing\n", "empty_document"), ("a: [1, 2", "invalid_yaml"),
      ("a: 1\n---\nb: 2\n", "several_documents"), ("a: *x", "unknown_alias"),
      ("a: &a [*a]", "unknown_alias"), ("[1]: 2", "complex_key"), ("? {a: b}\n: c", "complex_key"),
      ("a: &x [1]\n*x : 2", "complex_key"), ("a: !!str 1", "yaml_tag"), ("a: !x [1]", "yaml_tag"),
      ("a: \u{0}", "invalid_yaml"), ("\tb: 1", "invalid_yaml"), ("a: \"x", "invalid_yaml"),
      ("a: b: c", "invalid_yaml"),
    ])
  func refusals(text: String, code: String) {
    #expect(codes(text) == [code])
    #expect(YAMLReading(of: text).root == nil)
    #expect(throws: YAMLFailure.self) { try LocatedValue(yaml: text, named: "x") }
  }

  @Test("a document of ten megabytes, deep nesting and alias bombs are refused by limits")
  func limits() {
    #expect(codes(String(repeating: "a: 1234567\n", count: 1_000_000)) == ["yaml_too_long"])
    let deep = String(repeating: "[", count: YAMLLimits.depthMax)
    #expect(codes(deep + String(repeating: "]", count: YAMLLimits.depthMax)) == [])
    #expect(codes(deep + "[") == ["yaml_too_deep"])
    #expect(codes(String(repeating: "[", count: 900_000)) == ["yaml_too_deep"])
    #expect(codes(String(repeating: "- ", count: 1000)) == ["yaml_too_deep"])
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      bomb +=
        "a\(level): &a\(level) ["
        + Array(repeating: "*a\(level - 1)", count: 10)
        .joined(separator: ",") + "]\n"
    }
    #expect(codes(bomb) == ["yaml_too_large"])
    var tower = "- &b0 [x]\n"
    for level in 1...70 { tower += "- &b\(level) [*b\(level - 1)]\n" }
    #expect(codes(tower) == ["yaml_too_deep"])
  }

  @Test("a document of the greatest allowed number of values is read, one more is refused")
  func nodes() {
    let full = "[" + Array(repeating: "1", count: YAMLLimits.nodesMax - 1).joined(separator: ",")
    #expect(codes(full + "]") == [])
    #expect(codes(full + ",1]") == ["yaml_too_large"])
  }

  @Test("a failure shows the place")
  func failure() {
    #expect {
      try LocatedValue(yaml: "a: 1\na: 2\n", named: "world.yml")
    } throws: { error in
      guard let failure = error as? YAMLFailure else { return false }
      return failure.key == "duplicate_key" && failure.explanation.contains("world.yml:2:1")
    }
  }
}
