/// Reads requests of HTTP/1.1 (RFC 9112) from the bytes of one connection as they come.
///
/// A value that is told bytes and gives requests; it waits for nothing and asks no clock. It is
/// strict, because what two readers understand differently is how one of them is deceived: lines
/// end with CR LF, no field is folded, Content-Length stands once and not beside
/// Transfer-Encoding, and Host stands exactly once in HTTP/1.1. After a fault the connection cannot
/// be read any further. Memory is bounded by the limits and by what was handed over at once; each
/// byte is looked at a fixed number of times, however it is cut into pieces.
package struct RequestReader: Sendable {
  /// The sizes above which a request is refused.
  package struct Limits: Hashable, Sendable {
    /// Of the request line and all fields together.
    package var headerBytesMax = 32 << 10
    package var headerFieldsMax = 100
    package var bodyBytesMax = 1 << 20

    package init() {}
  }

  /// What is read next.
  package enum Phase: Hashable, Sendable {
    /// Nothing of a request has come.
    case idle
    case header
    case body
  }

  /// What was found.
  package enum Step: Hashable, Sendable {
    case needsMore
    /// The client waits for `100 Continue` before it sends the body.
    case awaitsContinue
    case request(RequestHead, body: [UInt8])
  }

  private enum Chunk {
    case size
    case content(Int)
    case contentEnd, trailer
  }

  private let limits: Limits
  private var buffer: [UInt8] = []
  /// Where what was not consumed begins.
  private var start = 0
  /// Where the search for the end of a line goes on.
  private var scanned = 0
  /// The lines of the header that are whole, without their ends.
  private var lines: [Range<Int>] = []
  private var head: RequestHead?
  private var isContinueDue = false
  private var body: [UInt8] = []
  private var chunk = Chunk.size
  private var trailerBytes = 0

  package init(limits: Limits) {
    self.limits = limits
  }

  /// The bytes that are held for a request that is not whole, and for those behind it.
  package var bytesHeld: Int { buffer.count - start + body.count }

  /// What is read next, as far as the bytes have come.
  package var phase: Phase {
    if head != nil { return .body }
    return buffer.count > start ? .header : .idle
  }

  /// Appends what came.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) {
    buffer.append(contentsOf: bytes)
  }

  /// Takes away what came behind the last request, which is no HTTP when that asked for something
  /// else.
  package mutating func takeRest() -> [UInt8] {
    defer {
      buffer = []
      start = 0
      scanned = 0
    }
    return Array(buffer[start...])
  }

  /// Goes as far as the bytes reach. To be called again after every request.
  package mutating func advance() throws(RequestFault) -> Step {
    if head == nil {
      guard try findHeadEnd() else { return .needsMore }
      let read = try readHead()
      head = read
      if case .known(let length) = read.bodyLength, length > limits.bodyBytesMax {
        throw .bodyTooLarge(limitBytes: limits.bodyBytesMax)
      }
      isContinueDue = read.expectsContinue
    }
    guard let head else { return .needsMore }
    let isWhole =
      switch head.bodyLength {
      case .known(let length): takeContent(upTo: length)
      case .chunked: try takeChunks()
      }
    guard isWhole else {
      compact()
      guard isContinueDue else { return .needsMore }
      // Said once, and only to a client that has sent nothing of the body.
      isContinueDue = false
      return bytesHeld == 0 ? .awaitsContinue : .needsMore
    }
    defer {
      self.head = nil
      body = []
      chunk = .size
      trailerBytes = 0
      compact()
    }
    return .request(head, body: body)
  }

  // MARK: - The body

  private mutating func takeContent(upTo length: Int) -> Bool {
    let count = min(length - body.count, buffer.count - start)
    if count > 0 {
      body.append(contentsOf: buffer[start..<(start + count)])
      start += count
      scanned = start
    }
    return body.count == length
  }

  private mutating func takeChunks() throws(RequestFault) -> Bool {
    while true {
      switch chunk {
      case .size:
        guard let line = try nextLine(bytesMax: 256, part: "the size of a chunk") else {
          return false
        }
        let size = try chunkSize(line)
        guard body.count + size <= limits.bodyBytesMax else {
          throw .bodyTooLarge(limitBytes: limits.bodyBytesMax)
        }
        chunk = size == 0 ? .trailer : .content(body.count + size)
      case .content(let end):
        guard takeContent(upTo: end) else { return false }
        chunk = .contentEnd
      case .contentEnd:
        guard let line = try nextLine(bytesMax: 0, part: "the end of a chunk") else { return false }
        guard line.isEmpty else { throw .malformed("a chunk is longer than its size says") }
        chunk = .size
      case .trailer:
        // What stands behind the last chunk is read and not used.
        guard let line = try nextLine(bytesMax: limits.headerBytesMax, part: "a trailer") else {
          return false
        }
        trailerBytes += line.count + 2
        guard trailerBytes <= limits.headerBytesMax else {
          throw .headerTooLarge(limitBytes: limits.headerBytesMax)
        }
        if line.isEmpty { return true }
      }
    }
  }

  private func chunkSize(_ line: Range<Int>) throws(RequestFault) -> Int {
    var size = 0
    var digits = 0
    for byte in buffer[line] {
      guard let digit = Characters.hexadecimal(byte) else {
        // A chunk may have extensions, which nobody uses.
        guard digits > 0, byte == UInt8(ascii: ";") || byte == Characters.space else {
          throw .malformed("the size of a chunk is not a hexadecimal number")
        }
        return size
      }
      digits += 1
      // Seven digits are more than any limit and less than any overflow.
      guard digits <= 7 else { throw .bodyTooLarge(limitBytes: limits.bodyBytesMax) }
      size = size << 4 | digit
    }
    guard digits > 0 else { throw .malformed("a chunk has no size") }
    return size
  }

  /// Consumes a line of the body, and returns where it stood without its end; nil where it has not
  /// come as a whole. What the range covers stays until the buffer is compacted.
  private mutating func nextLine(
    bytesMax: Int, part: String
  ) throws(RequestFault) -> Range<Int>? {
    guard let end = try lineEnd() else {
      guard buffer.count - start <= bytesMax + 1 else {
        throw .malformed("\(part) does not end")
      }
      return nil
    }
    let line = start..<end
    guard line.count <= bytesMax else { throw .malformed("\(part) does not end") }
    start = end + 2
    scanned = start
    return line
  }

  // MARK: - The head

  /// Searches the end of a line from where the last search ended; the place of its CR.
  private mutating func lineEnd() throws(RequestFault) -> Int? {
    let (found, isBroken) = buffer.withUnsafeBufferPointer { bytes -> (Int, Bool) in
      var place = scanned
      while place < bytes.count {
        let byte = bytes[place]
        if byte == Characters.lineFeed { return (place, true) }
        if byte == Characters.carriageReturn {
          guard place + 1 < bytes.count else { break }
          return (place, bytes[place + 1] != Characters.lineFeed)
        }
        place += 1
      }
      return (place, false)
    }
    if isBroken { throw .malformed("a line does not end with CR LF") }
    scanned = found
    return found + 1 < buffer.count ? found : nil
  }

  private mutating func findHeadEnd() throws(RequestFault) -> Bool {
    if lines.isEmpty {
      // RFC 9112, section 2.2: empty lines before a request are passed over.
      while buffer.count >= start + 2, buffer[start] == Characters.carriageReturn,
        buffer[start + 1] == Characters.lineFeed
      {
        start += 2
        scanned = start
      }
      guard start < buffer.count else {
        compact()
        return false
      }
      let first = buffer[start]
      guard Characters.isToken(first) || first == Characters.carriageReturn else {
        throw .malformed("it does not begin with a method")
      }
    }
    while true {
      let lineStart = lines.last.map { $0.upperBound + 2 } ?? start
      guard let end = try lineEnd() else {
        if lines.isEmpty { try checkRequestLine(bytes: buffer.count - start) }
        try checkHeaderSize(buffer.count - start)
        return false
      }
      if lines.isEmpty { try checkRequestLine(bytes: end - start) }
      try checkHeaderSize(end + 2 - start)
      scanned = end + 2
      if lineStart == end { return true }
      guard lines.count <= limits.headerFieldsMax else {
        throw .tooManyFields(limit: limits.headerFieldsMax)
      }
      lines.append(lineStart..<end)
    }
  }

  private func checkRequestLine(bytes: Int) throws(RequestFault) {
    // The longest method, two spaces and the version stand beside the target.
    guard bytes <= RequestTarget.bytesMax + 24 else {
      throw .targetTooLong(limitBytes: RequestTarget.bytesMax)
    }
  }

  private func checkHeaderSize(_ bytes: Int) throws(RequestFault) {
    guard bytes <= limits.headerBytesMax else {
      throw .headerTooLarge(limitBytes: limits.headerBytesMax)
    }
  }

  private mutating func readHead() throws(RequestFault) -> RequestHead {
    let lines = lines
    self.lines.removeAll(keepingCapacity: true)
    start = scanned
    let result: Result<RequestHead, RequestFault> = buffer.withUnsafeBufferPointer { bytes in
      do throws(RequestFault) {
        return .success(try HeadText(bytes: bytes, lines: lines).read())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Frees what was consumed. Costs nothing most of the time, because the buffer is empty then.
  private mutating func compact() {
    guard lines.isEmpty, start > 0 else { return }
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptBytesMax)
    } else if start > Self.keptBytesMax {
      buffer.removeSubrange(..<start)
    } else {
      return
    }
    scanned -= start
    start = 0
  }

  /// A connection that waits keeps no more memory than this.
  private static let keptBytesMax = 16 << 10
}
