/// The exits, in the order in which a position is asked for them.
package enum ExitKind: String, Hashable, Sendable, CaseIterable {
  case liquidation = "exchange_liq_sl"
  case protectiveStop = "protective_stop"
  case time = "time_exit"
  case event = "event_mc_exit"
  case hold = "hold_vs_exit"
  case hybrid = "hybrid_exit"
  case mean = "ev_psl_ema_exit"
  case flip = "unified_flip"
  case cash = "unified_cash"
  case drawdown = "unrealized_dd"
  case drop = "ev_drop_exit"

  /// Whether it may be switched off: no belief argues with the prices of the other two.
  package var isOptional: Bool { self != .liquidation && self != .protectiveStop }

  /// Place among all exits.
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
