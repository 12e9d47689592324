/// A truth value of Kleene's strong three-valued logic.
///
/// In the order no, unknown, yes the conjunction is the least of two values and the disjunction the
/// greatest (S. C. Kleene, Introduction to Metamathematics, 1952, § 64).
package enum Truth: UInt8, Hashable, Sendable, CaseIterable {
  case no, unknown, yes

  init(_ isTrue: Bool) { self = isTrue ? .yes : .no }

  static func && (left: Truth, right: Truth) -> Truth {
    left.rawValue <= right.rawValue ? left : right
  }
  static func || (left: Truth, right: Truth) -> Truth {
    left.rawValue >= right.rawValue ? left : right
  }
  static prefix func ! (value: Truth) -> Truth {
    switch value {
    case .no: .yes
    case .unknown: .unknown
    case .yes: .no
    }
  }
}
