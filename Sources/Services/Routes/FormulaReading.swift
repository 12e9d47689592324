package import AlphaLanguage
package import Essentials
import Research

/// A formula as an editor shows it: its words and everything that was found, with offsets that count
/// UTF-16 code units, as JavaScript does.
///
/// Whatever text is handed in, it is read: what cannot be understood becomes a finding.
package struct FormulaReading: Hashable, Sendable {
  package let isValid: Bool
  package let words: [FormulaWord]
  package let diagnostics: [Diagnostic]
  private let offsets: UTF16Offsets

  /// Checks a formula. Cost: some tens of microseconds for a usual one.
  package init(_ source: String, by checker: FormulaChecker) {
    words = checker.words(of: source)
    offsets = UTF16Offsets(source)
    do throws(FormulaRejection) {
      diagnostics = try checker.check(source).warnings
      isValid = true
    } catch {
      diagnostics = error.diagnostics
      isValid = false
    }
  }

  /// The members of the wire: `valid`, `tokens` and `diagnostics`.
  package var members: [JSONValue.Member] {
    [
      .init("valid", .bool(isValid)),
      .init(
        "tokens",
        .array(
          words.map { word in
            [
              "start": .integer(offsets[word.span.start]), "end": .integer(offsets[word.span.end]),
              "class": .string(word.kind.rawValue),
            ]
          })),
      .init(
        "diagnostics",
        .array(
          diagnostics.map { finding in
            [
              "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
              "message": .string(finding.message), "remedy": .orNull(finding.remedy),
              "start": .integer(offsets[finding.span.start]),
              "end": .integer(offsets[finding.span.end]),
            ]
          })),
    ]
  }
}

/// Where each byte of a UTF-8 text lies in its UTF-16 form.
private struct UTF16Offsets: Hashable, Sendable {
  /// One for each byte and one for the end; empty for a text of ASCII, whose offsets are the same.
  private let offsets: [Int]
  private let count: Int

  init(_ text: String) {
    let bytes = Array(text.utf8)
    count = bytes.count
    guard bytes.contains(where: { $0 >= 0x80 }) else {
      offsets = []
      return
    }
    var offsets: [Int] = []
    offsets.reserveCapacity(bytes.count + 1)
    var offset = 0
    for byte in bytes {
      offsets.append(offset)
      // Units are counted at the last byte of a character: continuation bytes begin no character.
      switch byte {
      case 0x80..<0xC0: break
      case 0xF0...: offset += 2
      default: offset += 1
      }
    }
    offsets.append(offset)
    self.offsets = offsets
  }

  subscript(byte: Int) -> Int {
    let byte = min(max(0, byte), count)
    return offsets.isEmpty ? byte : offsets[byte]
  }
}
