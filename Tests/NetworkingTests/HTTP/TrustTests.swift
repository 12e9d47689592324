import Essentials
import Foundation
import Glibc
import Networking
import TestKit
import Testing

/// A server with a certificate of an authority that no system knows.
private final class TrustedServer {
  let authority: LocalAuthority
  let port: Int
  private let process = Process()

  init() throws {
    authority = try LocalAuthority()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", authority.certificateFile,
      "-key", authority.keyFile,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = Pipe()
    try process.run()
    // It says `ACCEPT 127.0.0.1:41234` when it listens.
    var said = ""
    var port: Int?
    while port == nil {
      let bytes = output.fileHandleForReading.availableData
      try #require(!bytes.isEmpty, "openssl ended: \(said)")
      said += String(decoding: bytes, as: UTF8.self)
      port = said.split(separator: "\n").first { $0.hasPrefix("ACCEPT") && said.hasSuffix("\n") }
        .flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
    }
    self.port = try #require(port)
  }

  deinit {
    // A thread of a test may block the milder signals, and its children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

@Suite(
  "Whom the client trusts", .ownThread, .timeLimit(.minutes(10)),
  .enabled(if: LocalAuthority.isPossible, "there is no openssl program to make certificates with"))
struct TrustTests {
  private func answer(
    _ host: String, certificateFile: String?, port: Int
  ) async throws -> Result<Int, HTTPFailure> {
    let client = HTTPClient(options: .init(certificateFile: certificateFile))
    let request = try HTTPRequest(.get, HTTPAddress("https://\(host):\(port)/"))
    do throws(HTTPFailure) {
      return .success(try await client.send(request).status)
    } catch {
      return .failure(error)
    }
  }

  @Test("a server is trusted for its authority and its name, and for nothing less")
  func trust() async throws {
    let server = try TrustedServer()
    let authority = server.authority.authorityFile
    #expect(
      try await answer("localhost", certificateFile: authority, port: server.port) == .success(200))
    for (host, file) in [("localhost", nil), ("127.0.0.1", authority)] {
      guard
        case .failure(.notTrusted(host, let reason)) = try await answer(
          host, certificateFile: file, port: server.port)
      else {
        Issue.record("\(host) was trusted")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }
}
