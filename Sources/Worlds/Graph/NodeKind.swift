/// What a node of a strategy graph is for, in the order in which values flow: a node depends only on
/// nodes of its own kind or of kinds before it.
package enum NodeKind: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Stored data as a whole, with the view that is taken of it.
  case dataset
  /// A field as it is read.
  case raw
  /// A value computed from others, the same for everybody who asks.
  case indicator
  /// What a strategy says.
  case signal
  /// What an instance does about a signal on its side.
  case order

  /// The place in the flow, from 0 at the data.
  private var depth: Int {
    switch self {
    case .dataset: 0
    case .raw: 1
    case .indicator: 2
    case .signal: 3
    case .order: 4
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.depth < right.depth }
}
