import Mathematics

/// The prices at which a position is closed early, as distances from the entry price.
///
/// The prices are triggers: the position is closed at the price that touches them, which is the
/// trigger itself where prices move continuously and the first price beyond it after a jump.
package struct ExitPlan: Hashable, Sendable {
  /// The favorable move at which profit is taken, as a fraction of the entry price; infinite for none.
  package let takeProfit: Double
  /// The adverse move at which the loss is stopped, as a fraction of the entry price; infinite for
  /// none.
  package let stopLoss: Double

  /// Makes a plan of two positive distances. A distance that the price cannot fall by, 1 or more,
  /// is none on that side.
  package init(takeProfit: Double, stopLoss: Double) {
    precondition(
      takeProfit > 0 && stopLoss > 0, "a take-profit of \(takeProfit), a stop of \(stopLoss)")
    self.takeProfit = takeProfit
    self.stopLoss = stopLoss
  }

  /// Holding to the end of the time, whatever happens.
  package static let timeOnly = ExitPlan(takeProfit: .infinity, stopLoss: .infinity)

  /// The corridor of log prices about the entry within which a long position is kept.
  package var longCorridor: LogCorridor {
    LogCorridor(
      upper: Elementary.log(onePlus: takeProfit), lower: Self.logFall(stopLoss))
  }

  /// The corridor of log prices about the entry within which a short position is kept.
  package var shortCorridor: LogCorridor {
    LogCorridor(
      upper: Elementary.log(onePlus: stopLoss), lower: Self.logFall(takeProfit))
  }

  private static func logFall(_ fraction: Double) -> Double {
    fraction < 1 ? -Elementary.log(onePlus: -fraction) : .infinity
  }
}

/// Two distances in log price, above and below the entry.
package struct LogCorridor: Hashable, Sendable {
  /// How far above the entry the corridor ends; may be infinite.
  package let upper: Double
  /// How far below the entry the corridor ends, as a positive number; may be infinite.
  package let lower: Double
}
