import Essentials
import Markets
import Models
import Tactics
import Testing

@Suite("Fields of a decision")
struct DecisionRecordTests {
  /// What the specification asks to be stored, by requirement, kind of decision and leverage model.
  static let demands: [(requirement: String, kind: DecisionRecord.Kind, names: [String])] = [
    ("R03", .entered, ["pred_mu_dir_prob_long", "pred_mu_dir_conf", "pred_mu_dir_edge"]),
    ("R03", .refused, ["pred_mu_dir_prob_long"]),
    ("R03", .leaving, ["pred_mu_dir_prob_long"]),
    (
      "R10", .entered,
      [
        "lev_source", "lev_bound", "lev_raw_before_caps", "lev_raw_ev_component",
        "lev_signal_target", "lev_signal_blend", "lev_target_min", "lev_target_max", "lev_liq_cap",
        "lev_dynamic_scale", "lev_balance_reject_scale", "lev_sigma",
      ]
    ),
    ("R12", .entered, ["entry_quality_score", "one_way_move_score", "leverage_signal_score"]),
    ("R12", .refused, ["entry_quality_score", "one_way_move_score", "leverage_signal_score"]),
    (
      "R23", .entered,
      ["lev_regime_cap", "lev_cap", "lev_balance_reject_count", "lev_floor_sticky", "gates"]
    ),
    ("R63", .entered, ["mu_adjusted", "sigma_sim", "mu_parts", "sigma_parts"]),
    ("R63", .refused, ["mu_adjusted", "sigma_sim"]),
    ("R63", .leaving, ["mu_adjusted", "sigma_sim", "mu_parts", "sigma_parts"]),
    ("R79", .entered, ["regime", "nx_net", "nx_floor", "nx_regime_keys", "gates"]),
    ("R79", .refused, ["regime", "nx_net", "nx_floor", "nx_regime_keys"]),
    (
      "8.1", .entered,
      [
        "entry_id", "rank", "entry_kelly", "p_pos", "alpha_vpin", "alpha_hurst", "pred_mu_alpha",
        "policy_score_threshold", "policy_event_exit_min_score", "unified_t_star",
      ]
    ),
    (
      "8.1", .leaving,
      [
        "entry_id", "regime", "policy_event_exit_min_score", "policy_unrealized_dd_floor", "exits",
        "position", "rest",
      ]
    ),
    ("8.1", .closed, ["entry_id", "result", "trade"]),
  ]

  /// A trade that is entered and left, and one that a gate refuses.
  private func records(_ text: String) throws -> [DecisionRecord] {
    func play(_ rules: String) throws -> [DecisionRecord] {
      let contracts = ["X", "Y"].map { HandMade.contract($0) }
      let trader = ReadingTrader(contracts, try HandMade.configuration(rules)) {
        HandMade.reading(
          contracts[$0.place].symbol, at: $1, price: $2, drift: $1 < .seconds(2400) ? 60 : 0)
      }
      var session = PortfolioSession(
        trader, account: try HandMade.account(contracts), settings: MatchSettings())
      session.play((3...4).map { HandMade.bars(seed: $0, count: 90, drift: 60) })
      return session.trader.records
    }
    return try play("{\(text)}") + play("{\(text), entry.size.rank_max: 1}")
  }

  @Test(
    "every field that is asked for is in the document of the decision",
    arguments: [
      "leverage.model: risk_budget", "leverage.model: seed",
    ])
  func table(_ text: String) throws {
    let records = try records(text)
    for demand in Self.demands {
      let record = try #require(
        records.first { $0.kind == demand.kind }, "\(demand.requirement): no \(demand.kind)")
      for name in demand.names {
        #expect(record.json[name] != nil, "\(demand.requirement) \(demand.kind): \(name)")
      }
    }
    let entered = try #require(records.first { $0.kind == .entered })
    // What the rules know is said, and not as something that is missing.
    var known = [
      "lev_raw_before_caps", "lev_liq_cap", "lev_dynamic_scale", "lev_sigma", "lev_cap",
      "lev_regime_cap", "lev_balance_reject_count",
    ]
    if text.contains("seed") { known += ["lev_raw_ev_component", "lev_signal_blend"] }
    for name in known {
      guard case .number(let value)? = entered.json[name], value.isFinite else {
        Issue.record("\(name) is not known under \(text)")
        continue
      }
    }
    #expect(entered.json["lev_source"] == .string(text.contains("seed") ? "seed" : "risk_budget"))
  }

  @Test("each name stands once in a document")
  func once() throws {
    for record in try records("leverage.model: seed") {
      guard case .object(let members) = record.json else { continue }
      #expect(Set(members.map(\.name)).count == members.count)
    }
  }
}
