import Essentials
import Markets
import Models

/// The names by which tuners and older reports read a decision, beside the nested values: what a model
/// believed of the direction, how leverage came about, and which thresholds held. What did not apply
/// is left out, and what does not exist under the configured rules is null.
extension DecisionRecord {
  var specificationMembers: [JSONValue.Member] {
    directionMembers + leverageMembers + thresholdMembers
  }

  private var directionMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if let market { members.append(.init("regime", .string(market.regime.rawValue))) }
    if let trade { members.append(.init("entry_id", .integer(Int(trade.decision)))) }
    if let direction {
      members.append(.init("pred_mu_dir_prob_long", .number(direction.probabilityLong)))
    }
    return members
  }

  private var leverageMembers: [JSONValue.Member] {
    guard let leverage else { return [] }
    func value(_ names: String...) -> JSONValue {
      .number(names.map { leverage[$0] }.first { $0.isFinite } ?? .nan)
    }
    return [
      .init("lev_source", .string(leverage.source.rawValue)),
      .init("lev_bound", .string(leverage.leverageBound.rawValue)),
      .init("lev_raw_before_caps", value("blended", "notional_by_risk")),
      .init("lev_raw_ev_component", value("raw")),
      .init("lev_signal_target", value("signal_target")),
      .init("lev_signal_blend", value("signal_blend")),
      .init("lev_target_min", value("target_min")),
      .init("lev_target_max", value("target_max", "cap_target")),
      .init("lev_regime_cap", value("regime_max", "cap_regime")),
      .init("lev_liq_cap", value("liquidation_cap", "cap_liquidation")),
      .init("lev_cap", value("leverage_cap")),
      .init("lev_dynamic_scale", value("scale", "caution_scale")),
      .init("lev_balance_reject_scale", value("reject_scale")),
      .init("lev_balance_reject_count", value("reject_count")),
      .init("lev_sigma", .number(market?.annualVolatility ?? .nan)),
      .init("lev_floor_sticky", .number(gates?[.floorLock]["floor_count"] ?? .nan)),
    ]
  }

  private var thresholdMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ limit: Double?) {
      if let limit, limit.isFinite { members.append(.init(name, .number(limit))) }
    }
    add("policy_score_threshold", choice?.limit(of: "score"))
    add(
      "policy_event_exit_min_score",
      exits?.thresholds.score ?? precheck?.verdict.limit(of: "score"))
    add("policy_unrealized_dd_floor", exits?[.drawdown].limit(of: "unrealized"))
    if let net = gates?[.netExpectancy], let market {
      add("nx_net", net["net"])
      add("nx_floor", net.limit(of: "net"))
      members.append(
        .init("nx_regime_keys", .strings(market.regime.suffixes.map(\.rawValue))))
    }
    return members
  }
}
