package import Essentials
import Foundation
package import Networking

/// One request to a provider and everything that came of it, without the key: a line of a recording.
package struct TrafficExchange: Hashable, Sendable {
  package var served: ServedModel
  /// When the request was made.
  package let at: Timestamp
  /// The body of the request.
  package var request: JSONValue
  /// Nil where the exchange broke off before the provider answered.
  package var head: HTTPHead?
  /// The body of the answer in the pieces in which it came.
  package var chunks: [[UInt8]] = []
  package var breakage: TransferBreak?

  /// Begins with the request.
  package init(_ served: ServedModel, request: JSONValue, at now: Timestamp) {
    self.served = served
    self.request = request
    at = now
  }

  /// What identifies the request: two with one fingerprint are the same question to the same model.
  package var fingerprint: Fingerprint { Self.fingerprint(served, request: request) }

  /// The fingerprint of a request.
  package static func fingerprint(_ served: ServedModel, request: JSONValue) -> Fingerprint {
    Fingerprint(
      of: "\(served.provider.rawValue)\n\(served.dialect.rawValue)\n\(request.compactText)")
  }

  /// The header fields that reading an answer takes notice of. Nothing else is recorded, since cookies
  /// and account names stand in header fields too.
  private static func isKept(_ name: String) -> Bool {
    let name = name.lowercased()
    let names: Set = [
      "content-type", "retry-after", "retry-after-ms", "x-should-retry", "x-request-id",
      "request-id", "location",
    ]
    return names.contains(name) || name.hasPrefix("x-ratelimit-")
      || name.hasPrefix("anthropic-ratelimit-")
  }

  /// The exchange as it may be written: the key masked, and only those header fields that are read.
  func recordable(masking key: APIKey?) -> TrafficExchange {
    var copy = self
    if var head {
      let fields = head.headers.fields.filter { Self.isKept($0.name) }
      head.headers = HTTPHeaders(
        fields.map { .init($0.name.lowercased(), key?.masking($0.value) ?? $0.value) })
      copy.head = head
    }
    if let key {
      copy.request = key.masking(request)
      copy.chunks = key.masking(chunks)
    }
    return copy
  }
}

extension TrafficExchange: ReadableDocument {
  package init(reading reader: inout DocumentReader) {
    for name in ["served", "at_ms", "request"] { reader.requireMember(name) }
    served =
      reader.object("served", ServedModel.init(reading:))
      ?? ServedModel(provider: .chat, model: "", dialect: .chat)
    request = reader.value("request") ?? .null
    at = Timestamp(
      millisecondsSinceEpoch: Int64(reader.whole("at_ms", in: 0...Int.max) ?? 0))
    head = reader.object("answer") { answer in
      answer.requireMember("status")
      var headers = HTTPHeaders()
      if case .object(let fields) = answer.value("fields") {
        for field in fields {
          if case .string(let value) = field.value { headers.add(field.name, value) }
        }
      }
      return HTTPHead(status: answer.whole("status", in: 100...599) ?? 0, headers: headers)
    }
    breakage = reader.object("breakage", TransferBreak.init(reading:))
    guard case .array(let pieces) = reader.value("chunks") ?? .array([]) else {
      reader.noteContradiction("chunks", "is no array", remedy: "Record the run anew.")
      return
    }
    for piece in pieces {
      guard let bytes = Self.bytes(piece) else {
        reader.noteContradiction(
          "chunks", "holds what is neither a text nor base64", remedy: "Record the run anew.")
        return
      }
      chunks.append(bytes)
    }
  }

  /// The line of the recording, as one object.
  package var json: JSONValue {
    let answer: JSONValue =
      head.map { head in
        [
          "status": .integer(head.status),
          "fields": .object(
            head.headers.fields.map { JSONValue.Member($0.name, .string($0.value)) }),
        ]
      } ?? .null
    return [
      "served": served.json, "at_ms": .integer(Int(at.millisecondsSinceEpoch)),
      "request": request, "answer": answer,
      "chunks": .array(chunks.map(Self.piece)), "breakage": breakage?.json ?? .null,
    ]
  }

  /// A chunk is a text where it is one, which a chunk that ends inside a character is not.
  private static func piece(_ chunk: [UInt8]) -> JSONValue {
    if let text = String(validating: chunk, as: UTF8.self) { return .string(text) }
    return ["base64": .string(Data(chunk).base64EncodedString())]
  }

  private static func bytes(_ piece: JSONValue) -> [UInt8]? {
    if case .string(let text) = piece { return Array(text.utf8) }
    return piece.text("base64").flatMap { Data(base64Encoded: $0) }.map(Array.init)
  }
}
