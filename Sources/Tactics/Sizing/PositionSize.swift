package import Essentials

/// The notional of an entry, and every bound that it was held below.
package struct PositionSize: Hashable, Sendable {
  /// What limits a notional.
  package enum Bound: String, Hashable, Sendable, CaseIterable {
    /// The share of the capital that the symbol was dealt.
    case allocation
    /// What may be lost at the stop, and the caps of leverage.
    case leverage
    /// What all positions together may still take on.
    case exposure
    /// The margin that is free, times leverage.
    case balance
  }

  /// A bound and the notional that it allows.
  package struct Limit: Hashable, Sendable {
    package var bound: Bound
    package var notional: Double
  }

  /// In the quote currency; 0 where nothing may be entered.
  package let notional: Double
  /// Every bound, in the order of ``Bound``.
  package let limits: [Limit]
  /// The bound that the notional equals: the proof of what decided. Of several the first.
  package let active: Bound
  /// The margin that the notional takes of the free balance.
  package let margin: Double

  /// What a size is found from, in the quote currency.
  package struct Circumstances: Hashable, Sendable {
    package var equity: Double
    package var freeBalance: Double
    /// Margin of orders that were decided in the same cycle.
    package var reservedMargin: Double
    /// The notional of all open positions, without their signs.
    package var openNotional: Double
    /// The share of the capital that the symbol was dealt, from 0 to 1.
    package var weight: Double
    /// What gates and caution leave of it, from 0 to 1.
    package var scale: Double
    package var leverage: LeverageDecision
    package var regime: TacticalRegime

    package init(
      equity: Double, freeBalance: Double, reservedMargin: Double = 0, openNotional: Double,
      weight: Double, scale: Double = 1, leverage: LeverageDecision, regime: TacticalRegime
    ) {
      self.equity = equity
      self.freeBalance = freeBalance
      self.reservedMargin = reservedMargin
      self.openNotional = openNotional
      self.weight = weight
      self.scale = scale
      self.leverage = leverage
      self.regime = regime
    }
  }

  /// Sizes an entry: the least of all bounds. A bound that is not known allows nothing.
  package init(
    for circumstances: Circumstances, exposureMax: Double, under settings: SizingSettings
  ) {
    let equity = circumstances.equity
    let weights = settings.weights
    let weight = min(
      clip01(circumstances.weight) * weights.kellyShare,
      weights.kellyMax.value(in: circumstances.regime))
    let free = max(0, circumstances.freeBalance - circumstances.reservedMargin)
    let leverage = circumstances.leverage.leverage
    let allowed: [(Bound, Double)] = [
      (
        .allocation, weight * weights.totalExposure * equity * clip01(circumstances.scale)
      ),
      (.leverage, circumstances.leverage.notionalMax * equity),
      (.exposure, exposureMax * equity - circumstances.openNotional),
      (.balance, free * settings.order.safetyPad * leverage),
    ]
    limits = allowed.map { Limit(bound: $0.0, notional: $0.1.isFinite ? max(0, $0.1) : 0) }
    var least = limits[0]
    for limit in limits where limit.notional < least.notional { least = limit }
    notional = least.notional
    active = least.bound
    margin = leverage > 0 ? least.notional / leverage : 0
  }

  /// What is stored with the trade.
  package var json: JSONValue {
    [
      "notional": .number(notional), "active": .string(active.rawValue),
      "margin": .number(margin),
      "limits": .object(
        limits.map { JSONValue.Member($0.bound.rawValue, .number($0.notional)) }),
    ]
  }
}
