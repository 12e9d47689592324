import Networking
import Testing

@Suite("Requests")
struct HTTPRequestTests {
  @Test(
    "a field that could smuggle in another is refused",
    arguments: [
      ("X", "a\r\nY: b"), ("X", "a\nb"), ("X", "a\0"), ("X\r\nY", "b"), ("", "b"), ("a b", "c"),
      ("a:", "c"),
    ])
  func smuggling(name: String, value: String) throws {
    let address = try HTTPAddress("https://h/")
    #expect(throws: HTTPRequestMistake.self) {
      try HTTPRequest(.get, address, headers: [name: value])
    }
    #expect(throws: HTTPRequestMistake.self) {
      try HTTPRequest(.get, address, secrets: [.init(name, SecretText(value))])
    }
  }

  @Test("printing a request shows neither fields nor query nor body")
  func printing() throws {
    let request = try HTTPRequest(
      .post, HTTPAddress("https://h/x?key=hidden"),
      secrets: [.init("Authorization", SecretText("hidden"))], body: Array("hidden".utf8))
    #expect("\(request)" == "POST https://h/x")
  }

  @Test("fields are found without regard to case, replaced and removed")
  func fields() {
    var headers: HTTPHeaders = ["Retry-After": "1", "retry-after": "2", "X": "3"]
    #expect(headers["RETRY-AFTER"] == "1")
    #expect(headers.all("Retry-after") == ["1", "2"])
    headers["retry-AFTER"] = "4"
    #expect(headers.all("Retry-After") == ["4"])
    headers["x"] = nil
    #expect(headers["X"] == nil)
  }
}
