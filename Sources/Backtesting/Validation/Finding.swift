/// A figure, or the reason why it cannot be known.
package enum Finding<Value: Hashable & Sendable>: Hashable, Sendable {
  case known(Value)
  /// One sentence that says what is lacking.
  case unknown(reason: String)

  /// Takes a value where there is one.
  package init(_ value: Value?, otherwise reason: @autoclosure () -> String) {
    self = value.map { .known($0) } ?? .unknown(reason: reason())
  }

  /// The value of a known figure.
  package var value: Value? {
    if case .known(let value) = self { value } else { nil }
  }

  /// The sentence of an unknown figure.
  package var reason: String? {
    if case .unknown(let reason) = self { reason } else { nil }
  }

  /// Returns the figure in other terms; an unknown one keeps its reason.
  package func map<Other>(_ transform: (Value) -> Other) -> Finding<Other> {
    switch self {
    case .known(let value): .known(transform(value))
    case .unknown(let reason): .unknown(reason: reason)
    }
  }
}
