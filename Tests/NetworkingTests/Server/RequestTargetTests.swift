import Networking
import Testing

@Suite("Targets of requests")
struct RequestTargetTests {
  @Test(
    "a target is its decoded segments and pairs",
    arguments: [
      ("/", [], []), ("/a", ["a"], []), ("/a/", ["a"], []), ("/a/b%20c", ["a", "b c"], []),
      ("/%C3%A9", ["é"], []), ("/a+b", ["a+b"], []), ("/a%3Fb", ["a?b"], []),
      ("/%252e%252e", ["%2e%2e"], []), ("/...", ["..."], []), ("/.a", [".a"], []),
      ("/a?", ["a"], []), ("/a?x", ["a"], [("x", "")]), ("/a?x=", ["a"], [("x", "")]),
      ("/a?x=1&x=2", ["a"], [("x", "1"), ("x", "2")]), ("/a?&&x=1&", ["a"], [("x", "1")]),
      ("/a?x=b+c%2Bd", ["a"], [("x", "b c+d")]), ("/a?x=1=2", ["a"], [("x", "1=2")]),
      ("/a?x=/../b?c", ["a"], [("x", "/../b?c")]), ("/a?%78=%26", ["a"], [("x", "&")]),
    ] as [(String, [String], [(String, String)])])
  func read(text: String, segments: [String], query: [(String, String)]) throws {
    let target = try #require(RequestTarget(text))
    #expect(target.segments == segments)
    #expect(target.query == query.map { RequestTarget.Pair($0.0, $0.1) })
    #expect(target.path == "/" + segments.joined(separator: "/"))
    if let first = query.first { #expect(target.value(first.0) == first.1) }
    #expect(target.value("missing") == nil)
  }

  @Test(
    "what climbs, is empty, or is no UTF-8 is no target",
    arguments: [
      "", "a", "*", "http://a/", "//", "//a", "/a//b", "/.", "/..", "/a/../b", "/a/./b", "/%2e%2e",
      "/%2E.", "/a%2fb", "/a%2Fb", "/%", "/%1", "/%zz", "/%+1", "/%00", "/%0a", "/%7f", "/%ff",
      "/%c3", "/%c3%28", "/%ed%a0%80", "/%c0%ae", "/a?x=%ff", "/a?%00=1", "/a?x=%0d%0a", "/a\u{1}",
      "/" + String(repeating: "a", count: RequestTarget.bytesMax),
    ])
  func refused(text: String) {
    #expect(RequestTarget(text) == nil)
  }
}
