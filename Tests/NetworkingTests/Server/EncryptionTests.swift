import Essentials
import Foundation
import Glibc
import Networking
import TestKit
import Testing
import Twins

@Suite(
  "TLS of the server", .ownThread, .serialized, .timeLimit(.minutes(10)),
  .enabled(if: LocalAuthority.isPossible, "there is no openssl program to make certificates with"))
struct EncryptionTests {
  private let local: LocalAuthority
  private var authority: String { local.authorityFile }
  private var certificate: ServerCertificate {
    ServerCertificate(certificateFile: local.certificateFile, keyFile: local.keyFile)
  }

  init() throws { local = try LocalAuthority() }

  @Test("our own client trusts and understands the server")
  func ownClient() async throws {
    let bench = try ServerBench(certificate: certificate)
    let client = HTTPClient(options: .init(certificateFile: authority))
    for _ in 0..<3 {
      let answer = try await client.send(
        HTTPRequest(.get, HTTPAddress("https://localhost:\(bench.port)/worker")))
      #expect(answer.status == 200)
    }
    let long = try await client.send(
      HTTPRequest(.get, HTTPAddress("https://localhost:\(bench.port)/numbers?count=100000")))
    #expect(long.body.count == 588_903)
  }

  @Test("requests, sockets and mistakes go through TLS as without it")
  func wire() throws {
    let bench = try ServerBench(certificate: certificate)
    let client = try WireClient(port: bench.port, authority: authority)
    #expect(try client.ask("GET", "/health").status == 200)
    #expect(try client.openSocket("/ws/echo").status == 101)
    client.sendText("hello")
    #expect(try client.readFrame().text == "hello")
    client.send(WireClient.frame(0x81, [0xff]))
    #expect(try client.readFrame().code == 1007)
    let wrong = try WireClient(port: bench.port, authority: authority)
    wrong.send("nonsense\r\n\r\n")
    #expect(try wrong.readAnswer().status == 400)
  }

  @Test("versions of TLS before 1.2 are refused, and so is a client without TLS")
  func versions() throws {
    let bench = try ServerBench(certificate: certificate)
    for (argument, works) in [
      ("-tls1_3", true), ("-tls1_2", true), ("-tls1_1", false), ("-tls1", false),
    ] {
      let client = try WireClient(
        port: bench.port, authority: authority,
        [argument] + (works ? [] : ["-cipher", "DEFAULT@SECLEVEL=0"]))
      if works {
        #expect(try client.ask("GET", "/health").status == 200)
      } else {
        #expect(throws: WireClient.Disappointment.self) { try client.ask("GET", "/health") }
      }
    }
    let plain = try bench.client()
    plain.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try !plain.readToEnd().starts(with: "HTTP/1.1 2".utf8))
    let total = bench.server.statistics.connectionsTotal
    let silent = try bench.client()
    while bench.server.statistics.connectionsTotal == total { sched_yield() }
    bench.pass(.seconds(11))
    #expect(try silent.isClosed())
    let next = try WireClient(port: bench.port, authority: authority)
    #expect(try next.ask("GET", "/health").status == 200)
  }
}
