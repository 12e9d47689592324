/// How the returns of successive periods add up to wealth.
package enum Accumulation: String, Hashable, Sendable, CaseIterable {
  /// Gains are reinvested: wealth is multiplied by one plus each return.
  case compounded
  /// The same book is invested each period, as BRAIN does: gains are added up as shares of it.
  case additive
}
