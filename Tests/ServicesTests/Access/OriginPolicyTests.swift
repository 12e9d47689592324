import Testing

@testable import Services

@Suite("The pages that may ask")
struct OriginPolicyTests {
  private func admits(
    _ origin: String, calling host: String, isEncrypted: Bool = false, others: [String] = []
  ) throws -> Bool {
    let policy = try #require(OriginPolicy(others: others))
    let authority = try #require(HostPolicy.Authority(host))
    return policy.admits(origin, calling: authority, isEncrypted: isEncrypted)
  }

  @Test(
    "a page is the server's own by scheme, host and port together",
    arguments: [
      ("http://localhost:8765", "localhost:8765", true),
      ("http://LOCALHOST:8765", "localhost:8765", true),
      ("http://localhost", "localhost:80", true), ("http://localhost:80", "localhost", true),
      ("http://[::1]:8765", "[::1]:8765", true),
      ("https://localhost:8765", "localhost:8765", false),
      ("http://localhost:3000", "localhost:8765", false),
      ("http://127.0.0.1:8765", "localhost:8765", false),
      ("http://evil.example", "localhost:8765", false), ("null", "localhost:8765", false),
      ("", "localhost:8765", false), ("file://", "localhost:8765", false),
      ("http://localhost:8765.evil.example", "localhost:8765", false),
      ("http://localhost:8765/", "localhost:8765", false),
      ("http://localhost:8765@evil.example", "localhost:8765", false),
      ("http://localhost:8765 http://evil.example", "localhost:8765", false),
      ("chrome-extension://abc", "localhost:8765", false),
    ])
  func own(origin: String, host: String, isAdmitted: Bool) throws {
    #expect(try admits(origin, calling: host) == isAdmitted)
  }

  @Test("over an encrypted connection the own page is an encrypted one")
  func encrypted() throws {
    #expect(try admits("https://desk.lan", calling: "desk.lan", isEncrypted: true))
    #expect(try !admits("http://desk.lan", calling: "desk.lan", isEncrypted: true))
  }

  @Test("further pages are admitted by name, and what is no origin is refused at once")
  func others() throws {
    let others = ["https://desk.example.com", "http://localhost:3000"]
    for (origin, isAdmitted) in [
      ("https://desk.example.com", true), ("https://desk.example.com:443", true),
      ("http://localhost:3000", true), ("http://desk.example.com", false),
      ("https://example.com", false),
    ] {
      #expect(
        try admits(origin, calling: "localhost:8765", others: others) == isAdmitted, "\(origin)")
    }
    for text in ["*", "null", "desk.example.com", "ftp://x", "https://", "https://a/b"] {
      #expect(OriginPolicy(others: [text]) == nil, "\(text)")
    }
  }
}
