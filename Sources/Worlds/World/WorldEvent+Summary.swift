import Essentials

/// A sentence for people, in the two languages of the desk.
package struct WorldSummary: Hashable, Sendable {
  package var english: String
  package var korean: String

  package init(_ english: String, _ korean: String) {
    self.english = english
    self.korean = korean
  }
}

/// Six significant digits.
private func figure(_ value: Double) -> String { DerivationWording.number(value) }

/// A count of lots, or what is as exact: without the dust of binary fractions.
private func amount(_ value: Double) -> String { DerivationWording.number(value, digits: 12) }

/// Money, to ten thousandths.
private func price(_ value: Double) -> String {
  DerivationWording.number(value, digits: 15, decimals: 4)
}

private func to(_ word: String) -> String { KoreanParticle.direction.after(word) }

extension WorldEvent {
  /// What happened, in one sentence.
  package var summary: WorldSummary {
    switch self {
    case .created: WorldSummary("The world was created.", "월드를 만들었습니다.")
    case .policyPublished(let publication):
      WorldSummary(
        "Policy version \(publication.version) (\(publication.fingerprint.short)) came into force.",
        "정책 \(publication.version)판(\(publication.fingerprint.short))이 시행되었습니다.")
    case .stateDeclared(let state, let reason):
      WorldSummary(
        "The world was declared \(state.rawValue)\(Self.because(reason)).",
        "월드 상태를 \(to(state.korean)) 선언했습니다\(Self.korean(reason)).")
    case .instanceSubmitted(let submission):
      WorldSummary(
        "\(submission.id) was entered on the \(submission.side.rawValue) side.",
        "\(submission.id) 전략을 \(submission.side.korean) 방향으로 제출했습니다.")
    case .evaluated(let evaluation): Self.summary(of: evaluation)
    case .phaseMoved(let move):
      WorldSummary(
        "\(move.instance) went from \(move.from.rawValue) to \(move.to.rawValue)"
          + "\(Self.because(move.reason)).",
        "\(move.instance): \(move.from.korean)에서 \(to(move.to.korean)) 옮겼습니다"
          + "\(Self.korean(move.reason)).")
    case .approved(let instance, _):
      WorldSummary(
        "The promotion of \(instance) was approved.", "\(instance)의 승격을 승인했습니다.")
    case .cutover(let event): Self.summary(of: event)
    case .breaker(let event): Self.summary(of: event)
    case .observed(let observations, _): Self.summary(of: observations)
    case .gatesChanged(let ruling): Self.summary(of: ruling)
    case .denied(let denial):
      WorldSummary(
        "\(denial.command) was denied: it takes the role \(denial.needed.rawValue).",
        "\(denial.command) 명령을 거부했습니다: \(denial.needed.korean) 권한이 필요합니다.")
    case .alerted(let alert):
      WorldSummary(
        "Alert (\(alert.level.rawValue)): \(alert.occasion.rawValue). \(alert.detail)",
        "경보(\(alert.level.korean)): \(alert.occasion.korean). \(KoreanReason.detail(alert))")
    case .paperOpened(let terms):
      WorldSummary(
        "Accounts were opened with \(amount(terms.capital)) each, a fee of"
          + " \(amount(terms.feeBasisPoints)) basis points and lots of \(amount(terms.lot)).",
        "계좌를 열었습니다: 자본 \(amount(terms.capital)), 수수료 \(amount(terms.feeBasisPoints))bp,"
          + " 거래 단위 \(amount(terms.lot)).")
    case .paperOrdered(let order):
      WorldSummary(
        "The order \(order.order) waits at the \(order.account) account.",
        "\(Self.korean(account: order.account))에서 체결을 기다리는 주문: \(order.order).")
    case .paperCancelled(let order):
      WorldSummary(
        "The order \(order.order) was taken back from the \(order.account) account.",
        "\(Self.korean(account: order.account))에서 취소한 주문: \(order.order).")
    case .paperFilled(let fill):
      WorldSummary(
        "\(fill.instance) \(fill.lots < 0 ? "sold" : "bought") \(amount(fill.lots.magnitude))"
          + " \(fill.symbol) at \(price(fill.price)) on the \(fill.account) account.",
        "\(fill.instance): \(Self.korean(account: fill.account))에서 \(fill.symbol)"
          + " \(amount(fill.lots.magnitude)) \(fill.lots < 0 ? "매도" : "매수"), 체결가"
          + " \(price(fill.price)).")
    case .paperMarked(let mark):
      // The account as a whole is nobody's.
      mark.instance.isEmpty
        ? WorldSummary(
          "The \(mark.account) account closed the day at an equity of \(price(mark.equity)).",
          "\(Self.korean(account: mark.account)) 하루 마감: 평가액 \(price(mark.equity)).")
        : WorldSummary(
          "\(mark.instance) closed the day at an equity of \(price(mark.equity)) on the"
            + " \(mark.account) account.",
          "\(mark.instance): \(Self.korean(account: mark.account)) 하루 마감, 평가액"
            + " \(price(mark.equity)).")
    case .deleted(let reason):
      WorldSummary(
        "The world was deleted\(Self.because(reason)); its audit stays.",
        "월드를 삭제했습니다\(Self.korean(reason)). 감사 기록은 남습니다.")
    }
  }

  private static func because(_ reason: String) -> String {
    reason.isEmpty ? "" : " (\(reason))"
  }

  private static func korean(_ reason: String) -> String {
    reason.isEmpty ? "" : "(\(KoreanReason.text(reason)))"
  }

  /// An account is of `paper`, or `live` where it stands for money.
  private static func korean(account: String) -> String {
    switch account {
    case "paper": "가상 계좌"
    case "live": "실거래 계좌"
    default: "\(account) 계좌"
    }
  }

  private static func summary(of evaluation: WorldEvaluation) -> WorldSummary {
    let plan = evaluation.plan
    func names(_ kind: WorldPlan.Step.Kind) -> [String] {
      plan.steps.filter { $0.kind == kind }.map(\.instance)
    }
    var english = ["Cycle \(evaluation.cycle) was evaluated (\(plan.mode.rawValue))"]
    var korean = ["\(evaluation.cycle)번 사이클을 평가했습니다(\(plan.mode.korean))"]
    let parts: [(kind: WorldPlan.Step.Kind, english: String, korean: String)] = [
      (.promote, "to promote", "승격"), (.demote, "to demote", "강등"),
      (.gateClose, "gates closed", "게이트 닫음"), (.startBacktest, "backtests begun", "백테스트 시작"),
      (.startDryrun, "put on paper", "모의 운용 시작"), (.reweight, "weights changed", "비중 변경"),
    ]
    for part in parts {
      let names = names(part.kind)
      guard !names.isEmpty else { continue }
      let shown =
        names.count <= 3 ? names.joined(separator: ", ") : "\(names.count)"
      english.append("\(part.english): \(shown)")
      korean.append("\(part.korean): \(shown)")
    }
    return WorldSummary(
      english.joined(separator: "; ") + ".", korean.joined(separator: "; ") + ".")
  }

  private static func summary(of event: BreakerEvent) -> WorldSummary {
    switch event {
    case .tripped(let trip):
      WorldSummary(
        "The breaker tripped: \(trip.cause.rawValue) of \(figure(trip.observed)) reached"
          + " \(figure(trip.limit)); \(trip.action.rawValue).",
        "차단기가 작동했습니다: \(trip.cause.korean) \(figure(trip.observed)), 한도"
          + " \(figure(trip.limit)); \(trip.action.korean).")
    case .cooling(let clear):
      WorldSummary(
        "The breaker is cooling after \(clear) clear cycles.",
        "차단기가 복귀를 기다립니다: 이상 없는 사이클 \(clear)회.")
    case .armed(let reason):
      WorldSummary(
        "The breaker was armed again\(because(reason)).",
        "차단기를 초기화했습니다\(Self.korean(reason)).")
    }
  }

  private static func summary(of observations: [RiskCuts.Observation]) -> WorldSummary {
    let parts = observations.map { observation -> (english: String, korean: String) in
      switch observation {
      case .session(let equity):
        ("a session began at \(price(equity))", "세션 시작 평가액 \(price(equity))")
      case .equity(let equity): ("the equity is \(price(equity))", "평가액 \(price(equity))")
      case .order(let isRejected):
        isRejected ? ("an order was rejected", "주문 거부") : ("an order was accepted", "주문 접수")
      case .connection(let isFailed):
        isFailed ? ("a connection failed", "연결 실패") : ("a connection worked", "연결 정상")
      case .fillStream: ("the stream of fills was heard", "체결 수신")
      case .openOrders(let count): ("\(count) orders are open", "미체결 주문 \(count)건")
      }
    }
    let shown = parts.prefix(3)
    let rest = parts.count - shown.count
    return WorldSummary(
      "The judges of risk were told: " + shown.map(\.english).joined(separator: ", ")
        + (rest > 0 ? " and \(rest) more" : "") + ".",
      "위험 감시에 알렸습니다: " + shown.map(\.korean).joined(separator: ", ")
        + (rest > 0 ? " 외 \(rest)건" : "") + ".")
  }

  private static func summary(of ruling: GateRuling) -> WorldSummary {
    switch ruling.hold {
    case .freeze:
      return WorldSummary(
        "Every gate was frozen\(because(ruling.reason)).",
        "모든 게이트를 동결했습니다\(korean(ruling.reason)).")
    case .resume:
      return WorldSummary(
        "The freeze was lifted\(because(ruling.reason)).", "동결을 풀었습니다\(korean(ruling.reason)).")
    case nil: break
    }
    let shown =
      ruling.gates.count <= 3
      ? ruling.gates.map { ($0.key.instance, $0.state) } : []
    func list(_ word: (GateState) -> String) -> String {
      shown.isEmpty
        ? "\(ruling.gates.count)"
        : shown.map { "\($0.0) \(word($0.1))" }.joined(separator: ", ")
    }
    return WorldSummary(
      "Gates changed at epoch \(ruling.epoch)\(because(ruling.reason)): \(list(\.name)).",
      "게이트가 바뀌었습니다(에포크 \(ruling.epoch))\(korean(ruling.reason)): \(list(\.korean)).")
  }

  private static func summary(of event: CutoverEvent) -> WorldSummary {
    let run = event.run
    switch event.fact {
    case .planned(let demand):
      let reason = demand.plan.demand?.reason ?? ""
      return WorldSummary(
        "The cutover \(run) was planned\(because(reason)): \(demand.plan.promote.count) to"
          + " promote, \(demand.plan.demote.count) to demote.",
        "전환 \(run): 계획했습니다\(korean(reason)). 승격 \(demand.plan.promote.count), 강등"
          + " \(demand.plan.demote.count).")
    case .frozen(let epoch, _):
      return WorldSummary(
        "The cutover \(run) closed its gates at epoch \(epoch).",
        "전환 \(run): 에포크 \(epoch)에서 게이트를 닫았습니다.")
    case .acknowledged:
      return WorldSummary(
        "Every holder confirmed the closed gates of \(run), or its lease ended.",
        "전환 \(run): 모든 보유자가 닫힌 게이트를 확인했거나 유효 시간이 끝났습니다.")
    case .drained:
      return WorldSummary(
        "No order of \(run) is open any more.", "전환 \(run): 미체결 주문이 남아 있지 않습니다.")
    case .verified:
      return WorldSummary(
        "The broker was verified for \(run).", "전환 \(run): 브로커를 확인했습니다.")
    case .switched(let change):
      func moves(_ word: (StrategyPhase) -> String) -> String {
        change.phases.map { "\($0.instance) \(word($0.phase))" }.joined(separator: ", ")
      }
      return WorldSummary(
        "The cutover \(run) switched at epoch \(change.epoch):"
          + " \(moves(\.rawValue)).",
        "전환 \(run): 에포크 \(change.epoch)에서 전환했습니다: \(moves(\.korean)).")
    case .orderSent(let order):
      return WorldSummary(
        "The cutover \(run) sent an order of \(order.lots) lots of \(order.symbol).",
        "전환 \(run): \(order.symbol) \(order.lots)로트 주문을 보냈습니다.")
    case .transitioned:
      return WorldSummary(
        "Positions of \(run) are carried over.", "전환 \(run): 포지션을 옮겼습니다.")
    case .opening:
      return WorldSummary(
        "The gates of \(run) are watched before they open.",
        "전환 \(run): 게이트를 열기 전에 지켜보고 있습니다.")
    case .completed:
      return WorldSummary("The cutover \(run) was completed.", "전환 \(run): 마쳤습니다.")
    case .aborted(let end):
      return WorldSummary(
        "The cutover \(run) was given up before the switch\(because(end.reason)).",
        "전환 \(run): 전환 전에 중단했습니다\(korean(end.reason)).")
    case .rolledBack(let end):
      return WorldSummary(
        "The cutover \(run) was rolled back\(because(end.reason)).",
        "전환 \(run): 되돌렸습니다\(korean(end.reason)).")
    }
  }
}
