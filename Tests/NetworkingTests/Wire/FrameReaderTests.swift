import Essentials
import Mathematics
import Networking
import Testing
import Twins

@Suite("Reading frames of WebSockets")
struct FrameReaderTests {
  private func outcome(
    _ bytes: [UInt8], piece: Int = .max, messageBytesMax: Int = 1000
  ) -> (steps: [FrameReader.Step], fault: SocketFault?) {
    var reader = FrameReader(messageBytesMax: messageBytesMax)
    var steps: [FrameReader.Step] = []
    var rest = bytes[...]
    do throws(SocketFault) {
      while !rest.isEmpty {
        rest.prefix(piece).withUnsafeBytes { reader.take($0) }
        rest = rest.dropFirst(piece)
        while true {
          let step = try reader.advance()
          if step == .needsMore { break }
          steps.append(step)
        }
      }
      return (steps, nil)
    } catch {
      return (steps, error)
    }
  }

  private static func frame(_ first: UInt8, _ text: String) -> [UInt8] {
    WireClient.frame(first, Array(text.utf8))
  }

  @Test("messages, fragments and control frames between them are read, however they are cut")
  func messages() {
    let long = String(repeating: "é", count: 400)
    let bytes =
      Self.frame(0x81, "one") + Self.frame(0x01, "t") + Self.frame(0x89, "ping")
      + Self.frame(0x00, "w") + Self.frame(0x80, "o") + WireClient.frame(0x82, [0, 255])
      + Self.frame(0x81, long) + Self.frame(0x81, "") + Self.frame(0x8a, "")
      + WireClient.frame(0x88, [0x03, 0xe8] + Array("bye".utf8)) + WireClient.frame(0x88, [])
    let expected: [FrameReader.Step] = [
      .message(.text("one")), .fragment, .ping(Array("ping".utf8)), .fragment,
      .message(.text("two")), .message(.binary([0, 255])), .message(.text(long)),
      .message(.text("")), .pong([]), .close(1000), .close(nil),
    ]
    for piece in [1, 2, 3, 7, 100, 5000] {
      let outcome = outcome(bytes, piece: piece)
      #expect(outcome.steps == expected)
      #expect(outcome.fault == nil)
    }
  }

  @Test(
    "a client's mistake closes with the code that names it",
    arguments: [
      (WireClient.frame(0x81, [0x61], isMasked: false), SocketEnd.protocolError),
      (frame(0xc1, "a"), .protocolError), (frame(0x91, "a"), .protocolError),
      (frame(0x83, "a"), .protocolError), (frame(0x8b, "a"), .protocolError),
      (frame(0x80, "a"), .protocolError), (frame(0x00, "a"), .protocolError),
      (frame(0x01, "a") + frame(0x81, "b"), .protocolError),
      (frame(0x09, "a"), .protocolError), (frame(0x08, ""), .protocolError),
      (WireClient.frame(0x89, [UInt8](repeating: 0, count: 126)), .protocolError),
      (WireClient.frame(0x88, [3]), .protocolError),
      (WireClient.frame(0x88, [0x03, 0xe7]), .protocolError),
      (WireClient.frame(0x88, [0x03, 0xed]), .protocolError),
      (WireClient.frame(0x88, [0x0b, 0xb7]), .protocolError),
      (WireClient.frame(0x88, [0x13, 0x88]), .protocolError),
      ([0x81, 0xfe, 0, 125], .protocolError),
      ([0x81, 0xff, 0, 0, 0, 0, 0, 0, 255, 255], .protocolError),
      ([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], .protocolError),
      (WireClient.frame(0x81, [0xff]), .invalidText),
      (WireClient.frame(0x81, [0xed, 0xa0, 0x80]), .invalidText),
      (WireClient.frame(0x01, [0xc3]) + WireClient.frame(0x80, [0x28]), .invalidText),
      (WireClient.frame(0x88, [0x03, 0xe8, 0xff]), .invalidText),
      ([0x81, 0xfe, 0x03, 0xe9], .tooBig),
      ([0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255], .tooBig),
      (
        WireClient.frame(0x02, [UInt8](repeating: 0, count: 600))
          + WireClient.frame(0x00, [UInt8](repeating: 0, count: 401)), .tooBig
      ),
    ])
  func mistakes(bytes: [UInt8], end: SocketEnd) {
    for piece in [1, 4, 5000] {
      let outcome = outcome(bytes, piece: piece)
      #expect(outcome.fault?.end == end, "in pieces of \(piece): \(outcome.steps)")
      #expect(outcome.fault?.reason.isEmpty == false)
    }
  }

  @Test("a text cut within a character is whole again")
  func cutCharacters() {
    let bytes = Array("€uro 😀".utf8)
    for cut in bytes.indices {
      let frames =
        WireClient.frame(0x01, Array(bytes[..<cut])) + WireClient.frame(0x80, Array(bytes[cut...]))
      #expect(outcome(frames).steps.last == .message(.text("€uro 😀")))
    }
  }

  @Test("whatever comes, a reader holds no more than a message and a piece", arguments: 0..<4)
  func noise(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<300 {
      var reader = FrameReader(messageBytesMax: 200)
      do throws(SocketFault) {
        for _ in 0..<30 {
          var bytes = (0..<Int.random(in: 1...50, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
          }
          if Bool.random(using: &generator) {
            bytes = WireClient.frame(
              [0x81, 0x01, 0x00, 0x82].randomElement(using: &generator)!, bytes)
          }
          bytes.withUnsafeBytes { reader.take($0) }
          while try reader.advance() != .needsMore {}
          #expect(reader.bytesHeld <= 200 + 14 + 64)
        }
      } catch {
        #expect(!error.reason.isEmpty)
      }
    }
  }
}
