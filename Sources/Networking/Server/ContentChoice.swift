import Essentials

/// What a client wants to have of a content: packed or plain, or nothing because it has it.
enum ContentChoice {
  /// The strong entity tag of a content: the first 16 bytes of its SHA-256.
  static func tag(of bytes: [UInt8]) -> String {
    let digest = bytes.withUnsafeBytes { DigestBytes(of: $0) }
    return "\"" + digest.hexadecimal.prefix(32) + "\""
  }

  /// The tag of the packed form, which has other bytes.
  static func packedTag(_ tag: String) -> String {
    "\"" + tag.dropFirst().dropLast() + "-gz\""
  }

  /// Whether the client takes gzip (RFC 9110, section 12.5.3).
  static func takesGzip(_ headers: HTTPHeaders) -> Bool {
    guard headers["Accept-Encoding"] != nil else { return false }
    return headers.tokens("Accept-Encoding").contains { element in
      let parts = element.split(separator: ";").map { $0.filter { $0 != " " } }
      guard let name = parts.first, name == "gzip" || name == "*" else { return false }
      return !parts.dropFirst().contains {
        $0.hasPrefix("q=0") && $0.dropFirst(3).allSatisfy { $0 == "0" || $0 == "." }
      }
    }
  }

  /// Whether the client says that it has a content of this tag (RFC 9110, section 13.1.2).
  static func has(_ tag: String, _ headers: HTTPHeaders) -> Bool {
    headers.all("If-None-Match").contains { list in
      list.split(separator: ",").contains { element in
        let text = element.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        let plain = text.starts(with: "W/") ? String(text.dropFirst(2)) : String(text)
        return plain == "*" || plain == tag
      }
    }
  }

  /// Adds a tag to a long answer, answers 304 where the client has it, and packs it for a client of
  /// another machine that takes that. Within one machine packing costs more than it saves.
  ///
  /// Only answers that are texts, of status 200, to GET or HEAD. It takes about a millisecond for
  /// each 100 KB, so it runs on a worker.
  static func settled(_ response: ServerResponse, for request: ServerRequest) -> ServerResponse {
    var response = response
    guard response.status == 200, request.method == .get || request.method == .head,
      response.body.count >= bytesMin, response.headers["ETag"] == nil,
      response.headers["Content-Encoding"] == nil, let type = response.headers["Content-Type"],
      MediaType.isText(type)
    else { return response }
    let tag = tag(of: response.body)
    if response.headers["Cache-Control"] == nil {
      response.headers["Cache-Control"] = "private, no-cache"
    }
    response.headers["Vary"] = "Accept-Encoding"
    let isPacked = !request.peer.isLoopback && takesGzip(request.headers)
    response.headers["ETag"] = isPacked ? packedTag(tag) : tag
    if has(tag, request.headers) || has(packedTag(tag), request.headers) {
      response.status = 304
      response.body = []
      response.headers["Content-Type"] = nil
    } else if isPacked, let packed = GzipText.packed(response.body, level: 1) {
      response.body = packed
      response.headers["Content-Encoding"] = "gzip"
    }
    return response
  }

  /// Shorter answers fit into one packet anyway.
  private static let bytesMin = 1024
}

extension ServerRequest {
  /// Whether the client says that it has a content of this entity tag, which is in quotation marks
  /// (RFC 9110, section 13.1.2).
  package func has(tag: String) -> Bool { ContentChoice.has(tag, headers) }
}
