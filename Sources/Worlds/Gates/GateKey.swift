/// Which gate of a world: there is one for each side of each instance.
package struct GateKey: Hashable, Comparable, Sendable {
  package var instance: String
  package var side: TradingSide

  package init(_ instance: String, _ side: TradingSide) {
    self.instance = instance
    self.side = side
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.instance == right.instance
      ? left.side < right.side
      : left.instance.utf8.lexicographicallyPrecedes(right.instance.utf8)
  }
}
