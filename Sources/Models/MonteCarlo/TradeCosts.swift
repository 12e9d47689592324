/// What a trade pays to enter and to leave, as fractions of the amount traded.
///
/// Each rate is the whole cost of that trade: fee, half the spread and slippage. The cost of leaving
/// is paid on the value at the exit, so with a drift of zero the expected cost is exactly the rate.
package struct TradeCosts: Hashable, Sendable {
  /// Paid on the value at the entry.
  package let entry: Double
  /// Paid where the take-profit closes the position.
  package let atTarget: Double
  /// Paid where the stop closes it.
  package let atStop: Double
  /// Paid where the time is over.
  package let atTimeOut: Double

  /// Joins four rates.
  package init(entry: Double, atTarget: Double, atStop: Double, atTimeOut: Double) {
    self.entry = entry
    self.atTarget = atTarget
    self.atStop = atStop
    self.atTimeOut = atTimeOut
  }

  /// Makes costs from the parts of a venue's bill: `fee` of each trade, the whole `spread` of which
  /// each trade pays half, and `slippage` of each trade.
  package init(fee: Double, spread: Double, slippage: Double) {
    let rate = fee + 0.5 * spread + slippage
    self.init(entry: rate, atTarget: rate, atStop: rate, atTimeOut: rate)
  }

  /// Whether leaving costs the same however the position is left.
  var isOneExitRate: Bool { atTarget == atTimeOut && atStop == atTimeOut }

  /// Trading for nothing.
  package static let none = TradeCosts(entry: 0, atTarget: 0, atStop: 0, atTimeOut: 0)
}

/// A payment between the two sides of a perpetual contract, some time after the entry.
package struct FundingDue: Hashable, Sendable {
  /// When it is due, in seconds after the entry.
  package let seconds: Double
  /// What a long position pays to a short one, as a fraction of the value at that time; negative
  /// where the short one pays.
  package let rate: Double

  /// Joins a time and a rate.
  package init(seconds: Double, rate: Double) {
    self.seconds = seconds
    self.rate = rate
  }
}
