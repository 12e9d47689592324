/// What a gate lets through.
///
/// A weight is the share of an order's size that gets through, from 0 to ``weightMax``.
package enum GateState: Hashable, Sendable {
  /// Nothing.
  case closed
  /// Nothing, but what would get through at this weight is noted.
  case monitor(weight: Double)
  /// Orders that make a position smaller.
  case reduceOnly
  /// Orders, at this share of their size.
  case open(weight: Double)

  /// No instance of any policy trades with more than ten times the equity; a larger weight is a
  /// mistake, and a gate with a mistaken weight is closed.
  package static let weightMax = 10.0

  /// The name without the weight: `closed`, `monitor`, `reduce_only`, `open`.
  package var name: String {
    switch self {
    case .closed: "closed"
    case .monitor: "monitor"
    case .reduceOnly: "reduce_only"
    case .open: "open"
    }
  }

  /// The share of an order's size, nil where the state knows none.
  package var weight: Double? {
    switch self {
    case .closed, .reduceOnly: nil
    case .monitor(let weight), .open(let weight): weight
    }
  }

  /// Whether orders of any direction may get through.
  package var isOpen: Bool { if case .open = self { true } else { false } }

  /// Whether its weight is one that a gate may have; NaN is not.
  package var isUsable: Bool { weight.map { $0 >= 0 && $0 <= Self.weightMax } ?? true }

  /// The state of a name and a weight; nil for an unknown name, and for a weight that is missing or
  /// that no gate may have.
  package init?(name: String, weight: Double?) {
    switch (name, weight) {
    case ("closed", _): self = .closed
    case ("reduce_only", _): self = .reduceOnly
    case ("monitor", let weight?): self = .monitor(weight: weight)
    case ("open", let weight?): self = .open(weight: weight)
    default: return nil
    }
    guard isUsable else { return nil }
  }

  /// The one of two states that lets less through.
  package func restricted(to other: GateState) -> GateState {
    if other.rank != rank { return other.rank < rank ? other : self }
    guard let weight, let otherWeight = other.weight else { return self }
    return otherWeight < weight ? other : self
  }

  /// The same state with another weight, where it has one.
  package func reweighted(to weight: Double) -> GateState {
    switch self {
    case .closed, .reduceOnly: self
    case .monitor: .monitor(weight: weight)
    case .open: .open(weight: weight)
    }
  }

  private var rank: Int {
    switch self {
    case .closed: 0
    case .monitor: 1
    case .reduceOnly: 2
    case .open: 3
    }
  }
}
