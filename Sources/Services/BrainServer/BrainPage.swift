import Essentials
import Foundation
import Networking

/// The part of a list that a query asks for, and its order.
struct BrainPage {
  private let target: RequestTarget
  /// Where the caller reached the server.
  private let origin: String
  private let limitMax: Int

  init(_ request: ServerRequest, limitMax: Int) {
    target = request.target
    origin = request.origin
    self.limitMax = limitMax
  }

  /// Lists end here, whatever there is behind.
  private static let reachMax = 10_000

  func answer(_ rows: [JSONValue]) -> ServerResponse {
    let limit = target.value("limit").map { Int($0) } ?? 10
    let offset = target.value("offset").map { Int($0) } ?? 0
    guard let limit, let offset, limit > 0, offset >= 0 else { return .invalidQuery }
    guard limit <= limitMax, offset <= Self.reachMax - limit else {
      return .json(.strings(["Invalid query: pagination limit too high."]), status: 400)
    }
    let ordered = sorted(rows)
    let start = min(offset, ordered.count)
    let end = min(offset + limit, ordered.count)
    // A page behind the end of what may be reached is not offered.
    let hasNext = end < ordered.count && end + limit <= Self.reachMax
    return .json([
      "count": .integer(ordered.count), "next": hasNext ? link(limit, end) : .null,
      "previous": offset > 0 ? link(limit, max(0, min(offset, ordered.count) - limit)) : .null,
      "results": .array(Array(ordered[start..<end])),
    ])
  }

  /// The address of another page of the same query.
  private func link(_ limit: Int, _ offset: Int) -> JSONValue {
    let others = target.query.filter { !["limit", "offset"].contains($0.name) }
    let pairs =
      others.map { pair in
        let name = Self.encoded(pair.name)
        return pair.value.isEmpty ? name : "\(name)=\(Self.encoded(pair.value))"
      } + ["limit=\(limit)", "offset=\(offset)"]
    return .string("\(origin)\(target.path)?\(pairs.joined(separator: "&"))")
  }

  private static func encoded(_ text: String) -> String {
    // The characters that RFC 3986, section 2.3 reserves for nothing.
    let unreserved = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
  }

  private func sorted(_ rows: [JSONValue]) -> [JSONValue] {
    guard let order = target.value("order"), !order.isEmpty else { return rows }
    let falls = order.hasPrefix("-")
    let path = order.drop { $0 == "-" || $0 == "+" }.split(separator: ".").map(String.init)
    // Rows without the value come last in either direction, others keep their place among equals.
    return rows.enumerated().sorted { left, right in
      let first = left.element.value(at: path)
      let second = right.element.value(at: path)
      if let one = first?.asNumber, let other = second?.asNumber, one != other {
        return falls ? one > other : one < other
      }
      if let one = first?.asText, let other = second?.asText, one != other {
        return falls ? one > other : one < other
      }
      if (first == nil) != (second == nil) { return second == nil }
      return left.offset < right.offset
    }.map(\.element)
  }
}
