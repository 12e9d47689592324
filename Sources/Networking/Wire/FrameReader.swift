/// Reads what a client sends through a WebSocket (RFC 6455, section 5) from bytes as they come.
///
/// A value that is told bytes and gives messages. Fragments are joined up to the limit; masking,
/// reserved bits, lengths, control frames, close codes and UTF-8 are checked. After a fault the
/// connection cannot be read any further. A message that is longer than the limit is refused by its
/// length, before it is held.
package struct FrameReader: Sendable {
  /// What was found.
  package enum Step: Hashable, Sendable {
    case needsMore
    case message(SocketMessage)
    /// A part of a message that is not whole; it counts against a flood.
    case fragment
    case ping([UInt8])
    case pong([UInt8])
    /// The code that the client gave, if any.
    case close(UInt16?)
  }

  private struct Header {
    var isFinal: Bool
    var opcode: UInt8
    var mask: (UInt8, UInt8, UInt8, UInt8)
    var payload: Range<Int>
  }

  private enum Opcode {
    static let continuation: UInt8 = 0
    static let text: UInt8 = 1
    static let binary: UInt8 = 2
    static let close: UInt8 = 8
    static let ping: UInt8 = 9
    static let pong: UInt8 = 10
  }

  private let messageBytesMax: Int
  private var buffer: [UInt8] = []
  private var start = 0
  /// The kind of the message whose fragments are joined.
  private var opcode: UInt8?
  private var message: [UInt8] = []

  package init(messageBytesMax: Int) {
    self.messageBytesMax = messageBytesMax
  }

  /// The bytes that are held for a message that is not whole.
  package var bytesHeld: Int { buffer.count - start + message.count }

  /// Appends what came.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) {
    buffer.append(contentsOf: bytes)
  }

  /// Goes as far as the bytes reach. To be called again until it needs more.
  package mutating func advance() throws(SocketFault) -> Step {
    guard let header = try nextHeader() else { return .needsMore }
    guard header.payload.upperBound <= buffer.count else {
      compact()
      return .needsMore
    }
    var payload = Array(buffer[header.payload])
    Self.unmask(&payload, header.mask)
    start = header.payload.upperBound
    compact()
    return switch header.opcode {
    case Opcode.ping: .ping(payload)
    case Opcode.pong: .pong(payload)
    case Opcode.close: try close(payload)
    default: try part(header, payload)
    }
  }

  private mutating func part(_ header: Header, _ payload: [UInt8]) throws(SocketFault) -> Step {
    let kind = opcode ?? header.opcode
    guard header.isFinal else {
      opcode = kind
      message += payload
      return .fragment
    }
    let whole = opcode == nil ? payload : message + payload
    opcode = nil
    message = []
    guard kind == Opcode.text else { return .message(.binary(whole)) }
    guard let text = String(validating: whole, as: UTF8.self) else {
      throw SocketFault(.invalidText, "the text is not UTF-8")
    }
    return .message(.text(text))
  }

  private func close(_ payload: [UInt8]) throws(SocketFault) -> Step {
    guard !payload.isEmpty else { return .close(nil) }
    guard payload.count >= 2 else {
      throw SocketFault(.protocolError, "the close frame has half a code")
    }
    let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: break
    default: throw SocketFault(.protocolError, "the close frame has a code that is not to be sent")
    }
    guard String(validating: payload[2...], as: UTF8.self) != nil else {
      throw SocketFault(.invalidText, "the reason of the close frame is not UTF-8")
    }
    return .close(code)
  }

  /// Reads the header of the next frame and checks all that it says; nil where it has not come.
  private func nextHeader() throws(SocketFault) -> Header? {
    let available = buffer.count - start
    guard available >= 2 else {
      if available == 1 { try checkFirst(buffer[start]) }
      return nil
    }
    let first = buffer[start]
    let second = buffer[start + 1]
    try checkFirst(first)
    let opcode = first & 0x0f
    let isFinal = first & 0x80 != 0
    guard second & 0x80 != 0 else { throw SocketFault(.protocolError, "a frame is not masked") }
    var length = Int(second & 0x7f)
    if opcode >= Opcode.close {
      guard length <= 125 else { throw SocketFault(.protocolError, "a control frame is too long") }
    }
    let width = length == 127 ? 8 : length == 126 ? 2 : 0
    guard available >= 2 + width else { return nil }
    if width > 0 {
      var wide: UInt64 = 0
      for place in (start + 2)..<(start + 2 + width) { wide = wide << 8 | UInt64(buffer[place]) }
      guard wide >> 63 == 0, wide > (width == 2 ? 125 : 0xffff) else {
        throw SocketFault(.protocolError, "the length of a frame is not in its shortest form")
      }
      length = Int(wide)
    }
    if opcode < Opcode.close {
      let (total, overflow) = message.count.addingReportingOverflow(length)
      guard !overflow, total <= messageBytesMax else {
        throw SocketFault(.tooBig, "a message has at most \(messageBytesMax) bytes")
      }
    }
    let place = start + 2 + width
    guard buffer.count >= place + 4 else { return nil }
    return Header(
      isFinal: isFinal, opcode: opcode,
      mask: (buffer[place], buffer[place + 1], buffer[place + 2], buffer[place + 3]),
      payload: (place + 4)..<(place + 4 + length))
  }

  private func checkFirst(_ byte: UInt8) throws(SocketFault) {
    guard byte & 0x70 == 0 else {
      throw SocketFault(.protocolError, "a frame uses an extension that was not agreed upon")
    }
    let isFinal = byte & 0x80 != 0
    switch byte & 0x0f {
    case Opcode.continuation:
      guard opcode != nil else {
        throw SocketFault(.protocolError, "a fragment continues no message")
      }
    case Opcode.text, Opcode.binary:
      guard opcode == nil else {
        throw SocketFault(.protocolError, "a message begins within another")
      }
    case Opcode.close, Opcode.ping, Opcode.pong:
      guard isFinal else { throw SocketFault(.protocolError, "a control frame is in fragments") }
    default: throw SocketFault(.protocolError, "a frame is of an unknown kind")
    }
  }

  private static func unmask(
    _ payload: inout [UInt8], _ mask: (UInt8, UInt8, UInt8, UInt8)
  ) {
    let mask = [mask.0, mask.1, mask.2, mask.3]
    payload.withUnsafeMutableBufferPointer { bytes in
      mask.withUnsafeBufferPointer { mask in
        for place in bytes.indices { bytes[place] ^= mask[place & 3] }
      }
    }
  }

  private mutating func compact() {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptBytesMax)
    } else if start > Self.keptBytesMax {
      buffer.removeSubrange(..<start)
    } else {
      return
    }
    start = 0
  }

  /// A socket that is quiet keeps no more memory than this.
  private static let keptBytesMax = 4 << 10
}
