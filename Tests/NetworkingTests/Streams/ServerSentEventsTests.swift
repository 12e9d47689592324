import Networking
import Testing

@Suite("Server-sent events")
struct ServerSentEventsTests {
  private static let stream = """
    : a comment\r\n\u{FEFF}data: not the first\n\nevent: add\ndata: 73857293\r\rdata: first\r\ndata:  second\r\n\
    data\r\n\r\nid: 1\ndata:x\n\nid\ndata\n\n: ping\n\nevent: lost\n\ndata: ü€\n\nid: a\0b\nretry: 1500\n\
    retry: soon\nother: 1\ndata: {"a":1}\n\ndata: never ended
    """

  private static let events = [
    ServerSentEvent(name: "add", data: "73857293"),
    ServerSentEvent(data: "first\n second\n"),
    ServerSentEvent(data: "x", lastID: "1"),
    ServerSentEvent(data: ""),
    ServerSentEvent(data: "ü€"),
    ServerSentEvent(data: "{\"a\":1}"),
  ]

  @Test("every way to cut the bytes in two gives the same events")
  func everySplit() throws {
    let bytes = Array(Self.stream.utf8)
    for cut in 0...bytes.count {
      var reader = ServerSentEvents()
      let events = try reader.read(bytes[..<cut]) + reader.read(bytes[cut...])
      #expect(events == Self.events, "cut at \(cut)")
      #expect(reader.reconnection == .milliseconds(1500))
    }
  }

  @Test("bytes that come one by one give the same events")
  func oneByOne() throws {
    var reader = ServerSentEvents()
    var events: [ServerSentEvent] = []
    for byte in Self.stream.utf8 { events += try reader.read([byte]) }
    #expect(events == Self.events)
  }

  @Test("a byte order mark at the start is skipped")
  func mark() throws {
    var reader = ServerSentEvents()
    #expect(
      try reader.read([0xEF, 0xBB, 0xBF] + Array("data: a\n\n".utf8))
        == [ServerSentEvent(data: "a")])
  }

  @Test("an event without an end is refused at its bound, comments without an end are not")
  func bound() throws {
    var reader = ServerSentEvents(eventBytesMax: 100)
    for _ in 0..<100 { #expect(try reader.read(Array(": still here\n".utf8)) == []) }
    #expect(throws: ServerSentEventsTooLarge(limitBytes: 100)) {
      for _ in 0..<100 { _ = try reader.read(Array("data: more\n".utf8)) }
    }
    var long = ServerSentEvents(eventBytesMax: 100)
    #expect(throws: ServerSentEventsTooLarge(limitBytes: 100)) {
      try long.read([UInt8](repeating: 65, count: 101))
    }
  }
}
