package import Essentials

/// A value of one setting.
package enum SettingValue: Hashable, Sendable, CustomStringConvertible {
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case span(TimeSpan)
  case word(String)
  case names([String])

  package var description: String { json.compactText }

  /// What documents say: spans as texts such as `90s`.
  package var json: JSONValue {
    switch self {
    case .flag(let flag): .bool(flag)
    case .whole(let number): .integer(number)
    case .number(let number): .number(number)
    case .span(let span): .string(span.description)
    case .word(let word): .string(word)
    case .names(let names): .strings(names)
    }
  }
}

/// What a setting may say.
package enum SettingKind: Hashable, Sendable {
  case flag
  case whole(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  /// A whole number of milliseconds, written with a unit (`90s`) or as bare seconds.
  case span(ClosedRange<TimeSpan>)
  case choice([String])
  /// A list of words, or a text with commas or semicolons between them.
  case names(among: [String])

  /// What a person is told to write.
  package var instruction: String {
    func shown(_ number: Double) -> String { JSONValue.number(number).compactText }
    switch self {
    case .flag: return "Write true or false."
    case .whole(let range):
      return "Write a whole number from \(range.lowerBound) to \(range.upperBound)."
    case .number(let range):
      return "Write a number from \(shown(range.lowerBound)) to \(shown(range.upperBound))."
    case .span(let range):
      return """
        Write seconds, or a number with a unit (ms, s, m, h or d), from \(range.lowerBound) to \
        \(range.upperBound).
        """
    case .choice(let words): return "Write \(Self.list(words))."
    case .names(let words): return "Write a list of names among \(Self.list(words))."
    }
  }

  private static func list(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }

  /// The name of the kind, such as `number`.
  package var name: String {
    switch self {
    case .flag: "flag"
    case .whole: "whole number"
    case .number: "number"
    case .span: "duration"
    case .choice: "choice"
    case .names: "list"
    }
  }

  /// What a JSON Schema (2020-12) says of a value of the kind.
  var schema: [JSONValue.Member] {
    switch self {
    case .flag: [JSONValue.Member("type", "boolean")]
    case .whole(let range):
      [
        JSONValue.Member("type", "integer"),
        JSONValue.Member("minimum", .integer(range.lowerBound)),
        JSONValue.Member("maximum", .integer(range.upperBound)),
      ]
    case .number(let range):
      [
        JSONValue.Member("type", "number"),
        JSONValue.Member("minimum", .number(range.lowerBound)),
        JSONValue.Member("maximum", .number(range.upperBound)),
      ]
    case .span:
      [
        JSONValue.Member("type", .strings(["number", "string"])),
        JSONValue.Member("pattern", .string("^[0-9]+(ms|[smhd])$")),
      ]
    case .choice(let words): [JSONValue.Member("enum", .strings(words))]
    case .names(let words):
      [
        JSONValue.Member("type", .strings(["array", "string"])),
        JSONValue.Member("items", ["enum": .strings(words)]),
      ]
    }
  }
}

extension TimeSpan {
  /// Reads a whole number with a unit (`250ms`, `90s`, `30m`); nil for any other text.
  init?(setting text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard (1...15).contains(digits.count), let count = Int64(digits) else { return nil }
    let scale: Int64
    switch text.dropFirst(digits.count) {
    case "ms": scale = 1
    case "s": scale = 1000
    case "m": scale = 60_000
    case "h": scale = 3_600_000
    case "d": scale = 86_400_000
    default: return nil
    }
    let (product, overflows) = count.multipliedReportingOverflow(by: scale)
    guard !overflows else { return nil }
    self.init(milliseconds: product)
  }
}
