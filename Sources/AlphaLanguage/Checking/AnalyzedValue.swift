import Essentials
import Markets

/// What the checker knows of the value of a subformula.
struct AnalyzedValue {
  enum Shape: Equatable {
    case matrix
    case truth
    case group
    case vector
    case constant(Double)
    case text
    /// A name that is neither a field nor a variable: a word, perhaps, or a mistake.
    case unknownName
    /// Something that was reported; nothing more is said about it.
    case unusable

    /// How the shape is named in a message.
    var description: String {
      switch self {
      case .matrix: "a MATRIX"
      case .truth: "a condition"
      case .group: "a GROUP"
      case .vector: "a VECTOR"
      case .constant(let value): "the constant \(CanonicalText.spelling(of: value))"
      case .text: "a text"
      case .unknownName, .unusable: "an unknown value"
      }
    }
  }

  var shape: Shape
  /// The graph node, or -1 where there is none (yet).
  var node = -1
  /// Nil where the unit is not known.
  var unit: MeasureUnit? = .dimensionless
  /// The largest number of rows by which anything in it looks ahead.
  var latestLead = 0
  var lookBack = LookBack.rows(0)
  /// What in the source looks ahead by `latestLead`.
  var leadSpan: SourceSpan?

  static let unusable = AnalyzedValue(shape: .unusable)
}

extension LookBack {
  /// The look-back of something that reaches further back from everything within `self`.
  func extended(by other: LookBack) -> LookBack {
    guard case .rows(let rows) = self, case .rows(let further) = other else { return .unbounded }
    return .rows(rows + further)
  }

  func merged(with other: LookBack) -> LookBack {
    guard case .rows(let rows) = self, case .rows(let others) = other else { return .unbounded }
    return .rows(max(rows, others))
  }
}
