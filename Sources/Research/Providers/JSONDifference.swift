import Essentials

/// A place where two documents differ.
struct JSONDifference: Hashable, CustomStringConvertible {
  /// The way to the place, such as `messages[1].content`.
  let keyPath: String
  let recorded: String
  let asked: String

  var description: String { "\(keyPath) was \(recorded) and is \(asked)" }

  /// Returns the places where `asked` differs from `recorded`, in the order of the documents.
  static func between(
    _ recorded: JSONValue, _ asked: JSONValue, at keyPath: String = ""
  ) -> [JSONDifference] {
    if recorded == asked { return [] }
    switch (recorded, asked) {
    case (.object(let left), .object(let right)):
      let prefix = keyPath.isEmpty ? "" : keyPath + "."
      let names = left.map(\.name) + right.map(\.name).filter { recorded[$0] == nil }
      let differences = names.flatMap { name -> [JSONDifference] in
        switch (recorded[name], asked[name]) {
        case (let left?, let right?): between(left, right, at: prefix + name)
        case (let left, let right):
          [
            JSONDifference(
              keyPath: prefix + name, recorded: left.map { excerpt($0.compactText) } ?? "absent",
              asked: right.map { excerpt($0.compactText) } ?? "absent")
          ]
        }
      }
      // The same members in another order are another text all the same.
      return differences.isEmpty
        ? [JSONDifference(keyPath: keyPath, recorded: "in one order", asked: "in another")]
        : differences
    case (.array(let left), .array(let right)) where left.count == right.count:
      return zip(left, right).enumerated().flatMap { index, pair in
        between(pair.0, pair.1, at: "\(keyPath)[\(index)]")
      }
    case (.string(let left), .string(let right)):
      let common = zip(left, right).prefix { $0 == $1 }.count
      // A few characters before the place show where it is.
      let start = max(0, common - 8)
      return [
        JSONDifference(
          keyPath: "\(keyPath) from character \(common + 1)",
          recorded: "\"\(excerpt(String(left.dropFirst(start))))\"",
          asked: "\"\(excerpt(String(right.dropFirst(start))))\"")
      ]
    default:
      return [
        JSONDifference(
          keyPath: keyPath, recorded: excerpt(recorded.compactText),
          asked: excerpt(asked.compactText))
      ]
    }
  }

  private static func excerpt(_ text: String) -> String {
    let length = 40
    return text.count > length ? text.prefix(length) + "..." : text
  }
}
