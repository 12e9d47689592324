/// What a server says on a WebSocket, as steps of a ``TwinAnswer``: enough of RFC 6455 to greet a
/// browser and to push texts to it.
package enum SocketTalk {
  /// Returns the answer that opens a socket and then does what the steps say; nil where the request
  /// asks for none.
  package static func opening(
    _ request: TwinRequest, protocol name: String?, then steps: [TwinAnswer.Step]
  ) -> TwinAnswer? {
    guard let key = request.header("sec-websocket-key") else { return nil }
    let accept = base64(sha1(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    var head = "HTTP/1.1 101 Twin\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    head += "Sec-WebSocket-Accept: \(accept)\r\n"
    if let name { head += "Sec-WebSocket-Protocol: \(name)\r\n" }
    return TwinAnswer([.send(Array((head + "\r\n").utf8))] + steps)
  }

  /// Sends a text as one frame.
  package static func text(_ text: String) -> TwinAnswer.Step {
    .send(frame(0x81, Array(text.utf8)))
  }

  /// Sends bytes as one frame.
  package static func binary(_ bytes: [UInt8]) -> TwinAnswer.Step { .send(frame(0x82, bytes)) }

  /// Says goodbye with a code.
  package static func goodbye(_ code: UInt16) -> TwinAnswer.Step {
    .send(frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)]))
  }

  private static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let length = payload.count
    let head: [UInt8]
    switch length {
    case ..<126: head = [first, UInt8(length)]
    case ..<65_536: head = [first, 126, UInt8(length >> 8), UInt8(length & 0xFF)]
    default: head = [first, 127] + (0..<8).reversed().map { UInt8(length >> ($0 * 8) & 0xFF) }
    }
    return head + payload
  }

  /// The digest of RFC 3174, which the handshake asks for and nothing else here.
  static func sha1(_ message: [UInt8]) -> [UInt8] {
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    padded += (0..<8).reversed().map { UInt8((message.count * 8) >> ($0 * 8) & 0xFF) }
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    for start in stride(from: 0, to: padded.count, by: 64) {
      var words = (0..<16).map { index in
        padded[(start + index * 4)..<(start + index * 4 + 4)].reduce(0 as UInt32) {
          $0 << 8 | UInt32($1)
        }
      }
      for index in 16..<80 {
        let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
        words.append(mixed << 1 | mixed >> 31)
      }
      var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
      for index in 0..<80 {
        let (mixed, constant): (UInt32, UInt32) =
          switch index / 20 {
          case 0: (b & c | ~b & d, 0x5A82_7999)
          case 1: (b ^ c ^ d, 0x6ED9_EBA1)
          case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
          default: (b ^ c ^ d, 0xCA62_C1D6)
          }
        let next = (a << 5 | a >> 27) &+ mixed &+ e &+ constant &+ words[index]
        (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
      }
      for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
    }
    return state.flatMap { word in (0..<4).reversed().map { UInt8(word >> ($0 * 8) & 0xFF) } }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let word = part.reduce(0) { $0 << 8 | Int($1) } << ((3 - part.count) * 8)
      for place in 0...3 {
        text.append(place <= part.count ? letters[word >> (18 - place * 6) & 63] : "=")
      }
    }
    return text
  }
}
