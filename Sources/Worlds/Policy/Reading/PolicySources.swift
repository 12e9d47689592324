package import Essentials

/// Something found in the text of a policy, with the place where a person looks for it.
package struct PolicyFinding: Hashable, Sendable {
  /// The name of the text: the policy's, or that of one which it extends.
  package var source: String
  /// From 1.
  package var line: Int
  /// From 1, in characters.
  package var column: Int
  /// The finding; its span is one of the named text.
  package var diagnostic: Diagnostic
  /// The finding with its line underlined.
  package var rendered: String

  /// What programs read: severity, code, source, line, column, message, and the remedy where there
  /// is one.
  package var json: JSONValue {
    .object(
      [
        JSONValue.Member("severity", .string(diagnostic.severity.rawValue)),
        JSONValue.Member("code", .string(diagnostic.code)),
        JSONValue.Member("source", .string(source)), JSONValue.Member("line", .integer(line)),
        JSONValue.Member("column", .integer(column)),
        JSONValue.Member("message", .string(diagnostic.message)),
      ] + (diagnostic.remedy.map { [JSONValue.Member("remedy", .string($0))] } ?? []))
  }
}

/// The texts that a policy was read from, one behind the other, so that a place is one number.
///
/// ```
/// offset  0 ............ 812 | 813 ......... 1204 |
///         world.yml          | base.yml           |
/// ```
struct PolicySources: Sendable {
  private struct Text: Sendable {
    var name: String
    var text: String
    var base: Int
  }

  private var texts: [Text] = []
  /// All bytes, a line break behind each text.
  private(set) var bytes: [UInt8] = []

  init(name: String, text: String) {
    _ = append(name: name, text: text)
  }

  /// Appends a text; returns the offset of its first byte.
  mutating func append(name: String, text: String) -> Int {
    let base = bytes.count
    texts.append(Text(name: name, text: text, base: base))
    bytes.append(contentsOf: text.utf8)
    bytes.append(UInt8(ascii: "\n"))
    return base
  }

  /// Shows where a finding among all bytes stands. Cost: the length of its text.
  func finding(_ diagnostic: Diagnostic) -> PolicyFinding {
    let text = texts.last { $0.base <= diagnostic.span.start } ?? texts[0]
    var local = diagnostic
    local.span = SourceSpan(
      start: diagnostic.span.start - text.base,
      end: max(diagnostic.span.start, diagnostic.span.end) - text.base)
    let before = Array(text.text.utf8.prefix(local.span.start))
    let newline = UInt8(ascii: "\n")
    let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    return PolicyFinding(
      source: text.name, line: 1 + before.count { $0 == newline },
      column: 1 + String(decoding: before[lineStart...], as: UTF8.self).count, diagnostic: local,
      rendered: local.rendered(in: text.text, named: text.name))
  }

  /// Shows a mistake of an expression that is the whole text.
  func finding(_ severity: Diagnostic.Severity, _ mistake: PolicyMistake) -> PolicyFinding {
    finding(
      Diagnostic(
        severity, code: mistake.code, message: mistake.message,
        span: SourceSpan(start: mistake.range.lowerBound, end: mistake.range.upperBound),
        remedy: mistake.remedy))
  }
}
