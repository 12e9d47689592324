import Testing

@testable import Services

@Suite("The names of the server")
struct HostPolicyTests {
  private func admits(_ host: String, bound: String, names: [String] = []) -> Bool {
    HostPolicy.Authority(host).map { HostPolicy(boundAddress: bound, names: names).admits($0) }
      ?? false
  }

  @Test(
    "the server is called by what stands for itself, and by no name that could be made to",
    arguments: [
      ("localhost", true), ("LOCALHOST:8765", true), ("127.0.0.1", true),
      ("127.0.0.1:8765", true), ("127.8.8.8:1", true), ("[::1]", true), ("[::1]:8765", true),
      ("desk.lan", true), ("Desk.LAN:443", true), ("192.168.1.5:8765", true),
      ("evil.example", false), ("localhost.evil.example", false), ("127.0.0.1.evil.example", false),
      ("127.evil", false), ("10.0.0.1", false), ("[::2]", false), ("", false), (":8765", false),
      ("localhost:", false), ("localhost:99999", false), ("localhost:80:80", false),
      ("localhost:8a", false), ("user@localhost", false), ("local host", false),
      ("localhost/", false), ("[::1", false), ("[localhost]", false), ("::1", false),
      ("127.0.0.1%00", false), ("desk.lan.", false), ("lócalhost", false),
    ])
  func names(host: String, isAdmitted: Bool) {
    #expect(admits(host, bound: "192.168.1.5", names: ["desk.lan"]) == isAdmitted)
  }

  @Test("a server that listens everywhere is called by any address, and by no foreign name")
  func everywhere() {
    for bound in ["0.0.0.0", "::", "[::]"] {
      #expect(admits("10.0.0.1:8765", bound: bound))
      #expect(admits("[fe80::1]", bound: bound))
      #expect(!admits("evil.example", bound: bound))
    }
    #expect(!admits("10.0.0.1", bound: "127.0.0.1"))
    #expect(admits("[fe80::1]:80", bound: "fe80::1"))
  }
}
