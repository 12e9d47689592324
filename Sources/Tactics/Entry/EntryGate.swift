/// The gates of an entry, in the order in which the first that fails gives the reason of a denial.
package enum EntryGate: String, Hashable, Sendable, CaseIterable {
  case spread = "spread_cap"
  case eventShortfall = "event_cvar_floor"
  case eventExit = "event_mc_exit"
  case bothNegative = "both_ev_negative"
  case gross = "gross_ev"
  case netExpectancy = "net_expectancy"
  case direction = "direction_conf"
  case symbolQuality = "symbol_quality"
  case unified = "unified_floor"
  case floorLock = "lev_floor_lock"
  case liquidity
  case notionalMin = "min_notional"
  case exposureMin = "min_exposure"
  case tickVolatility = "tick_vol"
  case fee
  case rank = "top_n"
  case portfolio = "pre_mc"
  case cap
}
