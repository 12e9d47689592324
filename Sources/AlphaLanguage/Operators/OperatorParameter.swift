/// One parameter of an operator: what may stand there, and what holds where nothing does.
///
/// Parameters are either *inputs*, whose values vary by row and instrument, or *options*, which are
/// constants known before any data is seen. A graph node lists its inputs and its options apart,
/// each in the order of the catalogue.
package struct OperatorParameter: Hashable, Sendable {
  /// What may be written in the parameter's place.
  package enum Kind: Hashable, Sendable {
    /// A number for each row and instrument; a constant stands for itself everywhere.
    case matrix
    /// A class for each row and instrument.
    case group
    /// A grouping, or numbers whose distinct values are taken as classes.
    case groupOrMatrix
    /// Any number of events for each row and instrument.
    case vector
    /// A whole number of rows, at least `minimum`.
    case window(minimum: Int)
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    case number(NumberDomain)
    case flag
    /// One of a few words.
    case word([String])
    /// One of a few words, or a number.
    case wordOrNumber([String])
    /// Numbers written in one string; `separator` is how the canonical text sets them apart, though
    /// commas and spaces are both read.
    case numbers(separator: Character)

    /// Whether the parameter is a constant known before any data is seen.
    package var isOption: Bool {
      switch self {
      case .matrix, .group, .groupOrMatrix, .vector: false
      default: true
      }
    }
  }

  package let name: String
  package let kind: Kind
  /// The value where the argument is left out; nil means that it must be given.
  package let standard: OptionValue?
  /// Whether the parameter takes any number of further arguments.
  package let isVariadic: Bool
  /// Whether the argument must be written with its name, as in `hump=0.01`.
  package let isNamedOnly: Bool

  package init(
    _ name: String, _ kind: Kind, standard: OptionValue? = nil, isVariadic: Bool = false,
    isNamedOnly: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.isVariadic = isVariadic
    self.isNamedOnly = isNamedOnly
  }

  /// The largest number of rows that a window may span.
  package static let largestWindow = 5000
}

/// The numbers that an option may be.
package enum NumberDomain: Hashable, Sendable {
  case any
  /// Any number, or `nan`.
  case anyOrMissing
  case positive
  case notNegative
  /// From 0 to 1, ends included.
  case unit
  /// Between 0 and 1, ends excluded.
  case openUnit

  /// Returns whether a constant is allowed.
  package func contains(_ value: Double) -> Bool {
    switch self {
    case .any: value.isFinite
    case .anyOrMissing: value.isFinite || value.isNaN
    case .positive: value.isFinite && value > 0
    case .notNegative: value.isFinite && value >= 0
    case .unit: value >= 0 && value <= 1
    case .openUnit: value > 0 && value < 1
    }
  }

  /// Completes the sentence "it must be ...".
  package var requirement: String {
    switch self {
    case .any: "a number"
    case .anyOrMissing: "a number or nan"
    case .positive: "a number above 0"
    case .notNegative: "a number that is not negative"
    case .unit: "a number from 0 to 1"
    case .openUnit: "a number between 0 and 1"
    }
  }
}

// MARK: - Spelling of the catalogue

extension OperatorParameter {
  static func matrix(_ name: String) -> Self { Self(name, .matrix) }
  /// One or more further matrices.
  static func matrices(_ name: String) -> Self { Self(name, .matrix, isVariadic: true) }
  static func group(_ name: String) -> Self { Self(name, .group) }
  static func vector(_ name: String) -> Self { Self(name, .vector) }
  static func window(_ name: String = "d", minimum: Int = 1) -> Self {
    Self(name, .window(minimum: minimum))
  }
  static func number(_ name: String, _ standard: Double, _ domain: NumberDomain = .any) -> Self {
    Self(name, .number(domain), standard: .number(standard), isNamedOnly: true)
  }
  static func integer(_ name: String, _ standard: Int, in range: ClosedRange<Int>) -> Self {
    Self(name, .integer(range), standard: .number(Double(standard)), isNamedOnly: true)
  }
  static func flag(_ name: String) -> Self {
    Self(name, .flag, standard: .flag(false), isNamedOnly: true)
  }
  static func word(_ name: String, _ standard: String, of words: [String]) -> Self {
    Self(name, .word(words), standard: .word(standard), isNamedOnly: true)
  }
}
