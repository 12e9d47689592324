import Essentials
import Networking

/// The part of a list that a query asks for, and its order.
struct BrainPage {
  private let target: RequestTarget
  private let limitMax: Int

  init(_ target: RequestTarget, limitMax: Int) {
    self.target = target
    self.limitMax = limitMax
  }

  /// Lists end here, whatever there is behind.
  private static let reachMax = 10_000

  func answer(_ rows: [JSONValue]) -> ServerResponse {
    let limit = target.value("limit").map { Int($0) } ?? 10
    let offset = target.value("offset").map { Int($0) } ?? 0
    guard let limit, let offset, limit > 0, offset >= 0 else { return .invalidQuery }
    guard limit <= limitMax, offset + limit <= Self.reachMax else {
      return .json(.strings(["Invalid query: pagination limit too high."]), status: 400)
    }
    let ordered = sorted(rows)
    let start = min(offset, ordered.count)
    let end = min(offset + limit, ordered.count)
    return .json([
      "count": .integer(ordered.count), "next": .null, "previous": .null,
      "results": .array(Array(ordered[start..<end])),
    ])
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
