extension FormulaSchema {
  /// The forms that the proposer knows.
  ///
  /// The blanks of fields are `{close}`, `{open}`, `{high}`, `{low}`, `{vwap}`, `{volume}`,
  /// `{returns}`, `{cap}` for the fields of those names, `{price}` for any price, `{size}` for any
  /// volume, `{money}` for an amount of money from accounts, `{share}` for an amount per share,
  /// `{other}` for what is neither price nor volume, `{moving}` for what changes from row to row, as
  /// accounts do not, `{any}` for any numbers, `{event}` for events, `{group}` for a
  /// grouping and `{class}` for one that parts the market. Windows are `{short}`, `{medium}`, `{long}`. Operators are `{scale}`
  /// for a cross-sectional scale, `{place}` for a place within a window, and `{average}` for an
  /// average over one.
  static let library: [FormulaSchema] =
    priceForms + volumeForms + dayForms + relationForms + accountForms + generalForms

  private static let priceForms = [
    FormulaSchema(
      "short_reversal", [.reversal], .fast,
      "-ts_delta({price}, {short}) / ts_delay({price}, {short})"),
    FormulaSchema("summed_reversal", [.reversal], .fast, "-ts_sum({returns}, {short})"),
    FormulaSchema("stretched_price", [.reversal], .fast, "-{place}({price}, {medium})"),
    FormulaSchema(
      "distance_to_average", [.reversal], .fast,
      "({average}({price}, {medium}) - {price}) / ts_std_dev({price}, {medium})"),
    FormulaSchema(
      "loud_reversal", [.reversal, .volumePrice], .fast,
      "-ts_sum({returns}, {short}) * rank({size} / ts_mean({size}, {medium}))"),
    FormulaSchema(
      "quiet_reversal", [.reversal, .volatility], .fast,
      "-ts_sum({returns}, {short}) / ts_std_dev({returns}, {long})"),
    FormulaSchema(
      "long_reversal", [.reversal, .value], .slow,
      "-ts_delay(ts_sum({returns}, {long}), {medium})"),
    FormulaSchema(
      "days_since_peak", [.reversal, .momentum], .fast,
      "ts_arg_max({price}, {medium}) - ts_arg_min({price}, {medium})"),
    FormulaSchema(
      "momentum_without_last_days", [.momentum], .slow,
      "ts_delay({price}, {short}) / ts_delay({price}, {long}) - 1"),
    FormulaSchema(
      "steady_momentum", [.momentum, .volatility], .slow,
      "ts_sum({returns}, {long}) / ts_std_dev({returns}, {long})"),
    FormulaSchema(
      "near_the_high", [.momentum], .slow, "{price} / ts_max({price}, {long})"),
    FormulaSchema(
      "up_days", [.momentum], .slow, "ts_sum(sign({returns}), {medium})"),
    FormulaSchema(
      "slope", [.momentum], .slow,
      "ts_regression({price}, ts_step(1), {medium}, rettype=2) / {price}"),
    FormulaSchema(
      "turn_of_trend", [.momentum], .slow, "ts_delta(ts_mean({returns}, {medium}), {medium})"),
    FormulaSchema(
      "two_averages", [.momentum, .reversal], .slow,
      "{average}({price}, {short}) / {average}({price}, {long}) - 1"),
    FormulaSchema(
      "smooth_path", [.momentum, .volatility], .slow,
      "ts_sum({returns}, {medium}) / ts_sum(abs({returns}), {medium})"),
    FormulaSchema(
      "quiet", [.volatility], .slow, "-ts_std_dev({returns}, {medium})"),
    FormulaSchema(
      "cooling", [.volatility], .fast,
      "-ts_std_dev({returns}, {short}) / ts_std_dev({returns}, {long})"),
    FormulaSchema(
      "downside", [.volatility], .slow,
      "-ts_mean(if_else({returns} < 0, {returns} * {returns}, 0), {medium})"),
    FormulaSchema(
      "lottery", [.volatility], .slow, "-ts_max({returns}, {medium})"),
    FormulaSchema("skewed", [.volatility], .slow, "-ts_skewness({returns}, {long})"),
    FormulaSchema(
      "risk_of_moves", [.volatility, .comovement], .slow,
      "-ts_corr(abs({returns}), ts_delay(abs({returns}), 1), {medium})"),
  ]

  private static let volumeForms = [
    FormulaSchema(
      "rank_divergence", [.volumePrice], .fast,
      "-ts_corr({scale}({price}), {scale}({size}), {medium})"),
    FormulaSchema(
      "change_divergence", [.volumePrice], .fast,
      "-ts_corr(ts_delta({price}, 1), ts_delta({size}, 1), {medium})"),
    FormulaSchema(
      "rank_covariance", [.volumePrice], .fast,
      "-ts_covariance(rank({price}), rank({size}), {medium})"),
    FormulaSchema(
      "unsupported_move", [.volumePrice, .reversal], .fast,
      "-sign(ts_delta({size}, {short})) * ts_delta({price}, {short}) / {price}"),
    FormulaSchema(
      "below_vwap", [.volumePrice, .intraday], .fast, "({vwap} - {close}) / {close}"),
    FormulaSchema(
      "weighted_return", [.volumePrice, .reversal], .fast,
      "-ts_sum({returns} * {size}, {short}) / ts_sum({size}, {short})"),
    FormulaSchema(
      "place_gap", [.volumePrice], .fast,
      "{place}({size}, {medium}) - {place}({price}, {medium})"),
    FormulaSchema(
      "impact", [.liquidity], .slow,
      "ts_mean(abs({returns}) / ({size} * {price}), {medium})"),
    FormulaSchema(
      "trading_rush", [.liquidity, .volumePrice], .fast,
      "-{size} / {average}({size}, {medium})"),
    FormulaSchema(
      "trading_of_size", [.liquidity], .slow,
      "-ts_mean({size} * {price}, {medium}) / {cap}"),
    FormulaSchema(
      "volume_slope", [.liquidity], .slow,
      "-ts_regression({size}, ts_step(1), {medium}, rettype=2) / ts_mean({size}, {medium})"),
    FormulaSchema(
      "uneven_trading", [.liquidity, .volatility], .slow,
      "ts_std_dev({size}, {medium}) / ts_mean({size}, {medium})"),
    FormulaSchema(
      "attention", [.liquidity, .positioning], .slow,
      "-{place}({size}, {long}) * rank(ts_sum({returns}, {medium}))"),
  ]

  private static let dayForms = [
    FormulaSchema(
      "close_in_range", [.intraday, .reversal], .fast,
      "-(({close} - {low}) - ({high} - {close})) / ({high} - {low})"),
    FormulaSchema(
      "average_place_in_range", [.intraday], .fast,
      "-ts_mean(({close} - {low}) / ({high} - {low}), {short})"),
    FormulaSchema(
      "gap", [.intraday], .fast, "-({open} - ts_delay({close}, 1)) / ts_delay({close}, 1)"),
    FormulaSchema(
      "candle_body", [.intraday, .reversal], .fast, "-({close} - {open}) / ({high} - {low})"),
    FormulaSchema(
      "night_against_day", [.intraday, .positioning], .slow,
      "ts_mean({open} / ts_delay({close}, 1) - {close} / {open}, {medium})"),
    FormulaSchema(
      "geometric_middle", [.intraday, .volumePrice], .fast,
      "(sqrt({high} * {low}) - {vwap}) / {vwap}"),
    FormulaSchema(
      "wide_days", [.volatility, .intraday], .slow,
      "-ts_mean(({high} - {low}) / {close}, {medium})"),
    FormulaSchema(
      "open_and_volume", [.intraday, .volumePrice], .fast,
      "-ts_corr({scale}({open}), {scale}({size}), {medium})"),
    FormulaSchema(
      "weekly_rhythm", [.seasonality], .fast,
      "ts_delay({returns}, 4) + ts_delay({returns}, 9) + ts_delay({returns}, 14)"),
    FormulaSchema(
      "anniversary", [.seasonality], .slow, "ts_mean(ts_delay({returns}, 242), 20)"),
    FormulaSchema(
      "phase_of_week", [.seasonality, .reversal], .fast,
      "if_else(fraction(ts_step(1) / 5) < 0.5, -ts_sum({returns}, {short}), "
        + "ts_sum({returns}, {medium}))"),
    FormulaSchema(
      "quarterly_rhythm", [.seasonality, .growth], .slow,
      "ts_mean(ts_delay({returns}, 61), {short}) + ts_mean(ts_delay({returns}, 124), {short})"),
  ]

  private static let relationForms = [
    FormulaSchema(
      "residual_of_group", [.residual, .peers], .fast,
      "-ts_regression({returns}, group_mean({returns}, 1, {group}), {long})"),
    FormulaSchema(
      "residual_momentum", [.residual, .momentum], .slow,
      "ts_sum(ts_regression({returns}, group_mean({returns}, 1, {group}), {long}), {medium})"),
    FormulaSchema(
      "price_without_volume", [.residual, .volumePrice], .fast,
      "-regression_neut({place}({price}, {medium}), {place}({size}, {medium}))"),
    FormulaSchema(
      "return_without_risk", [.residual, .volatility], .slow,
      "vector_neut(ts_sum({returns}, {medium}), ts_std_dev({returns}, {medium}))"),
    FormulaSchema(
      "fit_to_volume", [.residual, .volumePrice], .fast,
      "-ts_regression({place}({price}, {medium}), {place}({size}, {medium}), {medium})"),
    FormulaSchema(
      "beta", [.residual, .volatility], .slow,
      "-ts_regression({returns}, group_mean({returns}, 1, {group}), {long}, rettype=2)"),
    FormulaSchema(
      "memory", [.comovement, .reversal], .slow,
      "-ts_corr({returns}, ts_delay({returns}, 1), {medium}) * ts_sum({returns}, {short})"),
    FormulaSchema(
      "parting_series", [.comovement], .fast, "-ts_corr({moving}, {moving2}, {medium})"),
    FormulaSchema(
      "place_difference", [.comovement], .fast,
      "{place}({moving}, {medium}) - {place}({moving2}, {medium})"),
    FormulaSchema(
      "change_of_agreement", [.comovement], .slow,
      "-ts_delta(ts_corr({moving}, {moving2}, {medium}), {short})"),
    FormulaSchema(
      "catching_up", [.peers, .reversal], .fast,
      "group_mean(ts_sum({returns}, {short}), 1, {group}) - ts_sum({returns}, {short})"),
    FormulaSchema(
      "leader_of_group", [.peers, .momentum], .slow,
      "group_rank(ts_sum({returns}, {long}), {group})"),
    FormulaSchema(
      "odd_in_group", [.peers], .slow, "-group_zscore({place}({moving}, {medium}), {group})"),
    FormulaSchema(
      "group_strength", [.peers, .momentum], .slow,
      "group_mean(ts_sum({returns}, {medium}), rank({size}), {class})"),
  ]

  private static let accountForms = [
    FormulaSchema("cheap", [.value], .slow, "{money} / {cap}"),
    FormulaSchema("cheap_now", [.value], .slow, "ts_zscore({money} / {cap}, {long})"),
    FormulaSchema("yield", [.value, .growth], .slow, "{share} / {close}"),
    FormulaSchema(
      "cheap_in_group", [.value, .peers], .slow, "group_rank({money} / {cap}, {group})"),
    FormulaSchema(
      "cheap_and_rising", [.value, .momentum], .slow,
      "rank({money} / {cap}) * rank(ts_sum({returns}, {medium}))"),
    FormulaSchema("return_on", [.quality], .slow, "{money} / {money2}"),
    FormulaSchema(
      "better_return_on", [.quality, .growth], .slow, "ts_delta({money} / {money2}, {long})"),
    FormulaSchema(
      "steady_account", [.quality], .slow, "ts_mean({money}, {long}) / ts_std_dev({money}, {long})"),
    FormulaSchema(
      "quality_in_group", [.quality, .peers], .slow,
      "group_zscore(winsorize({money} / {money2}), {group})"),
    FormulaSchema(
      "growing", [.growth], .slow, "ts_delta({money}, {long}) / ts_mean({money}, {long})"),
    FormulaSchema(
      "growth_not_priced", [.growth, .momentum], .slow,
      "rank(ts_delta({money}, {long}) / {cap}) - rank(ts_sum({returns}, {long}))"),
    FormulaSchema(
      "fresh_report", [.events, .growth], .slow,
      "sign(ts_delta({money}, {medium})) / (1 + days_from_last_change({money}))"),
  ]

  private static let generalForms = [
    FormulaSchema("standing", [.positioning, .events], .slow, "-{place}({other}, {long})"),
    FormulaSchema(
      "surprise", [.events, .growth], .slow,
      "ts_delta({other}, {long}) / ts_std_dev({other}, {long})"),
    FormulaSchema(
      "level_in_group", [.positioning, .peers], .slow, "-group_rank({other}, {group})"),
    FormulaSchema(
      "priced_in", [.positioning, .comovement], .slow,
      "-ts_corr({other}, {price}, {long})"),
    FormulaSchema(
      "unpriced_change", [.positioning, .momentum], .slow,
      "{place}({other}, {long}) - {place}({price}, {long})"),
    FormulaSchema(
      "event_drift", [.events, .momentum], .slow,
      "ts_mean(ts_backfill(vec_avg({event}), {medium}), {short})"),
    FormulaSchema(
      "event_burst", [.events, .reversal], .fast,
      "-{place}(vec_sum({event}), {medium}) * sign(ts_sum({returns}, {short}))"),
    FormulaSchema(
      "event_in_group", [.events, .peers], .slow,
      "group_rank(ts_backfill(vec_avg({event}), {long}), {group})"),
    FormulaSchema(
      "average_place", [.comovement, .momentum], .slow,
      "{average}({place}({moving}, {medium}), {short})"),
    FormulaSchema("change", [.momentum, .growth], .slow, "ts_delta({any}, {long})"),
    FormulaSchema("plain_scale", [.value, .positioning], .slow, "{scale}({any})"),
    FormulaSchema("plain", [.value], .slow, "-{any}"),
  ]
}
