import Essentials
import Foundation

/// How the text of an argument becomes a value, and how that is described to a person.
struct ValueForm<Value: Sendable>: Sendable {
  /// The word that stands for the value in a usage line, such as `rows`.
  let placeholder: String
  /// What the text must be, to complete the sentence "--decay takes ...".
  let expectation: String
  /// What a shell may offer in the value's place.
  let completion: CompletionOffer
  /// Returns the value, or nil where the text is not one.
  let read: @Sendable (String) -> Value?
  /// Writes a value as a person would type it.
  let show: @Sendable (Value) -> String
}

/// What a shell offers to complete a value.
enum CompletionOffer: Hashable, Sendable {
  case nothing
  case words([String])
  case files
  case folders

  /// The words on offer, none where there is no list of them.
  var words: [String] {
    if case .words(let words) = self { words } else { [] }
  }
}

extension ValueForm where Value == String {
  /// Any text, the empty one included.
  static func text(_ placeholder: String) -> Self {
    ValueForm(
      placeholder: placeholder, expectation: "a text", completion: .nothing, read: { $0 },
      show: { $0 })
  }

  /// The path of a file; whether it exists is found out where it is opened.
  static func file(_ placeholder: String = "file") -> Self {
    ValueForm(
      placeholder: placeholder, expectation: "the path of a file", completion: .files,
      read: { $0.isEmpty ? nil : $0 }, show: { $0 })
  }

  /// The path of a folder; whether it exists is found out where it is opened.
  static func folder(_ placeholder: String = "folder") -> Self {
    ValueForm(
      placeholder: placeholder, expectation: "the path of a folder", completion: .folders,
      read: { $0.isEmpty ? nil : $0 }, show: { $0 })
  }
}

extension ValueForm where Value == Int {
  /// A whole number within bounds.
  static func whole(_ placeholder: String, in range: ClosedRange<Int>) -> Self {
    ValueForm(
      placeholder: placeholder,
      expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      completion: range.count <= 9 ? .words(range.map(String.init)) : .nothing,
      read: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
      show: { String($0) })
  }
}

extension ValueForm where Value == Double {
  /// A finite number within bounds, written with a decimal point.
  static func number(_ placeholder: String, in range: ClosedRange<Double>) -> Self {
    ValueForm(
      placeholder: placeholder,
      expectation: "a number from \(shown(range.lowerBound)) to \(shown(range.upperBound))",
      completion: .nothing,
      read: { text in
        guard let value = Double(text), value.isFinite, range.contains(value) else { return nil }
        return value
      },
      show: shown)
  }

  private static func shown(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : "\(value)"
  }
}

extension ValueForm where Value == CalendarDate {
  /// A day written as `YYYY-MM-DD`.
  static var date: Self {
    ValueForm(
      placeholder: "date", expectation: "a date such as 2017-12-29", completion: .nothing,
      read: { CalendarDate($0) }, show: { $0.description })
  }
}

extension ValueForm
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of an enumeration's raw values, in capitals or not.
  static func word(_ placeholder: String) -> Self {
    let words = Value.allCases.map(\.rawValue)
    return ValueForm(
      placeholder: placeholder, expectation: "one of \(words.joined(separator: ", "))",
      completion: .words(words),
      read: { text in
        Value.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
      },
      show: { $0.rawValue })
  }
}
