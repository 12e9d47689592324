import Essentials
import Worlds

/// A world as it stands: its policy, its data, its breaker, and every instance by phase with its gate
/// and what was said of it last.
struct WorldPage: Sendable {
  let state: WorldState

  private var plan: WorldPlan? { state.evaluation?.plan }

  // MARK: - For a person

  func text(_ terminal: TerminalFacts) -> String {
    tree.lines(width: terminal.textWidth, paint: terminal.paint).joined(separator: "\n")
  }

  /// Phases from the money down.
  private static let order: [StrategyPhase] = [
    .live, .dryrun, .backtest, .submitted, .inactive, .failed, .retired,
  ]

  var tree: WorldTree {
    let phases = Self.order.compactMap { phase -> WorldTree? in
      let records = state.records(in: phase)
      guard !records.isEmpty else { return nil }
      return WorldTree(
        "\(phase.rawValue): \(records.count)", phase == .live ? .strong : .plain,
        records.map(branch))
    }
    return WorldTree(
      title, .strong,
      [policy, data, breaker, cutover].compactMap { $0 }
        + (state.ids.isEmpty ? [WorldTree("no instance yet", .faint)] : phases))
  }

  private var title: String {
    if state.isDeleted { return "\(state.world): deleted" }
    var parts = ["\(state.world): \(state.mode.rawValue)"]
    if state.isFrozen { parts.append("frozen") }
    if state.declared != .active { parts.append("declared \(state.declared.rawValue)") }
    parts.append("cycle \(state.cycle)")
    return parts.joined(separator: ", ")
  }

  private var policy: WorldTree {
    guard let policy = state.policy else { return WorldTree("no policy", .bad) }
    let money = state.rules.allowsLive ? "may trade money" : "trades no money"
    return WorldTree(
      "policy v\(policy.publication.version) (\(policy.publication.fingerprint.short)) by"
        + " \(policy.by), \(policy.at.date): \(money)")
  }

  private var data: WorldTree {
    guard let evaluation = state.evaluation else {
      return WorldTree("not evaluated yet", .faint)
    }
    let currency = evaluation.plan.currency
    let name = currency.dataset ?? "no dataset"
    let standing = currency.standing.rawValue.lowercased()
    return WorldTree(
      "data \(standing): \(name), \(DerivationWording.span(currency.lag)) behind on"
        + " \(evaluation.at)",
      currency.standing == .current ? .plain : .bad)
  }

  private var breaker: WorldTree {
    let isArmed = state.breaker.isArmed
    return WorldTree(
      "breaker \(state.breaker.word)" + (isArmed ? "" : ": \(state.breaker.reason)"),
      isArmed ? .plain : .bad)
  }

  private var cutover: WorldTree? {
    guard !state.isDeleted else { return nil }
    return state.runs.active.map { WorldTree("cutover \($0.id) is under way", .strong) }
  }

  private func branch(_ record: InstanceRecord) -> WorldTree {
    let row = plan?.rows.first { $0.instance == record.id }
    return WorldTree(
      record.id, record.phase == .live ? .good : .plain,
      [gate(of: record), row.flatMap(verdict)].compactMap { $0 }
        + (record.needsOperator.map { [WorldTree("needs a person: \($0)", .bad)] } ?? []))
  }

  private func gate(of record: InstanceRecord) -> WorldTree? {
    guard record.phase == .live else { return nil }
    let state = record.gate.state
    let word = state.name.replacing("_", with: " ")
    let weight =
      state == .closed
      ? "" : ", weight \(Table.Cell.percent(record.gate.weight, decimals: 1).text) %"
    return WorldTree(
      "gate \(word)\(weight)" + (record.gate.isSwitchedOff ? ", closed by hand" : ""),
      state.isOpen ? .good : .bad)
  }

  private func verdict(_ row: WorldPlan.Row) -> WorldTree? {
    let reason = Self.reason(row)
    guard !reason.isEmpty else { return nil }
    return WorldTree(
      reason, row.verdict == .pass ? .plain : row.verdict == .fail ? .bad : .faint)
  }

  /// What a plan says of an instance, in a few words; empty where it says nothing.
  static func reason(_ row: WorldPlan.Row) -> String {
    let times = row.fails > 0 ? " \(row.fails)x in a row" : ""
    var parts: [String] = []
    switch row.verdict {
    case .none: break
    case .pass: parts.append("passes")
    case .fail: parts.append("fails\(times)")
    case .insufficient: parts.append("not enough evidence\(times)")
    }
    if row.passes > 0 { parts.append("admitted \(row.passes)x in a row") }
    if let rejection = row.rejection {
      parts.append("not admitted\(times) (\(rejection))")
    }
    if row.action != .hold {
      parts.append(row.action.rawValue.lowercased().replacing("_", with: " "))
    } else if let hold = row.hold {
      parts.append("waits (\(hold))")
    }
    if let score = row.score { parts.append("score \(Table.Cell.number(score).text)") }
    if let rank = row.rank { parts.append("rank \(rank)") }
    return parts.joined(separator: ", ")
  }
}
