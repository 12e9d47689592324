import Essentials
import Mathematics

@testable import Worlds

/// Things that happen while a world trades, by chance.
enum RandomObservation {
  static func next(_ generator: inout SplitMix64) -> RiskCuts.Observation {
    switch Int.random(in: 0..<9, using: &generator) {
    case 0: .session(equity: Double(Int.random(in: 95...105, using: &generator)))
    case 1: .equity(.nan)
    case 2, 3: .equity(Double(Int.random(in: 95...105, using: &generator)))
    case 4: .order(isRejected: Int.random(in: 0..<3, using: &generator) == 0)
    case 5: .connection(isFailed: Int.random(in: 0..<4, using: &generator) == 0)
    case 6: .fillStream
    default: .openOrders(Int.random(in: 0...2, using: &generator))
    }
  }
}
