import Foundation
import Glibc

/// The raw end of a connection to a server under test: bytes, answers of HTTP and frames of
/// WebSockets, right or wrong as the test wants.
///
/// Calls block. Nothing waits longer than the patience given, and what does not come in time is an
/// error that says so.
package final class WireClient {
  /// What a test did not get from its server.
  package struct Disappointment: Error, CustomStringConvertible {
    package let description: String
  }

  private let socket: Int32
  private var unread: [UInt8] = []
  private var relay: Process?

  /// Connects to a port on 127.0.0.1. `receiveBufferBytes` makes it a client that takes little at
  /// once.
  package init(port: Int, receiveBufferBytes: Int? = nil, patienceSeconds: Int = 20) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Disappointment(description: "no socket is left") }
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    if var size = receiveBufferBytes.map({ Int32($0) }) {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var isOn: Int32 = 1
    setsockopt(
      socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    Self.setPatience(socket, patienceSeconds)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(UInt16(port)).bigEndian
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      let reason = String(cString: strerror(errno))
      close(socket)
      throw Disappointment(description: "nobody listens on \(port): \(reason)")
    }
  }

  /// Connects through TLS, which the `openssl` program speaks, and trusts one authority only. Extra
  /// arguments choose versions and ciphers.
  package init(port: Int, authority: String, _ arguments: [String] = []) throws {
    var pair: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else {
      throw Disappointment(description: "no socket is left")
    }
    socket = pair[0]
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    Self.setPatience(socket, 20)
    let relay = Process()
    relay.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    relay.arguments =
      [
        "openssl", "s_client", "-quiet", "-no_ign_eof", "-connect", "127.0.0.1:\(port)",
        "-servername", "localhost", "-verify_return_error", "-CAfile", authority,
      ] + arguments
    let end = FileHandle(fileDescriptor: pair[1])
    relay.standardInput = end
    relay.standardOutput = end
    relay.standardError = FileHandle.nullDevice
    defer { close(pair[1]) }
    try relay.run()
    self.relay = relay
  }

  deinit { leave() }

  private static func setPatience(_ socket: Int32, _ seconds: Int) {
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  private var hasLeft = false

  /// Closes the connection.
  package func leave() {
    guard !hasLeft else { return }
    hasLeft = true
    close(socket)
    if let relay {
      kill(relay.processIdentifier, SIGKILL)
      relay.waitUntilExit()
    }
  }

  /// Closes the connection so that the server is told of an error.
  package func reset() {
    var lingering = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
    leave()
  }

  /// Says that nothing more will be sent.
  package func endSending() { shutdown(socket, Int32(SHUT_WR)) }

  // MARK: - Bytes

  /// Sends everything; false where the server has closed the connection.
  @discardableResult package func send(_ bytes: some Collection<UInt8>) -> Bool {
    sendAll(Array(bytes), to: socket)
  }

  @discardableResult package func send(_ text: String) -> Bool { send(text.utf8) }

  /// Reads until the server closes the connection.
  package func readToEnd() throws -> [UInt8] {
    while try fill() {}
    defer { unread = [] }
    return unread
  }

  /// Whether the server has closed the connection without another byte.
  package func isClosed() throws -> Bool { try unread.isEmpty && !fill() }

  private func fill() throws -> Bool {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &part, part.count, 0)
    if count < 0 {
      guard errno == EAGAIN else { return false }
      throw Disappointment(description: "nothing came in time; unread: \(text(unread))")
    }
    unread += part[..<count]
    return count > 0
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while unread.count < count {
      guard try fill() else {
        throw Disappointment(description: "the connection ended after: \(text(unread))")
      }
    }
    defer { unread.removeFirst(count) }
    return Array(unread[..<count])
  }

  private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(200), as: UTF8.self)
  }

  // MARK: - HTTP

  /// An answer as it came.
  package struct Answer: Hashable {
    package var status: Int
    /// Names in lower case.
    package var headers: [TwinField]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
  }

  /// Reads the next answer. `isHeaderOnly` for one to HEAD.
  package func readAnswer(isHeaderOnly: Bool = false) throws -> Answer {
    let mark = Array("\r\n\r\n".utf8)
    var scanned = 0
    var end: Int?
    while end == nil {
      end = (scanned..<max(scanned, unread.count - 3)).first { unread[$0...].starts(with: mark) }
      scanned = max(0, unread.count - 3)
      guard try end != nil || fill() else {
        throw Disappointment(description: "the connection ended after: \(text(unread))")
      }
    }
    let head = String(decoding: try take((end ?? 0) + 4), as: UTF8.self)
    let lines = head.split(separator: "\r\n").map(String.init)
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw Disappointment(description: "this is no answer: \(head)") }
    let headers = lines.dropFirst().compactMap { line -> TwinField? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return TwinField(
        line[..<colon].lowercased(),
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    var answer = Answer(status: status, headers: headers, body: [])
    if !isHeaderOnly, status != 304, let length = answer["content-length"].flatMap({ Int($0) }) {
      answer.body = try take(length)
    }
    return answer
  }

  /// Sends a request with a Host field and reads its answer.
  package func ask(
    _ method: String, _ target: String, _ headers: [String] = [], body: String? = nil
  ) throws -> Answer {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    return try readAnswer(isHeaderOnly: method == "HEAD")
  }

  // MARK: - WebSocket

  /// A frame as it came.
  package struct Frame: Hashable {
    package var first: UInt8
    package var payload: [UInt8]

    package var isText: Bool { first == 0x81 }
    package var isClose: Bool { first == 0x88 }
    package var text: String { String(decoding: payload, as: UTF8.self) }
    /// The code of a close frame.
    package var code: Int? {
      payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
    }
  }

  /// Asks for a WebSocket with the key of RFC 6455's example and reads the answer.
  package func openSocket(_ target: String, _ headers: [String] = []) throws -> Answer {
    try ask(
      "GET", target,
      [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ] + headers)
  }

  /// The bytes of a client's frame; `first` holds the final bit, the reserved bits and the kind.
  package static func frame(
    _ first: UInt8, _ payload: [UInt8], isMasked: Bool = true
  ) -> [UInt8] {
    let flag: UInt8 = isMasked ? 0x80 : 0
    var bytes = [first]
    if payload.count < 126 {
      bytes.append(flag | UInt8(payload.count))
    } else if payload.count <= 0xffff {
      bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    } else {
      bytes.append(flag | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
      }
    }
    guard isMasked else { return bytes + payload }
    let mask: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
    return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
  }

  @discardableResult package func sendText(_ text: String) -> Bool {
    send(Self.frame(0x81, Array(text.utf8)))
  }

  /// Reads the next frame.
  package func readFrame() throws -> Frame {
    let head = try take(2)
    var length = Int(head[1] & 0x7f)
    if length >= 126 {
      length = try take(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    return Frame(first: head[0], payload: try take(length))
  }
}
