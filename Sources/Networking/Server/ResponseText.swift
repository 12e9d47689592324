import Essentials

/// Writes answers of HTTP/1.1 (RFC 9112, section 4).
struct ResponseText {
  /// How an answer stands in its connection.
  struct Manner {
    /// True for the answer to HEAD, which has the header of its body and no body.
    var isHeaderOnly = false
    var keepsConnection = true
    /// A client of HTTP/1.0 has to be told that the connection goes on.
    var isForOldClient = false
  }

  /// The second whose date was written last, which thousands of answers share.
  private var second = Int64.min
  private var date: [UInt8] = []

  /// The header, with the body where it is short; otherwise the body has to be sent behind.
  mutating func write(
    _ response: ServerResponse, _ manner: Manner, at now: Timestamp
  ) -> (head: [UInt8], body: [UInt8]) {
    var bytes: [UInt8] = []
    let isBodyless = response.status < 200 || response.status == 204 || response.status == 304
    let sendsBody = !isBodyless && !manner.isHeaderOnly
    let isJoined = sendsBody && response.body.count <= Self.joinedBytesMax
    bytes.reserveCapacity(320 + (isJoined ? response.body.count : 0))
    bytes += "HTTP/1.1 ".utf8
    Self.append(response.status, to: &bytes)
    bytes.append(Characters.space)
    bytes += Self.reason(response.status).utf8
    for field in response.headers.fields where !Self.isOwn(field.name) {
      bytes += "\r\n".utf8
      bytes += field.name.utf8
      bytes += ": ".utf8
      // A value that comes from outside must not begin a field of its own.
      for byte in field.value.utf8 {
        bytes.append(byte < Characters.space || byte == 0x7f ? Characters.space : byte)
      }
    }
    bytes += "\r\nDate: ".utf8
    bytes += dateText(at: now)
    bytes += "\r\nX-Content-Type-Options: nosniff".utf8
    if !isBodyless {
      bytes += "\r\nContent-Length: ".utf8
      Self.append(response.body.count, to: &bytes)
    }
    if !manner.keepsConnection {
      bytes += "\r\nConnection: close".utf8
    } else if manner.isForOldClient {
      bytes += "\r\nConnection: keep-alive".utf8
    }
    bytes += "\r\n\r\n".utf8
    guard sendsBody else { return (bytes, []) }
    guard isJoined else { return (bytes, response.body) }
    bytes += response.body
    return (bytes, [])
  }

  private mutating func dateText(at now: Timestamp) -> [UInt8] {
    let second = now.millisecondsSinceEpoch / 1000
    if second != self.second {
      self.second = second
      date = Array(InstantText.httpDate(now).utf8)
    }
    return date
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }

  /// The fields that only the server writes.
  private static func isOwn(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4: name.lowercased() == "date"
    case 10: name.lowercased() == "connection"
    case 14: name.lowercased() == "content-length"
    case 17: name.lowercased() == "transfer-encoding"
    case 22: name.lowercased() == "x-content-type-options"
    default: false
    }
  }

  private static let joinedBytesMax = 16 << 10

  static func reason(_ status: Int) -> String {
    switch status {
    case 100: "Continue"
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 426: "Upgrade Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: "Status"
    }
  }
}
