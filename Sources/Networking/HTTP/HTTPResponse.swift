/// The part of an answer that comes before its body.
package struct HTTPHead: Hashable, Sendable {
  package var status: Int
  package var headers: HTTPHeaders

  package init(status: Int, headers: HTTPHeaders = [:]) {
    self.status = status
    self.headers = headers
  }

  /// Whether the server did what it was asked: a status from 200 to 299.
  package var isSuccess: Bool { (200...299).contains(status) }
}

/// A whole answer. A status that is no success is an answer too, not a failure.
package struct HTTPResponse: Hashable, Sendable {
  package var head: HTTPHead
  package var body: [UInt8]

  package init(head: HTTPHead, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }

  package var status: Int { head.status }
  package var headers: HTTPHeaders { head.headers }
  package var isSuccess: Bool { head.isSuccess }
  /// The body read as UTF-8, with a replacement character where it is none.
  package var text: String { String(decoding: body, as: UTF8.self) }
}
