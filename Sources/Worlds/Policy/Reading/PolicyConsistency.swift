import Essentials

/// What is wrong with rules that are each well written but cannot hold together.
struct PolicyConsistency {
  /// Sums of budgets and caps that are written as equal should compare as equal.
  static let tolerance = 1e-12

  private let policy: WorldPolicy
  private var reader: PolicyReader

  /// Notes the contradictions of a policy in its reader.
  static func check(_ policy: WorldPolicy, _ reader: inout PolicyReader) {
    var consistency = PolicyConsistency(policy: policy, reader: reader)
    consistency.checkCurrency()
    consistency.checkCycle()
    consistency.checkMeasures()
    consistency.checkGates()
    consistency.checkKnowledge()
    consistency.checkSlots()
    consistency.checkBudgets()
    consistency.checkOperation()
    consistency.checkInstances()
    reader = consistency.reader
  }

  /// Notes a contradiction where the first of the paths stands that the text has; one that holds
  /// for both sides is noted once.
  private mutating func note(
    _ code: String, _ message: String, at paths: [String], remedy: String,
    as severity: Diagnostic.Severity = .error
  ) {
    let span = paths.compactMap { reader.spans[$0] }.first ?? SourceSpan(start: 0, end: 0)
    guard !reader.diagnostics.contains(where: { $0.message == message && $0.span == span }) else {
      return
    }
    reader.note(code, message, at: span, remedy: remedy, as: severity)
  }

  // MARK: - Time

  private mutating func checkCurrency() {
    let rules = policy.currency
    if rules.haltAfter < rules.lagMax {
      note(
        "halt_before_stale",
        "Gates would close after \(rules.haltAfter), before data is stale at \(rules.lagMax).",
        at: ["data_currency.halt_after", "data_currency.max_lag"],
        remedy: "Set data_currency.halt_after to at least \(rules.lagMax).")
    }
  }

  private mutating func checkCycle() {
    let cycle = policy.evaluation.every ?? policy.interval
    if policy.evaluation.offset >= cycle {
      note(
        "offset_beyond_cycle",
        "Cycles of \(cycle) cannot begin \(policy.evaluation.offset) late.",
        at: ["evaluation.schedule"], remedy: "Write an offset below \(cycle).")
    }
    let cooldown = policy.selection.hysteresis.cooldown
    if cooldown < cycle {
      note(
        "cooldown_below_cycle",
        "A cooldown of \(cooldown) is over before the next cycle, which comes after \(cycle).",
        at: ["selection.hysteresis.cooldown", "evaluation.schedule", "interval"],
        remedy: "Set selection.hysteresis.cooldown to at least \(cycle).")
    }
  }

  // MARK: - Measures and gates

  private mutating func checkMeasures() {
    let metrics = policy.metrics
    if !(metrics.short < metrics.mid && metrics.mid < metrics.long) {
      note(
        "windows_out_of_order",
        "The windows \(metrics.short), \(metrics.mid) and \(metrics.long) do not grow.",
        at: ["metrics.windows", "metrics"], remedy: "Make short < mid < long.")
    }
    for rule in metrics.samples where reader.catalog.meaning(of: rule.metric) == nil {
      let names = MetricCatalog.all.map(\.base) + metrics.external
      note(
        "unknown_metric", "`\(rule.metric)` is no measure.",
        at: ["metrics.samples.\(rule.metric)"],
        remedy: nearestName(to: rule.metric, among: names).map { "Did you mean \($0)?" }
          ?? "Name the base of a measure, without its window.")
    }
    for (index, name) in metrics.external.enumerated() {
      let path = ["metrics.external[\(index)]", "metrics.external"]
      if MetricName(name) != MetricName(base: name, over: nil) || !MetricName.isName(name) {
        note(
          "invalid_metric_name", "`\(name)` cannot name a measure.", at: path,
          remedy: "Write small letters, digits and _, and no window behind the last _.")
      } else if MetricCatalog().meaning(of: name) != nil {
        note(
          "metric_exists", "`\(name)` is a measure of the desk.", at: path,
          remedy: "Choose another name, or remove it and use the desk's.")
      }
    }
  }

  /// Warns of measures that are asked for and never known: who waits for them waits for ever.
  private mutating func checkKnowledge() {
    let selection = policy.selection
    let askers: [(String, PolicyGate)] = [
      ("selection.gates", selection.gates), ("selection.keep", selection.keep ?? .open),
      ("selection.score", .expression(selection.score)),
    ]
    for (path, gate) in askers {
      for name in gate.measuresNeeded where reader.catalog.isNeverKnown(name.base) {
        note(
          "measure_never_known",
          "`\(name)` is never known at this desk: what \(path) asks of it stays undecided.",
          at: [path, "selection"],
          remedy: "Ask for another measure, or write coalesce(\(name), 0) with what holds instead.",
          as: .warning)
      }
    }
  }

  private mutating func checkGates() {
    let selection = policy.selection
    if selection.gates == .open {
      note(
        "open_gates", "Without gates every strategy passes.",
        at: ["selection.gates", "selection"],
        remedy: "Write what a strategy must show under selection.gates.", as: .warning)
    }
    for side in TradingSide.allCases {
      let gates = GateBounds(of: selection.gates, side: side)
      if let name = gates.impossible {
        note(
          "impossible_gate", "Nothing can pass: the bounds of \(name) exclude each other.",
          at: ["selection.gates"], remedy: "Move one of the bounds.")
      }
      guard let keep = selection.keep else { continue }
      let kept = GateBounds(of: keep, side: side)
      if let name = kept.impossible {
        note(
          "impossible_gate", "Nothing can stay: the bounds of \(name) exclude each other.",
          at: ["selection.keep"], remedy: "Move one of the bounds.")
      }
      for bound in kept.bounds {
        guard let gate = gates.bounds.first(where: { $0.isComparable(with: bound) }),
          bound.isStricter(than: gate)
        else { continue }
        note(
          "keep_stricter_than_gates",
          "Incumbents must show `\(bound)`, more than `\(gate)` that lets them in.",
          at: ["selection.keep"],
          remedy: "Make the bound of keep as loose as that of the gates, or looser.")
      }
    }
  }

  // MARK: - Places and budgets

  private mutating func checkSlots() {
    let topK = policy.selection.topK
    let unreachable = topK.total - topK.long - topK.short
    if unreachable > 0, !topK.spills {
      note(
        "unreachable_slots",
        "\(unreachable) \(unreachable == 1 ? "slot" : "slots") unreachable: \(topK.long) long and "
          + "\(topK.short) short make \(topK.long + topK.short) of \(topK.total).",
        at: ["selection.topk.total", "selection.topk.by_side", "selection.topk"],
        remedy: "Lower total, or raise a side.", as: .warning)
    }
    let limits = policy.risk.limits
    let caps: [(name: String, path: String, cap: Double?)] = [
      ("per_symbol", "risk.limits.per_symbol", limits.perSymbol),
      ("per_sector", "risk.limits.per_sector", limits.perSector),
      ("per_exchange", "risk.limits.per_exchange", limits.perExchange),
      ("max_weight", "risk.budgets.max_weight", policy.risk.budgets.weightMax),
    ]
    for side in TradingSide.allCases {
      // A side without places of its own may take those that the other leaves.
      let places = topK[side] > 0 ? topK[side] : topK.spills ? topK.total : 0
      guard places > 0 else { continue }
      let slot = policy.risk.budgets[side] / Double(places)
      for case (let name, let path, let cap?) in caps where slot > cap + Self.tolerance {
        note(
          "slot_exceeds_cap",
          "A \(side.rawValue) slot weighs \(Self.percent(slot)), more than the "
            + "\(Self.percent(cap)) that \(name) allows.",
          at: [path],
          remedy: "Raise the cap, lower the budget, or deal it out to more places.")
      }
    }
  }

  private mutating func checkBudgets() {
    let budgets = policy.risk.budgets
    let limits = policy.risk.limits
    let sums: [(name: String, path: String, sum: Double, limit: Double?)] = [
      ("budgets", "risk.limits.gross", budgets.long + budgets.short, limits.gross),
      ("long budget", "risk.limits.side.long", budgets.long, limits.long),
      ("short budget", "risk.limits.side.short", budgets.short, limits.short),
    ]
    for case (let name, let path, let sum, let limit?) in sums where sum > limit + Self.tolerance {
      note(
        "budget_exceeds_limit",
        "The \(name) of \(Self.percent(sum)) can never be used: the limit is \(Self.percent(limit)).",
        at: [path], remedy: "Lower the budget, or raise the limit.", as: .warning)
    }
    if policy.risk.reset.mode == .auto, policy.risk.reset.autoResetAfter == .zero {
      note(
        "reset_at_once", "A breaker that arms itself at once protects nothing.",
        at: ["risk.reset.auto_reset_after", "risk.reset"],
        remedy: "Write a rest such as 1d, or mode: manual.")
    }
  }

  /// A fraction as percent with at most two decimals.
  private static func percent(_ fraction: Double) -> String {
    let hundredths = (fraction * 10_000).rounded()
    return JSONValue.number(hundredths / 100).compactText + " %"
  }

  // MARK: - Operation

  private mutating func checkOperation() {
    let cutover = policy.cutover
    if cutover.gateLease > cutover.freezeTimeout {
      note(
        "lease_outlives_freeze",
        "A lease of \(cutover.gateLease) may outlast the freeze of \(cutover.freezeTimeout).",
        at: ["cutover.gate_lease", "cutover.freeze_timeout"],
        remedy: "Make cutover.freeze_timeout at least \(cutover.gateLease).", as: .warning)
    }
    if policy.allowsLive, policy.roles.owners.isEmpty {
      note(
        "no_owner", "Money may be traded, and nobody owns the world.",
        at: ["rbac.owners", "rbac", "allow_live"],
        remedy: "Name who may publish and arm the breaker under rbac.owners.", as: .warning)
    }
    if policy.roles.owners.contains("*") || policy.roles.operators.contains("*") {
      note(
        "everybody_decides", "`*` would let everybody decide about money.",
        at: ["rbac.owners", "rbac.operators", "rbac"],
        remedy: "Name owners and operators; `*` is for readers.")
    }
  }

  private mutating func checkInstances() {
    var places: [InstanceDeclaration: Int] = [:]
    for (index, instance) in policy.instances.enumerated() {
      if let first = places[instance] {
        note(
          "duplicate_instance", "The instance is declared twice, first as number \(first + 1).",
          at: ["instances[\(index)]"], remedy: "Keep one of them.")
      } else {
        places[instance] = index
      }
    }
  }
}
