import Foundation
import Glibc

/// The twin's end of one connection.
struct TwinWire {
  let socket: Int32
  private var unread: [UInt8] = []

  init(socket: Int32) {
    self.socket = socket
  }

  /// Reads the next request to its end, or returns nil where the client has left or what it sends is
  /// no request.
  mutating func readRequest(connection: Int, place: Int) -> TwinRequest? {
    let mark = Array("\r\n\r\n".utf8)
    var end: Int?
    while true {
      end = unread.indices.first { unread[$0...].starts(with: mark) }
      if end != nil { break }
      guard unread.count < 1 << 20, fill(), unread[0] < 0x80, unread[0] >= 0x20 else {
        return nil
      }
    }
    guard let end else { return nil }
    let lines = String(decoding: unread[..<end], as: UTF8.self)
      .replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n")
    unread.removeFirst(end + mark.count)
    guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
    let headers = lines.dropFirst().compactMap { line -> TwinField? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return TwinField(
        line[..<colon].lowercased(),
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    var request = TwinRequest(
      method: String(words[0]), target: String(words[1]), headers: headers, body: [],
      connection: connection, place: place)
    let length = request.header("content-length").flatMap { Int($0) } ?? 0
    while unread.count < length { guard fill() else { return nil } }
    request.body = Array(unread.prefix(length))
    unread.removeFirst(length)
    return request
  }

  private mutating func fill() -> Bool {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &part, part.count, 0)
    guard count > 0 else { return false }
    unread += part[..<count]
    return true
  }

  /// Does what the answer says, step by step; false where the connection is to be closed.
  func obey(_ answer: TwinAnswer) -> Bool {
    for step in answer.steps {
      switch step {
      case .send(let bytes): guard send(bytes) else { return false }
      case .sendForever(let bytes): while send(bytes) {}
      case .pass(let gate): gate.wait()
      case .hang:
        waitForClient()
        return false
      case .close: return false
      case .reset:
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
          socket, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        return false
      }
    }
    return answer.keepsConnection
  }

  private func send(_ bytes: [UInt8]) -> Bool { sendAll(bytes, to: socket) }

  /// Returns when the client has closed the connection, or the twin is stopped.
  private func waitForClient() {
    var byte: UInt8 = 0
    while recv(socket, &byte, 1, 0) > 0 {}
  }
}

/// Sends all bytes on a socket; false where the other side has closed the connection.
func sendAll(_ bytes: [UInt8], to socket: Int32) -> Bool {
  var sent = 0
  while sent < bytes.count {
    let count = bytes[sent...].withUnsafeBytes {
      Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return false }
    sent += count
  }
  return true
}
