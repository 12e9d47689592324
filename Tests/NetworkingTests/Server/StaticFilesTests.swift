import Essentials
import Foundation
import Networking
import TestKit
import Testing
import Twins

@Suite("Files of the server", .ownThread, .serialized, .timeLimit(.minutes(10)))
struct StaticFilesTests {
  private let scratch: ScratchFolder
  private let bench: ServerBench
  private let client: WireClient

  private static let script = String(repeating: "export const answer = 42;\n", count: 200)

  init() throws {
    scratch = try ScratchFolder()
    let root = scratch.url.appendingPathComponent("pages")
    for folder in ["reactor", ".git", "empty"] {
      try FileManager.default.createDirectory(
        at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
    for (name, content) in [
      ("pages/index.html", "<!doctype html>"), ("pages/reactor/index.html", "<p>reactor"),
      ("pages/app.js", Self.script), ("pages/mark.svg", "<svg/>"), ("pages/.env", "secret"),
      ("pages/.git/config", "secret"), ("outside.txt", "secret"), ("pages/a b.css", "p{}"),
      ("pages/code.wasm", "\0asm"), ("pages/font.woff2", "wOF2"), ("pages/none.xyz", "?"),
      ("pages/app.js.map", "{}"), ("pages/empty.txt", ""),
    ] {
      try Data(content.utf8).write(to: scratch.url.appendingPathComponent(name))
    }
    for (name, target) in [
      ("pages/out.txt", "../outside.txt"), ("pages/up", ".."), ("pages/in.txt", "mark.svg"),
      ("pages/loop", "loop"), ("pages/null", "/dev/null"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: scratch.url.appendingPathComponent(name).path, withDestinationPath: target)
    }
    bench = try ServerBench(folders: [StaticFolder(prefix: "/ui", folder: root.path)])
    client = try bench.client()
  }

  @Test("a file is served with its media type and the rules for pages")
  func types() throws {
    for (target, type) in [
      ("/ui", "text/html; charset=utf-8"), ("/ui/", "text/html; charset=utf-8"),
      ("/ui/reactor", "text/html; charset=utf-8"), ("/ui/reactor/", "text/html; charset=utf-8"),
      ("/ui/reactor?run_id=x", "text/html; charset=utf-8"),
      ("/ui/app.js", "text/javascript; charset=utf-8"),
      ("/ui/a%20b.css", "text/css; charset=utf-8"), ("/ui/mark.svg", "image/svg+xml"),
      ("/ui/code.wasm", "application/wasm"), ("/ui/font.woff2", "font/woff2"),
      ("/ui/app.js.map", "application/json"), ("/ui/none.xyz", "application/octet-stream"),
      ("/ui/empty.txt", "text/plain; charset=utf-8"),
    ] {
      let answer = try client.ask("GET", target)
      #expect(answer.status == 200, "\(target)")
      #expect(answer["content-type"] == type, "\(target)")
      #expect(answer["x-content-type-options"] == "nosniff")
      #expect(
        answer["content-security-policy"]?.hasPrefix("default-src 'self'; script-src") == true)
      #expect(answer["cache-control"] == "no-cache")
    }
  }

  @Test("nothing outside the folder, no dot file, no folder and no device is served")
  func refused() throws {
    for (target, status) in [
      ("/ui/.env", 404), ("/ui/.git/config", 404), ("/ui/out.txt", 404),
      ("/ui/up/outside.txt", 404), ("/ui/empty", 404), ("/ui/loop", 404), ("/ui/null", 404),
      ("/ui/missing.js", 404), ("/ui/app.js/x", 404), ("/uix", 404),
      ("/ui/" + String(repeating: "a", count: 5000), 404), ("/ui/../outside.txt", 400),
      ("/ui/%2e%2e/outside.txt", 400), ("/ui/reactor/..%2f..%2f..%2foutside.txt", 400),
      ("/ui//etc/passwd", 400), ("/ui/index.html%00.js", 400),
    ] {
      let client = try bench.client()
      let answer = try client.ask("GET", target)
      #expect(answer.status == status, "\(target)")
      #expect(!answer.text.contains("secret"))
    }
  }

  @Test("a link that stays inside is followed")
  func innerLink() throws {
    #expect(try client.ask("GET", "/ui/in.txt").text == "<svg/>")
  }

  @Test("a text goes packed to those who take that, with a tag of its own")
  func packed() throws {
    let plain = try client.ask("GET", "/ui/app.js")
    #expect(plain.text == Self.script && plain["content-encoding"] == nil)
    let packed = try client.ask("GET", "/ui/app.js", ["Accept-Encoding: br, gzip;q=0.8"])
    #expect(packed["content-encoding"] == "gzip" && packed["vary"] == "Accept-Encoding")
    #expect(packed.body.count < 500 && packed["etag"] != plain["etag"])
    let file = scratch.url.appendingPathComponent("answer.gz")
    try Data(packed.body).write(to: file)
    let unpacked = try ShellRun("gzip", "-dc", file.path)
    #expect(unpacked.output == Self.script)
    for refusal in ["identity", "gzip;q=0", "gzip; q=0.00, br"] {
      let answer = try client.ask("GET", "/ui/app.js", ["Accept-Encoding: \(refusal)"])
      #expect(answer["content-encoding"] == nil)
    }
  }

  @Test("a file that the client has is not sent again, one that changed is")
  func tags() throws {
    let first = try client.ask("GET", "/ui/app.js")
    let tag = try #require(first["etag"])
    for match in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
      let answer = try client.ask("GET", "/ui/app.js", ["If-None-Match: \(match)"])
      #expect(answer.status == 304 && answer["etag"] == tag && answer["content-length"] == nil)
    }
    #expect(try client.ask("GET", "/ui/app.js", ["If-None-Match: \"x\""]).status == 200)
    try Data("changed".utf8).write(
      to: scratch.url.appendingPathComponent("pages/app.js"), options: .atomic)
    let changed = try client.ask("GET", "/ui/app.js", ["If-None-Match: \(tag)"])
    #expect(changed.status == 200 && changed.text == "changed" && changed["etag"] != tag)
  }

  @Test("files are only read, and only by those whom the guard lets pass")
  func access() throws {
    let head = try client.ask("HEAD", "/ui/app.js")
    #expect(head.status == 200 && head["content-length"] == String(Self.script.utf8.count))
    let post = try client.ask("POST", "/ui/app.js", body: "x")
    #expect(post.status == 405 && post["allow"] == "GET, HEAD")
    client.send("GET /ui/app.js HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    #expect(try client.readAnswer().status == 403)
    #expect(bench.state.records.all.last?.pattern == "/ui/*")
  }
}
