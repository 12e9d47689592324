package import Essentials
import Markets
import Mathematics
import Models

extension DecisionRecord {
  /// What is stored of a decision: only what applied, under the names that reports and tuners read.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("decision", .integer(Int(decision))),
      .init("instant", .integer(Int(instant.millisecondsSinceEpoch))),
      .init("symbol", .string(symbol)), .init("kind", .string(kind.rawValue)),
      .init("side", side.map { .string($0.rawValue) } ?? .null),
      .init("reason", .string(reason)),
      .init("order", order.map { .integer(Int($0.value)) } ?? .null),
      .init("price", .number(price)), .init("configuration", .string(configuration)),
    ]
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(name, value)) }
    }
    add("quantity_lots", quantity.map { .integer(Int($0.lots)) })
    if rank != nil || weight.isFinite {
      add("rank", rank.map { .integer($0) })
      add("weight", .number(weight))
      add("entry_kelly", .number(kelly))
      add("is_flip", .bool(isFlip))
    }
    if let reading { members += Self.members(of: reading) }
    if let direction {
      add("pred_mu_dir_conf", .number(direction.confidence))
      add("pred_mu_dir_edge", .number(direction.edge))
    }
    members += specificationMembers
    add("market", market?.json)
    add("costs", bill?.json)
    if let prospect { members += prospect.members(side) }
    add("choice", choice?.json)
    if let scores {
      add("entry_quality_score", .number(scores.quality))
      add("one_way_move_score", .number(scores.oneWay))
      add("leverage_signal_score", .number(scores.signal))
    }
    add("leverage", leverage?.json)
    add("size", size?.json)
    add("gates", gates?.json)
    add(
      "precheck",
      precheck.map {
        [
          "is_safe": .bool($0.isSafe), "verdict": $0.verdict.json,
          "p_sl": .number($0.stopProbability), "p_tp": .number($0.targetProbability),
        ]
      })
    add("trade", trade?.json)
    add("position", position?.json(at: instant))
    add("exits", exits?.json)
    add("rest", rest?.json)
    add("result", result?.json)
    add("waited", waited?.json)
    return .object(members)
  }

  private static func members(of reading: MarketReading) -> [JSONValue.Member] {
    [
      .init("pred_mu_alpha", .number(reading.belief.annualDrift)),
      .init("mu_adjusted", .number(reading.belief.annualDrift)),
      .init("sigma_sim", .number(reading.belief.annualVolatility)),
      .init(
        "mu_parts",
        .object(
          DriftSource.allCases.compactMap { source in
            let part = reading.belief[source]
            return part == 0 ? nil : JSONValue.Member(source.rawValue, .number(part))
          })),
      .init(
        "sigma_parts",
        .object(
          VolatilitySource.allCases.compactMap { source in
            let part = reading.belief[source]
            return part == 0 ? nil : JSONValue.Member(source.rawValue, .number(part))
          })),
      .init("alpha_vpin", .optional(reading.toxicity)),
      .init("alpha_hurst", .optional(reading.hurst?.exponent)),
      .init("alpha_hurst_error", .optional(reading.hurst?.standardError)),
      .init("hidden_state", .optional(reading.hiddenState)),
      .init("regime_tag", .string(reading.regime.rawValue)),
      .init("mu_kf", .optional(reading.signals.kalman?.annualDrift)),
      .init("mu_ml", .optional(reading.signals.learned?.annualDrift)),
      .init("direction_hit", .optional(reading.directionSkill?.hits.share)),
      .init("direction_calls", .optional(reading.directionSkill.map { Double($0.hits.trials) })),
      .init("sigma_garch", .optional(reading.signals.garchVolatility)),
      .init("ofi", .optional(reading.signals.orderFlow)),
      .init("mlofi", .optional(reading.signals.multiLevelFlow)),
    ]
  }
}

extension MarketState {
  /// What rules were told of the market.
  var json: JSONValue {
    [
      "regime": .string(regime.rawValue), "spread": .number(spread),
      "slippage": .number(slippage), "liquidity": .number(liquidity), "hurst": .number(hurst),
      "tick_trend": .number(tickTrend), "tick_breakout": .number(tickBreakout),
      "tick_volatility": .number(tickVolatility),
    ]
  }
}

extension TradeBill {
  /// The parts of the bill.
  var json: JSONValue {
    [
      "fee": .number(fee), "spread": .number(spread), "slippage": .number(slippage),
      "round_trip": .number(roundTrip),
    ]
  }
}

extension Prospect {
  /// Outlook and beliefs, with those of the side that is traded by their own names.
  func members(_ side: PositionSide?) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("outlook_source", .string(outlook.source.rawValue)),
      .init("paths", .integer(outlook.paths)),
      .init("flip_probability", .number(outlook.leaning.flipProbability)),
      .init("is_stable", .bool(outlook.isStable)),
      .init("take_profit", .number(exits.takeProfit)), .init("stop_loss", .number(exits.stopLoss)),
      .init("unified_score_long", .number(long.score)),
      .init("unified_score_short", .number(short.score)),
      .init("unified_t_star_long", .number(long.holdSeconds)),
      .init("unified_t_star_short", .number(short.holdSeconds)),
      .init("policy_ev_mix_long", .number(long.netReturn)),
      .init("policy_ev_mix_short", .number(short.netReturn)),
      .init("policy_ev_gap", .number(long.netReturn - short.netReturn)),
      .init("long", long.json), .init("short", short.json),
      .init("horizons", horizons),
    ]
    if let side {
      members += [
        .init("unified_score", .number(self[side].score)),
        .init("unified_score_hold", .number(holdScore(side))),
        .init("unified_t_star", .number(self[side].holdSeconds)),
        .init("p_pos", .number(self[side].profitProbability)),
        .init("event_p_tp", .number(self[side].targetProbability)),
        .init("event_p_sl", .number(self[side].stopProbability)),
        .init("event_cvar_r", .number(self[side].eventShortfall)),
      ]
    }
    return members
  }

  private var horizons: JSONValue {
    .array(
      outlook.estimate.long.indices.map { place in
        let long = outlook.estimate.long[place]
        let short = outlook.estimate.short[place]
        return [
          "seconds": .number(long.seconds), "net_long": .number(long.net.value),
          "net_long_error": .number(long.net.standardError),
          "net_short": .number(short.net.value),
          "net_short_error": .number(short.net.standardError),
          "score_long": .number(outlook.long.points[place].value),
          "score_short": .number(outlook.short.points[place].value),
        ]
      })
  }
}

extension SideBelief {
  /// What was believed of a side.
  var json: JSONValue {
    [
      "gross": .number(grossReturn), "net": .number(netReturn), "cvar": .number(shortfall),
      "p_pos": .number(profitProbability), "p_tp": .number(targetProbability),
      "p_sl": .number(stopProbability), "score": .number(score), "t_star": .number(holdSeconds),
      "event_cvar_r": .number(eventShortfall),
    ]
  }
}

extension EventMetrics {
  /// How the rest of a trade would end.
  var json: JSONValue {
    [
      "expected": .number(expected), "cvar": .number(shortfall), "p_sl": .number(stopProbability),
      "p_tp": .number(targetProbability), "seconds": .number(seconds),
    ]
  }
}

extension HeldPosition {
  /// The position as exits saw it.
  func json(at now: Timestamp) -> JSONValue {
    [
      "side": .string(side.rawValue), "entry_price": .number(entryPrice),
      "mark_price": .number(markPrice), "age_seconds": .number(age(at: now)),
      "unrealized": .number(priceReturn), "leverage": .number(leverage),
      "liquidation_price": .number(liquidationPrice), "stop_price": .number(stopPrice),
      "opt_hold_entry_sec": .number(entryHoldSeconds),
      "opt_hold_curr_sec": .number(currentHoldSeconds),
    ]
  }
}

extension TradeResult {
  /// What became of the trade.
  package var json: JSONValue {
    [
      "opened": .integer(Int(openedAt.millisecondsSinceEpoch)),
      "closed": .integer(Int(closedAt.millisecondsSinceEpoch)),
      "hold_duration_sec": .number(seconds), "quantity_lots": .integer(Int(quantity.lots)),
      "entry_price": .number(entryPrice), "notional": .number(notional),
      "realized_pnl": .number(gross.value), "fee": .number(fees.value),
      "funding": .number(funding.value), "net_pnl": .number(net.value),
      "net_return": .number(netReturn), "roe": .number(netReturn * leverage),
      "leverage": .number(leverage),
    ]
  }
}
