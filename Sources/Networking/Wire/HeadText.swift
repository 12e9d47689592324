/// The lines of a request's header, and what they say.
struct HeadText {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Without their ends; the first is the request line.
  let lines: [Range<Int>]

  private struct RequestLine {
    var method: HTTPMethod
    var target: RequestTarget
    /// The host of a target in absolute form.
    var authority: String?
    var isForWholeServer: Bool
    var minorVersion: Int
  }

  func read() throws(RequestFault) -> RequestHead {
    guard let first = lines.first else { throw .malformed("it is empty") }
    let line = try requestLine(first)
    var fields: [HTTPHeaders.Field] = []
    fields.reserveCapacity(lines.count)
    var special = SpecialFields()
    for range in lines.dropFirst() {
      let (name, value) = try field(range)
      try special.note(name, value)
      guard let text = String(validating: value, as: UTF8.self) else {
        throw .malformed("a field is not UTF-8")
      }
      fields.append(.init(String(decoding: name, as: UTF8.self), text))
    }
    var headers = HTTPHeaders(fields)
    if let authority = line.authority {
      // RFC 9112, section 3.2.2: the target's authority stands for the Host field.
      headers["Host"] = authority
    } else if line.minorVersion == 1, !special.hasHost {
      throw .malformed("it has no Host field")
    }
    return RequestHead(
      method: line.method, target: line.target, isForWholeServer: line.isForWholeServer,
      headers: headers, isOld: line.minorVersion == 0,
      keepsAlive: keepsAlive(headers, line, special),
      expectsContinue: try expectsContinue(headers, line, special),
      bodyLength: try bodyLength(line, special))
  }

  // MARK: - The request line

  private func requestLine(_ range: Range<Int>) throws(RequestFault) -> RequestLine {
    let line = part(range)
    guard let methodEnd = line.firstIndex(of: Characters.space),
      let targetEnd = line.lastIndex(of: Characters.space), targetEnd > methodEnd
    else { throw .malformed("its first line is not a method, a target and a version") }
    let word = part(range.lowerBound..<(range.lowerBound + methodEnd))
    guard !word.isEmpty, word.allSatisfy(Characters.isToken) else {
      throw .malformed("its method is not a word")
    }
    let minorVersion = try minorVersion(
      part((range.lowerBound + targetEnd + 1)..<range.upperBound))
    let target = part((range.lowerBound + methodEnd + 1)..<(range.lowerBound + targetEnd))
    guard target.count <= RequestTarget.bytesMax else {
      throw .targetTooLong(limitBytes: RequestTarget.bytesMax)
    }
    guard let method = HTTPMethod(rawValue: String(decoding: word, as: UTF8.self)) else {
      throw .unknownMethod
    }
    guard target.allSatisfy({ $0 > Characters.space && $0 < 0x7f && $0 != UInt8(ascii: "#") })
    else { throw .malformed("its target has characters that must be percent-encoded") }
    var text = String(decoding: target, as: UTF8.self)
    let isForWholeServer = text == "*" && method == .options
    if isForWholeServer { text = "/" }
    let authority = Self.cutAuthority(from: &text)
    guard let target = RequestTarget(text) else {
      throw .malformed("its target is not a path and a query in UTF-8")
    }
    return RequestLine(
      method: method, target: target, authority: authority, isForWholeServer: isForWholeServer,
      minorVersion: minorVersion)
  }

  private func minorVersion(_ text: UnsafeBufferPointer<UInt8>) throws(RequestFault) -> Int {
    guard text.count == 8, text.starts(with: "HTTP/".utf8), text[6] == UInt8(ascii: "."),
      let major = Characters.hexadecimal(text[5]), major < 10,
      let minor = Characters.hexadecimal(text[7]), minor < 10
    else { throw .malformed("its first line does not end with a version of HTTP") }
    guard major == 1, minor <= 1 else { throw .unknownVersion }
    return minor
  }

  /// Cuts `http://host` from a target in absolute form and returns the host.
  private static func cutAuthority(from text: inout String) -> String? {
    guard text.utf8.first != UInt8(ascii: "/"), let mark = text.firstRange(of: "://"),
      ["http", "https"].contains(text[..<mark.lowerBound].lowercased())
    else { return nil }
    let rest = text[mark.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, isHost(authority.utf8) else { return nil }
    let path = rest[authority.endIndex...]
    text = path.utf8.first == UInt8(ascii: "/") ? String(path) : "/" + path
    return String(authority)
  }

  // MARK: - The fields

  private func field(
    _ range: Range<Int>
  ) throws(RequestFault) -> (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) {
    let line = part(range)
    if line.first == Characters.space || line.first == Characters.tab {
      throw .malformed("a field goes on in a second line")
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
      throw .malformed("a field has no name")
    }
    let name = part(range.lowerBound..<(range.lowerBound + colon))
    guard name.allSatisfy(Characters.isToken) else {
      throw .malformed("the name of a field is not a word")
    }
    var from = range.lowerBound + colon + 1
    var to = range.upperBound
    while from < to, Self.isBlank(bytes[from]) { from += 1 }
    while from < to, Self.isBlank(bytes[to - 1]) { to -= 1 }
    let value = part(from..<to)
    guard value.allSatisfy({ $0 >= Characters.space && $0 != 0x7f || $0 == Characters.tab }) else {
      throw .malformed("a field has control characters")
    }
    return (name, value)
  }

  /// The fields that decide where a request ends and whom it is for. Each may stand once.
  private struct SpecialFields {
    var hasHost = false
    var hasConnection = false
    var hasExpectation = false
    var length: Int?
    var isChunked = false
    private var seen: Set<Int> = []

    private static let single: [StaticString] = [
      "authorization", "origin", "sec-websocket-key", "sec-websocket-version", "expect",
      "content-type",
    ]

    mutating func note(
      _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) throws(RequestFault) {
      if Characters.equal(name, "host") {
        guard !hasHost else { throw .malformed("it has two Host fields") }
        guard HeadText.isHost(value) else { throw .malformed("its Host field is not a host") }
        hasHost = true
      } else if Characters.equal(name, "content-length") {
        guard length == nil else { throw .malformed("it has two Content-Length fields") }
        length = try Self.number(value)
      } else if Characters.equal(name, "transfer-encoding") {
        guard !isChunked else { throw .malformed("it has two Transfer-Encoding fields") }
        guard Characters.equal(value, "chunked") else { throw .unknownCoding }
        isChunked = true
      } else if Characters.equal(name, "connection") {
        hasConnection = true
      } else if let place = Self.single.firstIndex(where: { Characters.equal(name, $0) }) {
        guard seen.insert(place).inserted else {
          throw .malformed("it has a field twice that may stand once")
        }
        if Characters.equal(name, "expect") { hasExpectation = true }
      }
    }

    private static func number(_ value: UnsafeBufferPointer<UInt8>) throws(RequestFault) -> Int {
      guard !value.isEmpty,
        value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      else { throw .malformed("its Content-Length is not a number") }
      // Eighteen digits are more than any limit and less than any overflow.
      let digits = value.drop { $0 == UInt8(ascii: "0") }
      guard digits.count <= 18 else { return Int.max }
      return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
  }

  private func keepsAlive(
    _ headers: HTTPHeaders, _ line: RequestLine, _ special: SpecialFields
  ) -> Bool {
    guard special.hasConnection else { return line.minorVersion == 1 }
    let words = headers.tokens("Connection")
    return line.minorVersion == 1 ? !words.contains("close") : words.contains("keep-alive")
  }

  private func expectsContinue(
    _ headers: HTTPHeaders, _ line: RequestLine, _ special: SpecialFields
  ) throws(RequestFault) -> Bool {
    // RFC 9110, section 10.1.1: what a client of HTTP/1.0 expects is not heard.
    guard special.hasExpectation, line.minorVersion == 1 else { return false }
    guard headers.tokens("Expect") == ["100-continue"] else { throw .unknownExpectation }
    return true
  }

  private func bodyLength(
    _ line: RequestLine, _ special: SpecialFields
  ) throws(RequestFault) -> RequestHead.BodyLength {
    guard special.isChunked else { return .known(special.length ?? 0) }
    guard special.length == nil else {
      throw .malformed("it has both Content-Length and Transfer-Encoding")
    }
    guard line.minorVersion == 1 else {
      throw .malformed("HTTP/1.0 does not know Transfer-Encoding")
    }
    return .chunked
  }

  // MARK: - Parts

  private func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[range])
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == Characters.space || byte == Characters.tab
  }

  /// Whether text can be a host with a port, without deciding whether it is one of ours.
  fileprivate static func isHost(_ text: some Collection<UInt8>) -> Bool {
    text.count <= 255
      && text.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
          UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
          true
        default: false
        }
      }
  }
}
