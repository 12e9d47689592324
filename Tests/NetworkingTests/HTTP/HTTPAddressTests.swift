import Essentials
import Networking
import Testing

@Suite("Addresses of the web")
struct HTTPAddressTests {
  @Test(
    "an address is read into its parts",
    arguments: [
      ("https://api.example.com", "https", "api.example.com", 443, "/", nil),
      ("HTTP://Example.COM:8080/a/b?c=d&e", "http", "example.com", 8080, "/a/b", "c=d&e"),
      ("http://[::1]:99/x#part", "http", "[::1]", 99, "/x", nil),
      ("https://h?q", "https", "h", 443, "/", "q"),
      ("https://h/?", "https", "h", 443, "/", ""),
    ] as [(String, String, String, Int, String, String?)])
  func parts(text: String, scheme: String, host: String, port: Int, path: String, query: String?)
    throws
  {
    let address = try HTTPAddress(text)
    #expect(address.scheme.rawValue == scheme)
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.path == path)
    #expect(address.query == query)
  }

  @Test(
    "what is no address is refused",
    arguments: [
      "", "api.example.com", "ftp://h/", "file:///etc/passwd", "https://", "https:///x",
      "https://h:0/", "https://h:65536/", "https://h:+1/", "https://h/a b", "https://h/\n",
      "https://user:word@h/", "https://h/ü", "https://a:b:c/", "https://h/\"", "https://[::1/",
    ])
  func refused(text: String) {
    #expect(throws: HTTPAddressMistake.self) { try HTTPAddress(text) }
  }

  @Test("a mistake never shows a password or a key")
  func secrets() {
    for text in ["https://user:secret@h/", "ftp://h/?key=secret", "https://h/ ?key=secret"] {
      do {
        _ = try HTTPAddress(text)
        Issue.record("\(text) was taken")
      } catch {
        #expect(!error.description.contains("secret"), "\(error)")
      }
    }
    #expect((try? HTTPAddress("https://h/x?key=secret"))?.description == "https://h/x")
  }

  @Test(
    "a reference is resolved as RFC 3986 section 5.4 shows",
    arguments: [
      ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
      ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
      ("g?y", "http://a/b/c/g?y"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
      ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
      ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
      ("/../g", "http://a/g"), ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"),
      ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"), ("g#s", "http://a/b/c/g"),
      ("https://other/x", "https://other/x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ])
  func references(reference: String, expected: String) throws {
    #expect(try HTTPAddress("http://a/b/c/d;p?q").resolving(reference).text == expected)
  }

  @Test("a path and a query are added with what needs it encoded")
  func appending() throws {
    let base = try HTTPAddress("https://h/v1/")
    #expect(
      base.appending("data fields", "a/b", query: [("limit", "50"), ("order", "-x y")]).text
        == "https://h/v1/data%20fields/a%2Fb?limit=50&order=-x%20y")
    #expect(try HTTPAddress("https://h").appending().text == "https://h/")
  }
}
