/// One event of a `text/event-stream`.
package struct ServerSentEvent: Hashable, Sendable {
  /// The type of the event, `message` where the stream names none.
  package var name: String
  /// The lines of data, joined by line feeds.
  package var data: String
  /// The last identifier that the stream has given so far, empty where none.
  package var lastID: String

  package init(name: String = "message", data: String, lastID: String = "") {
    self.name = name
    self.data = data
    self.lastID = lastID
  }
}

/// Turns the bytes of a `text/event-stream` into events, however they are cut.
///
/// The rules are those of the HTML Living Standard, section 9.2.6, "Interpreting an event stream":
/// 1. Lines end with CR, LF or CR LF; a byte order mark at the start is skipped.
/// 2. An empty line sends the event off, unless it has no data; then it is forgotten.
/// 3. A line that begins with a colon is a comment; a field without a colon has an empty value; one
///    space after the colon is not part of the value; unknown fields are ignored.
/// 4. What is unfinished when the stream ends is no event.
package struct ServerSentEvents: Sendable {
  /// The most bytes that the data of one event may have, with the line that is being read.
  package let eventBytesMax: Int
  /// How long the server wants to be left alone before a reconnection, where it said so.
  package private(set) var reconnection: Duration?

  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8]?
  private var lastID = ""
  private var followsReturn = false
  private var isAtStart = true

  package init(eventBytesMax: Int = 1 << 20) {
    self.eventBytesMax = eventBytesMax
  }

  /// Takes the next bytes and returns the events that they complete.
  ///
  /// - Throws: ``ServerSentEventsTooLarge`` where an event does not end; nothing can be read after
  ///   that.
  package mutating func read(
    _ bytes: some Sequence<UInt8>
  ) throws(ServerSentEventsTooLarge) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      let isSecondHalf = followsReturn && byte == UInt8(ascii: "\n")
      followsReturn = byte == UInt8(ascii: "\r")
      if isSecondHalf { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if let event = endLine() { events.append(event) }
        continue
      }
      line.append(byte)
      guard line.count + (data?.count ?? 0) <= eventBytesMax else {
        throw ServerSentEventsTooLarge(limitBytes: eventBytesMax)
      }
    }
    return events
  }

  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if isAtStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    isAtStart = false
    if line.isEmpty { return endEvent() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "event": name = String(decoding: value, as: UTF8.self)
    case "data":
      if data == nil {
        data = Array(value)
      } else {
        data?.append(UInt8(ascii: "\n"))
        data?.append(contentsOf: value)
      }
    case "id" where !value.contains(0): lastID = String(decoding: value, as: UTF8.self)
    case "retry" where !value.isEmpty && value.allSatisfy({ (48...57).contains($0) }):
      reconnection = Int64(String(decoding: value, as: UTF8.self)).map { .milliseconds($0) }
    default: break
    }
    return nil
  }

  private mutating func endEvent() -> ServerSentEvent? {
    defer {
      name = ""
      data = nil
    }
    return data.map {
      ServerSentEvent(
        name: name.isEmpty ? "message" : name, data: String(decoding: $0, as: UTF8.self),
        lastID: lastID)
    }
  }
}
