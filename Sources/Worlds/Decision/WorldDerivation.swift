import Essentials

/// Why an instance was judged and moved as a plan says, from the snapshot and the policy that the
/// plan follows from.
///
/// Nothing of it is stored with a plan: it is worked out when somebody asks. Cost: that of
/// evaluating the policy's formulas once for each of their parts.
package enum WorldDerivation {
  /// Explains an instance; nil where the plan has no row of it.
  package static func of(
    _ instance: String, _ snapshot: WorldSnapshot, _ policy: WorldPolicy, _ plan: WorldPlan
  ) -> DerivationNode? {
    guard let place = snapshot.instances.firstIndex(where: { $0.id == instance }),
      let row = plan.rows.first(where: { $0.instance == instance })
    else { return nil }
    return Derivation(snapshot, policy, plan, place, row).tree
  }
}

private func figure(_ value: Double) -> String { DerivationWording.number(value) }
private func length(_ span: TimeSpan) -> String { DerivationWording.span(span) }
private func koreanLength(_ span: TimeSpan) -> String { DerivationWording.koreanSpan(span) }
private func subject(_ word: String) -> String { KoreanParticle.subject.after(word) }
private func object(_ word: String) -> String { KoreanParticle.object.after(word) }
private func with(_ word: String) -> String { KoreanParticle.companion.after(word) }
private func to(_ word: String) -> String { KoreanParticle.direction.after(word) }

private struct Derivation {
  private let snapshot: WorldSnapshot
  private let policy: WorldPolicy
  private let plan: WorldPlan
  private let place: Int
  private let row: WorldPlan.Row
  private let instance: WorldSnapshot.Instance
  private let evaluation: ExpressionEvaluation

  init(
    _ snapshot: WorldSnapshot, _ policy: WorldPolicy, _ plan: WorldPlan, _ place: Int,
    _ row: WorldPlan.Row
  ) {
    self.snapshot = snapshot
    self.policy = policy
    self.plan = plan
    self.place = place
    self.row = row
    instance = snapshot.instances[place]
    evaluation = ExpressionEvaluation(snapshot, under: policy)
  }

  private var isLive: Bool { row.phase == .live }
  private var age: TimeSpan { snapshot.at - instance.phaseSince }

  var tree: DerivationNode {
    var children = [currency, mode]
    if row.phase.isJudged, plan.mode != .paused {
      children += [verdict, rank, admission].compactMap { $0 } + [streaks, dwell]
    } else {
      children += beginning
    }
    if let weight { children.append(weight) }
    let (english, korean) = doing
    let reason = row.hold.map { hold($0) }
    return DerivationNode(
      "action_\(row.action.rawValue.lowercased())",
      "\(row.instance) (\(row.side.rawValue), \(row.phase.rawValue)): \(english)"
        + (reason.map { " \($0.text)" } ?? ""),
      korean: "\(row.instance) (\(row.side.korean), \(row.phase.korean)): \(korean)"
        + (reason.map { " \($0.koreanText)" } ?? ""),
      children: children + [reason].compactMap { $0 })
  }

  // MARK: - Words

  private var doing: (english: String, korean: String) {
    let weight = plan.allocations.first { $0.instance == row.instance }?.weight ?? 0
    let number = figure(weight)
    switch row.action {
    case .hold:
      let isReweighted = plan.steps.contains {
        $0.kind == .reweight && $0.instance == row.instance
      }
      return isReweighted
        ? (
          "It stays where it is, with a weight of \(number).",
          "현재 단계에 머물며 비중을 \(to(number)) 바꿉니다."
        ) : ("It stays where it is.", "현재 단계에 머뭅니다.")
    case .gateClose:
      return ("Its gate is closed; its phase stays.", "주문 게이트를 닫고 단계는 그대로 둡니다.")
    case .demote: return ("It is taken out of live trading.", "실거래에서 내립니다.")
    case .promote:
      return (
        "It is promoted to live trading with a weight of \(number).",
        "비중 \(to(number)) 실거래에 올립니다."
      )
    case .startBacktest:
      return ("Its history is replayed.", "과거 데이터로 백테스트를 시작합니다.")
    case .startDryrun: return ("It starts to trade on paper.", "모의 운용을 시작합니다.")
    }
  }

  // MARK: - The state of the world

  private var currency: DerivationNode {
    let currency = plan.currency
    let rules = policy.currency
    let name = currency.dataset ?? ""
    let own = rules.datasets.first { $0.id == name }?.lagMax
    let allowed = own ?? rules.lagMax
    let lag = (length(currency.lag), koreanLength(currency.lag))
    let limit = (length(allowed), koreanLength(allowed))
    let closing =
      currency.isHalting
      ? [
        DerivationNode(
          "currency_halting", "Live gates close until the data is current again.",
          korean: "데이터가 다시 최신이 될 때까지 실거래 게이트를 닫습니다.", outcome: .fail)
      ] : []
    switch currency.standing {
    case .current:
      return DerivationNode(
        "currency",
        "The data is current: dataset \(name) is \(lag.0) behind, and \(limit.0) are allowed.",
        korean: "데이터가 최신입니다: 데이터셋 \(name)의 지연은 \(lag.1)이고 허용 한도는 \(limit.1)입니다.",
        value: currency.lag.seconds, limit: allowed.seconds, outcome: .pass)
    case .stale:
      return DerivationNode(
        "currency",
        "The data is stale: dataset \(name) is \(lag.0) behind, and only \(limit.0) are allowed.",
        korean: "데이터가 오래되었습니다: 데이터셋 \(name)의 지연이 \(lag.1)로 허용 한도 \(object(limit.1)) 넘습니다.",
        value: currency.lag.seconds, limit: allowed.seconds, outcome: .fail, children: closing)
    case .future:
      let ahead = TimeSpan.zero - currency.lag
      return DerivationNode(
        "currency",
        "The data is from the future: dataset \(name) is \(length(ahead)) ahead, and clocks"
          + " may differ by \(length(rules.clockSkew)).",
        korean: "데이터가 미래의 것입니다: 데이터셋 \(subject(name)) 평가 시점보다 "
          + "\(koreanLength(ahead)) 앞서 있어 허용 시계 오차 "
          + "\(object(koreanLength(rules.clockSkew))) 넘습니다.",
        value: currency.lag.seconds, limit: -rules.clockSkew.seconds, outcome: .fail,
        children: closing)
    case .unknown:
      return DerivationNode(
        "currency", "There is no dataset, so nobody knows how old the data is.",
        korean: "데이터셋이 없어 데이터가 얼마나 오래되었는지 알 수 없습니다.", outcome: .unknown,
        children: closing)
    }
  }

  private var mode: DerivationNode {
    let english: String
    let korean: String
    switch plan.mode {
    case .active where row.hold == .cycleDone:
      english = "The world is active, and the decision of this cycle has been taken."
      korean = "월드가 가동 중이며 이번 사이클의 결정은 이미 내려졌습니다."
    case .active:
      english = "The world is active: instances may move."
      korean = "월드가 가동 중이며 전략이 단계를 옮길 수 있습니다."
    case .paused:
      english = "The world is paused: nothing is judged, and every gate is closed."
      korean = "월드가 일시 정지되어 아무것도 평가하지 않고 모든 게이트를 닫습니다."
    case .halted:
      let reason = snapshot.breaker.reason
      english = "The breaker is tripped (\(reason)): gates close, and only reducing is allowed."
      korean = "차단기가 작동했습니다(\(reason)): 게이트를 닫고 포지션 축소만 허용합니다."
    case .evalOnly where snapshot.declared == .evalOnly:
      english = "The world only evaluates, as its people have declared: nobody moves."
      korean = "운영자가 평가 전용으로 지정한 월드이므로 아무도 단계를 옮기지 않습니다."
    case .evalOnly:
      english = "The world only evaluates, because its data is not current: nobody moves."
      korean = "데이터가 최신이 아니므로 평가만 하고 아무도 단계를 옮기지 않습니다."
    }
    return DerivationNode(
      "mode_\(plan.mode.rawValue)", english, korean: korean,
      outcome: DerivationNode.Outcome(plan.mode == .active))
  }

  /// What those are waiting for whose evidence is not judged.
  private var beginning: [DerivationNode] {
    switch row.phase {
    case .backtest:
      let history = instance.history
      let least = policy.currency.historyMin
      var nodes = [
        DerivationNode(
          "history",
          "Its history reaches back \(length(history)), and \(length(least)) are needed.",
          korean:
            "이력이 \(koreanLength(history))이며 \(subject(koreanLength(least))) 필요합니다.",
          value: history.seconds, limit: least.seconds,
          outcome: .init(history >= least))
      ]
      if policy.currency.warmup != .none {
        nodes.append(
          DerivationNode(
            "warmup",
            instance.isWarm
              ? "Its formula has all the rows that it looks back on."
              : "Its formula has not yet all the rows that it looks back on.",
            korean: instance.isWarm
              ? "수식이 참조하는 과거 구간이 모두 채워졌습니다." : "수식이 참조하는 과거 구간이 아직 다 채워지지 않았습니다.",
            outcome: .init(instance.isWarm)))
      }
      return nodes
    case .inactive:
      return [
        waiting("cooldown", policy.selection.hysteresis.cooldown)
      ]
    case .submitted, .dryrun, .live, .failed, .retired: return []
    }
  }

  private func waiting(_ code: String, _ least: TimeSpan) -> DerivationNode {
    DerivationNode(
      code,
      "It has been in its phase for \(length(age)), and \(length(least)) are needed"
        + " before it moves.",
      korean: "현재 단계에 \(koreanLength(age)) 머물렀으며 옮기려면 "
        + "\(subject(koreanLength(least))) 필요합니다.",
      value: age.seconds, limit: least.seconds, outcome: .init(age >= least))
  }

  // MARK: - The verdict

  private var verdict: DerivationNode {
    var children = [conditions]
    if !isLive, policy.robustness.gate != .open { children.append(robustness) }
    children.append(score)
    let english: String
    let korean: String
    let outcome: DerivationNode.Outcome
    switch row.verdict {
    case .pass: (english, korean, outcome) = ("It passes.", "판정: 통과", .pass)
    case .fail: (english, korean, outcome) = ("It fails.", "판정: 탈락", .fail)
    case .insufficient:
      (english, korean, outcome) = (
        "Its evidence is insufficient: not a pass, and not a failure.",
        "판정: 증거 부족 (통과도 탈락도 아닙니다)", .unknown
      )
    case .none: (english, korean, outcome) = ("It is not judged.", "판정하지 않습니다.", .none)
    }
    return DerivationNode(
      "verdict_\(row.verdict.rawValue)", english, korean: korean, outcome: outcome,
      children: children)
  }

  private var conditions: DerivationNode {
    let isKeeping = isLive && policy.selection.keep != nil
    let gate = isLive ? policy.selection.keep ?? policy.selection.gates : policy.selection.gates
    let truth = evaluation.truths(gate)[place]
    return DerivationNode(
      isKeeping ? "keep" : "gates",
      (isKeeping ? "The conditions of staying live" : "The conditions of entry")
        + Self.english(truth),
      korean: (isKeeping ? "실거래 유지 조건" : "진입 조건") + Self.korean(truth),
      outcome: .init(truth), children: [explained(gate)])
  }

  private var robustness: DerivationNode {
    let gate = policy.robustness.gate
    let truth = evaluation.truths(gate)[place]
    return DerivationNode(
      "robustness", "The conditions against luck" + Self.english(truth),
      korean: "우연이 아님을 보이는 조건" + Self.korean(truth), outcome: .init(truth),
      children: parts(gate).map(explained))
  }

  private static func english(_ truth: Truth) -> String {
    switch truth {
    case .yes: " are met."
    case .no: " are not met."
    case .unknown: " cannot be told."
    }
  }

  private static func korean(_ truth: Truth) -> String {
    switch truth {
    case .yes: "을 충족합니다."
    case .no: "을 충족하지 못합니다."
    case .unknown: "을 판단할 수 없습니다."
    }
  }

  private func parts(_ gate: PolicyGate) -> [PolicyGate] {
    if case .and(let parts) = gate { parts } else { [gate] }
  }

  private func explained(_ gate: PolicyGate) -> DerivationNode {
    switch gate {
    case .expression(let expression): return explained(expression)
    case .and(let parts):
      return group("and", parts, ("All of these must hold.", "다음을 모두 충족해야 합니다."), gate)
    case .or(let parts):
      return group("or", parts, ("One of these must hold.", "다음 중 하나를 충족해야 합니다."), gate)
    case .not(let part):
      return group("not", [part], ("This must not hold.", "다음에 해당하지 않아야 합니다."), gate)
    case .side(let long, let short):
      let part = instance.side == .long ? long : short
      let side = instance.side
      return group(
        "side", part.map { [$0] } ?? [],
        part == nil
          ? (
            "Nothing is asked of \(side.rawValue) instances.", "\(side.korean) 전략에는 조건이 없습니다."
          )
          : (
            "Of \(side.rawValue) instances this is asked.", "\(side.korean) 전략에는 다음 조건이 있습니다."
          ),
        gate)
    }
  }

  private func group(
    _ code: String, _ parts: [PolicyGate], _ words: (String, String), _ gate: PolicyGate
  ) -> DerivationNode {
    DerivationNode(
      code, words.0, korean: words.1, outcome: .init(evaluation.truths(gate)[place]),
      children: parts.map(explained))
  }

  private func explained(_ expression: PolicyExpression) -> DerivationNode {
    let truth = evaluation.truths(expression)[place]
    switch expression {
    case .binary(.and, let left, let right):
      return explained(.and([.expression(left), .expression(right)]))
    case .binary(.or, let left, let right):
      return explained(.or([.expression(left), .expression(right)]))
    case .not(let operand): return explained(.not(.expression(operand)))
    case .binary(_, let left, let right):
      return compared(expression, left, right, truth)
    case .within(let operand, let low, _):
      return compared(expression, operand, low, truth)
    case .number, .duration, .boolean, .metric, .negative, .call:
      return DerivationNode(
        "condition", "\(expression)" + Self.colon(truth).0,
        korean: "\(expression)" + Self.colon(truth).1, outcome: .init(truth),
        children: measures(of: expression).map(measured))
    }
  }

  private static func colon(_ truth: Truth) -> (String, String) {
    switch truth {
    case .yes: (": true.", ": 참입니다.")
    case .no: (": false.", ": 거짓입니다.")
    case .unknown: (": unknown.", ": 알 수 없습니다.")
    }
  }

  private func compared(
    _ expression: PolicyExpression, _ left: PolicyExpression, _ right: PolicyExpression,
    _ truth: Truth
  ) -> DerivationNode {
    let value = evaluation.numbers(left)[place]
    let limit = evaluation.numbers(right)[place]
    var isPlain = false
    if case .metric = left { isPlain = true }
    let names = measures(of: expression)
    let shown = names.filter { name in
      !isPlain || names.count > 1 || evaluation.values(of: name)[place].isNaN
    }
    let english =
      truth == .unknown
      ? "\(expression): unknown." : "\(expression): it is \(figure(value))."
    let korean =
      truth == .unknown
      ? "\(expression): 알 수 없습니다." : "\(expression): 값은 \(figure(value))입니다."
    return DerivationNode(
      "compare", english, korean: korean, value: value, limit: limit.isNaN ? nil : limit,
      outcome: .init(truth), children: shown.map(measured))
  }

  /// The measures that a formula uses, each once, in the order of the formula.
  private func measures(of expression: PolicyExpression) -> [MetricName] {
    switch expression {
    case .number, .duration, .boolean: return []
    case .metric(let name): return [name]
    case .negative(let operand), .not(let operand): return measures(of: operand)
    case .binary(_, let left, let right): return merged([left, right])
    case .within(let operand, let low, let high): return merged([operand, low, high])
    case .call(_, let arguments): return merged(arguments)
    }
  }

  private func merged(_ expressions: [PolicyExpression]) -> [MetricName] {
    expressions.flatMap(measures).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// What a measure is, or why it counts as unknown.
  private func measured(_ name: MetricName) -> DerivationNode {
    let value = evaluation.values(of: name)[place]
    let column = snapshot.evidence.column(name)
    guard value.isNaN else {
      return DerivationNode(
        "metric", "\(name) is \(figure(value)).",
        korean: "\(name) 값은 \(figure(value))입니다.", value: value)
    }
    guard let column, column.values[place].isFinite else {
      if MetricCatalog(external: policy.metrics.external).isNeverKnown(name.base) {
        return DerivationNode(
          "metric", "\(name) is never known at this desk: nobody hands it in.",
          korean: "\(name) 값은 이 데스크에 제공되지 않아 알 수 없습니다.", outcome: .unknown)
      }
      return DerivationNode(
        "metric", "\(name) is not known of this instance.",
        korean: "이 전략의 \(name) 값이 없습니다.", outcome: .unknown)
    }
    let rule = policy.metrics.samples.first { $0.metric == name.base }
    let samples: [(String, String, [Double], Double?)] = [
      ("days", "일수", column.days, rule?.daysMin),
      ("trades", "거래 수", column.trades, rule?.tradesMin),
      ("bars", "봉 수", column.bars, rule?.barsMin),
    ]
    let short = samples.filter { _, _, counted, least in
      least.map { counted.isEmpty || !(counted[place] >= $0) } ?? false
    }
    return DerivationNode(
      "metric", "\(name) rests on too little to count.",
      korean: "\(name)의 표본이 부족하여 참고 값으로만 봅니다.", outcome: .unknown,
      children: short.map { english, korean, counted, least in
        let have = counted.isEmpty ? .nan : counted[place]
        let least = least ?? 0
        return DerivationNode(
          "samples_\(english)",
          have.isNaN
            ? "Nobody counted its \(english), and \(figure(least)) are needed."
            : "It rests on \(figure(have)) \(english), and \(figure(least)) are needed.",
          korean: have.isNaN
            ? "\(korean)가 집계되지 않았으며 \(figure(least)) 이상이어야 합니다."
            : "\(korean)가 \(to(figure(have))), \(figure(least)) 이상이어야 합니다.",
          value: have, limit: least, outcome: have.isNaN ? .unknown : .fail)
      })
  }

  // MARK: - Score and rank

  private var score: DerivationNode {
    let expression = policy.selection.score
    let terms = terms(of: expression, isAdded: true)
    var children: [DerivationNode] = []
    if terms.count > 1 {
      children = terms.map { term, isAdded in
        let value = evaluation.numbers(term)[place] * (isAdded ? 1 : -1)
        let number = value.isNaN ? "?" : figure(value)
        return DerivationNode(
          "term", "\(term): \(number)", korean: "\(term): \(number)", value: value,
          outcome: value.isNaN ? .unknown : .none,
          children: value.isNaN ? measures(of: term).filter(isUnknown).map(measured) : [])
      }
    } else if row.score == nil {
      children = measures(of: expression).filter(isUnknown).map(measured)
    }
    guard let score = row.score else {
      return DerivationNode(
        "score", "Its score is unknown.", korean: "점수를 알 수 없습니다.", outcome: .unknown,
        children: children)
    }
    let margin = policy.selection.hysteresis.rankMargin
    if isLive, margin != 0 {
      children.append(
        DerivationNode(
          "rank_margin",
          "As an incumbent it is ranked as though it had \(figure(margin)) more.",
          korean: "실거래 중이므로 순위를 매길 때 \(object(figure(margin))) 더합니다.", value: margin))
    }
    return DerivationNode(
      "score", "Its score is \(figure(score)).",
      korean: "점수는 \(figure(score))입니다.", value: score, children: children)
  }

  private func isUnknown(_ name: MetricName) -> Bool { evaluation.values(of: name)[place].isNaN }

  private func terms(
    of expression: PolicyExpression, isAdded: Bool
  ) -> [(PolicyExpression, isAdded: Bool)] {
    switch expression {
    case .binary(.plus, let left, let right):
      return terms(of: left, isAdded: isAdded) + terms(of: right, isAdded: isAdded)
    case .binary(.minus, let left, let right):
      return terms(of: left, isAdded: isAdded) + terms(of: right, isAdded: !isAdded)
    case .negative(let operand): return terms(of: operand, isAdded: !isAdded)
    default: return [(expression, isAdded)]
    }
  }

  private var passed: [WorldPlan.Row] { plan.rows.filter { $0.rank != nil } }

  private var rank: DerivationNode? {
    row.rank.map { rank in
      DerivationNode(
        "rank", "Its rank is \(rank) of \(passed.count) that passed.",
        korean: "통과한 \(passed.count)개 가운데 \(rank)위입니다.", value: Double(rank))
    }
  }

  // MARK: - Admission

  /// The admitted that came before, in the order of ranks. Where places spill over, those of the
  /// other side that had places of their own came before, whatever their rank.
  private var before: [WorldPlan.Row] {
    let rank = row.rank ?? 0
    return passed.filter { other in
      guard other.isAdmitted, other.instance != row.instance, let place = other.rank else {
        return false
      }
      return place < rank || (policy.selection.topK.spills && row.rejection != nil)
    }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
  }

  private var admission: DerivationNode? {
    guard row.rank != nil else { return nil }
    guard let rejection = row.rejection else {
      return DerivationNode(
        "admission", "It is admitted: nothing stands in the way of a place.",
        korean: "편입되었습니다: 자리를 얻는 데 걸리는 것이 없습니다.", outcome: .pass)
    }
    return obstacle("admission", rejection, among: before.map(\.instance))
  }

  /// Why it has no place beside others.
  private func obstacle(
    _ code: String, _ rejection: WorldPlan.Rejection, among holders: [String]
  ) -> DerivationNode {
    func node(
      _ english: String, _ korean: String, value: Double? = nil, limit: Double? = nil,
      _ children: [DerivationNode] = []
    ) -> DerivationNode {
      DerivationNode(
        code, english, korean: korean, value: value, limit: limit, outcome: .fail,
        children: children)
    }
    let topK = policy.selection.topK
    switch rejection {
    case .sideQuota:
      let takers = holders.filter { id in
        snapshot.instances.contains { $0.id == id && $0.side == row.side }
      }
      return node(
        "All places of the \(row.side.rawValue) side are taken, \(topK[row.side]) in number.",
        "\(row.side.korean) \(topK[row.side])자리가 모두 찼습니다.",
        value: Double(takers.count), limit: Double(topK[row.side]), takers.map(holder))
    case .totalQuota:
      return node(
        "All \(topK.total) places are taken.", "전체 \(topK.total)자리가 모두 찼습니다.",
        value: Double(holders.count), limit: Double(topK.total), holders.map(holder))
    case .correlated(let other):
      let limit = policy.selection.correlation?.pairwiseMax ?? .nan
      let value = correlation(with: other)
      return node(
        "Its correlation with \(other) is \(figure(value)), above \(figure(limit)).",
        "\(with(other))의 상관계수가 \(to(figure(value))) 한도 \(object(figure(limit))) 넘습니다.",
        value: value, limit: limit)
    case .correlationMissing(let other):
      return node(
        "Its correlation with \(other) is unknown, and such pairs are rejected.",
        "\(with(other))의 상관계수를 알 수 없으며, 이런 쌍은 받지 않습니다.")
    case .cluster:
      let most = policy.selection.clusters?.perClusterMax ?? 0
      return node(
        "\(most) that move together with it have places, which is as many as may.",
        "함께 움직이는 군집에서 허용된 \(most)자리가 이미 찼습니다.", limit: Double(most))
    case .perStrategy:
      let most = policy.selection.constraints.perStrategy ?? 0
      return node(
        "\(most) instances of strategy \(instance.strategy) have places, which is as many as may.",
        "전략 \(instance.strategy)에 허용된 \(most)자리가 이미 찼습니다.", limit: Double(most))
    case .perVenue:
      let most = policy.selection.constraints.perVenue ?? 0
      return node(
        "\(most) instances on one of its venues have places, which is as many as may.",
        "같은 거래소에 허용된 \(most)자리가 이미 찼습니다.", limit: Double(most))
    case .perBroker:
      let most = policy.selection.constraints.perBroker.first { $0.broker == instance.broker }?.max
      return node(
        "\(most ?? 0) instances at broker \(instance.broker) have places, which is as many as may.",
        "브로커 \(instance.broker)에 허용된 \(most ?? 0)자리가 이미 찼습니다.",
        limit: most.map(Double.init))
    case .sectorCap(let name):
      return cap(("Sector", "섹터"), name, \.sectors, policy.risk.limits.perSector, holders, node)
    case .symbolCap(let name):
      return cap(("Symbol", "종목"), name, \.symbols, policy.risk.limits.perSymbol, holders, node)
    case .exchangeCap(let name):
      return cap(
        ("Exchange", "거래소"), name, \.venues, policy.risk.limits.perExchange, holders, node)
    }
  }

  private func cap(
    _ kind: (english: String, korean: String), _ name: String,
    _ shares: (WorldSnapshot.Instance) -> [WorldSnapshot.Share], _ limit: Double?,
    _ holders: [String],
    _ node: (String, String, Double?, Double?, [DerivationNode]) -> DerivationNode
  ) -> DerivationNode {
    let slots = SlotWeights(policy)
    func held(_ instance: WorldSnapshot.Instance) -> Double {
      shares(instance).reduce(0) {
        $1.name == name ? $0 + $1.share * slots[instance.side] : $0
      }
    }
    let others = holders.compactMap { id in snapshot.instances.first { $0.id == id } }
      .filter { held($0) != 0 }
    let sum = others.reduce(held(instance)) { $0 + held($1) }
    let number = figure(sum)
    let most = figure(limit ?? .nan)
    return node(
      "\(kind.english) \(name) would hold \(number) of equity, above \(most).",
      "\(kind.korean) \(name)의 비중이 \(subject(number)) 되어 한도 \(object(most)) 넘습니다.", sum, limit,
      others.map { holder($0.id) })
  }

  private func holder(_ id: String) -> DerivationNode {
    let other = plan.rows.first { $0.instance == id }
    let score = other?.score.map(figure) ?? "?"
    return DerivationNode(
      "holder", "\(id) has a place, with a score of \(score).",
      korean: "\(subject(id)) 점수 \(to(score)) 자리를 차지하고 있습니다.", value: other?.score)
  }

  private func correlation(with other: String) -> Double {
    guard let place = snapshot.instances.firstIndex(where: { $0.id == other }), place != self.place
    else { return .nan }
    return snapshot.correlations?.known(self.place, place) ?? .nan
  }

  // MARK: - Streaks and moves

  private var streaks: DerivationNode {
    let rules = policy.selection.hysteresis
    let isStill = plan.mode != .active || row.hold == .cycleDone
    guard !isStill else {
      return DerivationNode(
        "streaks", "Its streaks stand still: passes \(row.passes), failures \(row.fails).",
        korean: "연속 횟수는 그대로입니다: 편입 \(row.passes)회, 탈락 \(row.fails)회.")
    }
    let needed = isLive ? rules.demoteAfter : rules.promoteAfter
    let counted = isLive ? row.fails : row.passes
    return DerivationNode(
      "streaks",
      "Passes in a row: \(instance.passes) before, \(row.passes) now; failures: "
        + "\(instance.fails) before, \(row.fails) now. "
        + (isLive ? "\(needed) failures demote." : "\(needed) passes promote."),
      korean: "연속 편입 \(instance.passes)회 → \(row.passes)회, 연속 탈락 \(instance.fails)회 → "
        + "\(row.fails)회. "
        + (isLive ? "탈락이 \(needed)회 이어지면 강등합니다." : "편입이 \(needed)회 이어지면 승격합니다."),
      value: Double(counted), limit: Double(needed),
      outcome: isLive ? .init(counted < needed) : .init(counted >= needed))
  }

  private var dwell: DerivationNode { waiting("dwell", policy.selection.hysteresis.dwellMin) }

  private var liveAfter: [String] {
    plan.allocations.map(\.instance).filter { $0 != row.instance }
  }

  private func hold(_ hold: WorldPlan.Hold) -> DerivationNode {
    let code = "hold"
    let rules = policy.selection.hysteresis
    func node(_ english: String, _ korean: String, _ value: Double? = nil, _ limit: Double? = nil)
      -> DerivationNode
    {
      DerivationNode(code, english, korean: korean, value: value, limit: limit, outcome: .fail)
    }
    switch hold {
    case .catchUp:
      return node(
        "It waits until its data has caught up.", "데이터가 현재 시점을 따라잡을 때까지 기다립니다.")
    case .historyMin: return node("Its history is too short.", "이력이 아직 짧습니다.")
    case .warmup: return node("Its formula is not warm yet.", "수식의 준비 구간이 아직 끝나지 않았습니다.")
    case .streak where isLive:
      return node(
        "It has failed \(row.fails) times in a row, and \(rules.demoteAfter) demote.",
        "연속 탈락이 \(row.fails)회로 강등 기준 \(rules.demoteAfter)회에 이르지 않았습니다.",
        Double(row.fails), Double(rules.demoteAfter))
    case .streak:
      return node(
        "It was admitted \(row.passes) times in a row, and \(rules.promoteAfter) promote.",
        "연속 편입이 \(row.passes)회로 승격 기준 \(rules.promoteAfter)회에 못 미칩니다.",
        Double(row.passes), Double(rules.promoteAfter))
    case .dwellMin:
      return node(
        "It has not been in its phase long enough.", "현재 단계에 머문 기간이 아직 짧습니다.",
        age.seconds, rules.dwellMin.seconds)
    case .cooldown:
      return node(
        "It rests before it is tried again.", "다시 시도하기 전의 휴식 기간입니다.", age.seconds,
        rules.cooldown.seconds)
    case .slotBusy:
      let topK = policy.selection.topK
      let sameSide = plan.allocations.filter { $0.side == row.side }.map(\.instance)
      let takers = topK.spills ? liveAfter : sameSide
      return DerivationNode(
        code, "Those who are live hold every place.",
        korean: "실거래 중인 전략이 자리를 모두 차지하고 있습니다.", value: Double(takers.count),
        limit: Double(topK.spills ? topK.total : topK[row.side]), outcome: .fail,
        children: takers.map(holder))
    case .cycleDone:
      return node(
        "The decision of this cycle has been taken.", "이번 사이클의 결정은 이미 내려졌습니다.")
    case .liveCorrelation(let other):
      let isKnown = !correlation(with: other).isNaN
      return obstacle(
        code, isKnown ? .correlated(with: other) : .correlationMissing(with: other),
        among: liveAfter)
    case .liveSector(let name): return obstacle(code, .sectorCap(name), among: liveAfter)
    case .liveSymbol(let name): return obstacle(code, .symbolCap(name), among: liveAfter)
    case .liveExchange(let name): return obstacle(code, .exchangeCap(name), among: liveAfter)
    case .liveCount:
      return node(
        "As many as may share its strategy, venue, broker or cluster are live.",
        "같은 전략·거래소·브로커·군집에 허용된 수만큼 이미 실거래 중입니다.")
    case .volatilityUnknown:
      return node(
        "A loss is limited, and how much its returns vary is not known.",
        "손실 한도가 있으나 이 전략의 변동성을 알 수 없습니다.")
    case .approval: return node("A person has to let it go live.", "실거래에는 사람의 승인이 필요합니다.")
    case .liveForbidden:
      return node(
        "Nothing in this world may trade money.", "이 월드에서는 실거래가 허용되지 않습니다.")
    case .mode:
      return node(
        "The mode of the world lets nobody move.", "월드의 상태 때문에 아무도 단계를 옮기지 않습니다.")
    }
  }

  // MARK: - The weight

  private var weight: DerivationNode? {
    guard let allocation = plan.allocations.first(where: { $0.instance == row.instance }) else {
      return nil
    }
    let slot = SlotWeights(policy)[row.side]
    let binding = plan.risk.lines.filter { line in
      line.limit.map { !(line.observed <= $0 + Roster.tolerance) } ?? false
    }
    let (weight, base) = (figure(allocation.weight), figure(slot))
    return DerivationNode(
      "weight", "It trades with \(weight) of equity; a place is worth \(base).",
      korean: "자기자본의 \(to(weight)) 거래합니다. 한 자리의 기본 비중은 \(base)입니다.",
      value: allocation.weight, limit: slot,
      children: binding.map { line in
        let (observed, most) = (figure(line.observed), figure(line.limit ?? .nan))
        let after = figure(line.after)
        return DerivationNode(
          "risk", "\(line.name) would be \(observed), above \(most); scaled it is \(after).",
          korean: "\(subject(line.name)) \(to(observed)) 한도 \(object(most)) 넘어 \(to(after)) 줄입니다.",
          value: line.observed, limit: line.limit, outcome: .fail)
      })
  }
}
