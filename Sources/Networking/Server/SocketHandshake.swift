import CListener

/// The handshake that opens a WebSocket (RFC 6455, section 4.2).
enum SocketHandshake {
  /// The subprotocol that the desk speaks. Clients that cannot set header fields offer
  /// `bearer.<token>` beside it, which is never answered.
  static let subprotocol = "athanor.v1"

  /// What is wrong with a request for a WebSocket, nil where nothing is.
  static func defect(of request: ServerRequest) -> ServerRefusal? {
    guard request.headers["Sec-WebSocket-Version"] == "13" else { return .unknownSocketVersion }
    guard let key = request.headers["Sec-WebSocket-Key"] else {
      return .badHandshake("it has no Sec-WebSocket-Key")
    }
    let digits = key.utf8.dropLast(2)
    guard key.utf8.count == 24, key.hasSuffix("=="), digits.allSatisfy(isBase64Digit) else {
      return .badHandshake("its Sec-WebSocket-Key is not 16 bytes in base64")
    }
    return nil
  }

  /// The answer that opens the socket.
  static func answer(to headers: HTTPHeaders) -> [UInt8] {
    var text = """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: \(acceptText(for: headers["Sec-WebSocket-Key"] ?? ""))\r

      """
    let offers = headers.all("Sec-WebSocket-Protocol").flatMap {
      $0.split { $0 == "," || $0 == " " }
    }
    if offers.contains(Substring(subprotocol)) {
      text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n"
    }
    return Array((text + "\r\n").utf8)
  }

  /// The proof that a server has understood a key.
  static func acceptText(for key: String) -> String {
    let bytes = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
      guard let start = text.baseAddress else { return "" }
      listener_accept_text(bytes, bytes.count, start)
      return String(cString: start)
    }
  }

  private static func isBase64Digit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
