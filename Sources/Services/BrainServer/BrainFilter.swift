import Essentials
import Networking

/// A condition of a query over alphas, such as `is.sharpe>1.25` or `status=UNSUBMITTED`.
struct BrainFilter: Hashable, Sendable {
  enum Comparison: String, Hashable, Sendable, CaseIterable {
    // Longer signs first, since shorter ones begin like them.
    case atLeast = ">="
    case atMost = "<="
    case unequal = "!="
    case above = ">"
    case below = "<"
    case contains = "~"
    case equal = "="
  }

  let path: [String]
  let comparison: Comparison
  let value: String

  /// Parameters that are no conditions.
  private static let others: Set = ["limit", "offset", "order"]

  /// Reads a pair, nil for one that is no condition. The sign of a condition may have been taken for
  /// the one between name and value.
  init?(_ pair: RequestTarget.Pair) {
    let text = pair.value.isEmpty ? pair.name : "\(pair.name)=\(pair.value)"
    guard !Self.others.contains(pair.name),
      let place = text.firstIndex(where: { "><!~=".contains($0) }),
      let comparison = Comparison.allCases.first(where: { text[place...].hasPrefix($0.rawValue) })
    else { return nil }
    let name = text[..<place]
    guard !name.isEmpty else { return nil }
    let aliases = ["tag": "tags"]
    path = (aliases[String(name)] ?? String(name)).split(separator: ".").map(String.init)
    self.comparison = comparison
    value = String(text[place...].dropFirst(comparison.rawValue.count))
  }

  /// Whether a document meets the condition. What the document does not have meets none.
  func admits(_ document: JSONValue) -> Bool {
    guard let found = document.value(at: path) else { return false }
    switch found {
    case .array(let elements): return elements.contains(.string(value))
    case .integer, .number:
      guard let left = found.asNumber, let right = Double(value) else { return false }
      switch comparison {
      case .atLeast: return left >= right
      case .atMost: return left <= right
      case .above: return left > right
      case .below: return left < right
      case .equal: return left == right
      case .unequal: return left != right
      case .contains: return false
      }
    case .bool(let flag): return (value.lowercased() == "true") == flag
    case .string(let text):
      switch comparison {
      case .atLeast: return Self.comparable(text) >= Self.comparable(value)
      case .atMost: return Self.comparable(text) <= Self.comparable(value)
      case .above: return Self.comparable(text) > Self.comparable(value)
      case .below: return Self.comparable(text) < Self.comparable(value)
      case .equal: return text == value
      case .unequal: return text != value
      case .contains: return text.lowercased().contains(value.lowercased())
      }
    case .null, .object: return false
    }
  }

  /// A text that compares as it should: an instant as its UTC text, anything else as it is.
  private static func comparable(_ text: String) -> String {
    guard text.count >= 25, let date = CalendarDate(text.prefix(10)),
      let hours = Int(text.dropFirst(11).prefix(2)),
      let minutes = Int(text.dropFirst(14).prefix(2)),
      let seconds = Int(text.dropFirst(17).prefix(2)), let offset = Int(text.suffix(6).prefix(3))
    else { return text }
    let start = Timestamp(startOf: date).millisecondsSinceEpoch
    return Timestamp(
      millisecondsSinceEpoch: start
        + Int64(((hours - offset) * 3600 + minutes * 60 + seconds) * 1000)
    ).description
  }
}

extension JSONValue {
  /// The value under a path of names, nil where a name is missing.
  func value(at path: [String]) -> JSONValue? {
    var found = self
    for name in path {
      guard let next = found[name] else { return nil }
      found = next
    }
    return found
  }

  /// The number, nil for what is none.
  var asNumber: Double? {
    switch self {
    case .integer(let whole): Double(whole)
    case .number(let value): value
    default: nil
    }
  }

  /// The text, nil for what is none.
  var asText: String? {
    if case .string(let text) = self { text } else { nil }
  }
}
