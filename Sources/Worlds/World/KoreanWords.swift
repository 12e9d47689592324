import Essentials

/// A word of the program that sentences in Korean name as the pages do.
protocol KoreanWord {
  /// The word, without a particle.
  var korean: String { get }
}

extension StrategyPhase: KoreanWord {
  var korean: String {
    switch self {
    case .submitted: "제출"
    case .backtest: "백테스트"
    case .dryrun: "모의 운용"
    case .live: "실거래"
    case .inactive: "비활성"
    case .failed: "실패"
    case .retired: "종료"
    }
  }
}

extension TradingSide: KoreanWord {
  var korean: String { self == .long ? "롱" : "숏" }
}

extension WorldMode: KoreanWord {
  var korean: String {
    switch self {
    case .active: "정상 운영"
    case .evalOnly: "평가 전용"
    case .halted: "거래 중단"
    case .paused: "일시 정지"
    }
  }
}

extension DeclaredState: KoreanWord {
  var korean: String {
    switch self {
    case .active: WorldMode.active.korean
    case .evalOnly: WorldMode.evalOnly.korean
    case .paused: WorldMode.paused.korean
    }
  }
}

extension GateState: KoreanWord {
  var korean: String {
    switch self {
    case .open: "열림"
    case .monitor: "관찰"
    case .reduceOnly: "축소만"
    case .closed: "닫힘"
    }
  }
}

extension WorldRole: KoreanWord {
  var korean: String {
    switch self {
    case .reader: "열람자"
    case .operator: "운영자"
    case .owner: "소유자"
    }
  }
}

extension AlertRule.Level: KoreanWord {
  var korean: String {
    switch self {
    case .info: "알림"
    case .warn: "경고"
    case .critical: "심각"
    }
  }
}

extension AlertRule.Occasion: KoreanWord {
  var korean: String {
    switch self {
    case .promoted: "승격"
    case .demoted: "강등"
    case .cutoverFailed: "전환 실패"
    case .rolledBack: "전환 되돌림"
    case .circuit: "차단기 작동"
    case .stale: "데이터 지연"
    case .future: "미래 시각 데이터"
    case .delayed: "지표 계산 지연"
    }
  }
}

extension RiskTrip.Cause: KoreanWord {
  var korean: String {
    switch self {
    case .intradayDrawdown: "장중 낙폭"
    case .dailyLoss: "일일 손실"
    case .rejectRate: "주문 거부율"
    case .connectionErrors: "연결 오류율"
    case .fillSilence: "체결 수신 중단"
    case .manual: "수동"
    }
  }
}

extension RiskRules.CutAction: KoreanWord {
  var korean: String {
    switch self {
    case .halt: "거래 중단"
    case .freeze: "게이트 동결"
    case .reduceOnly: "축소만 허용"
    case .flatten: "포지션 청산"
    }
  }
}

/// Reasons and details as the desk itself records them, in Korean. What a person wrote is told as it
/// was written.
enum KoreanReason {
  /// The words of the desk.
  private static let words = [
    "evaluation": "평가", "cutover": "전환", "breaker": "차단기", "policy": "정책",
    "declared": "상태 선언", "deleted": "삭제", "clear": "이상 없음", "replay": "과거 재생",
    "operator": "운영자", "transition": "포지션 이동", "interrupted": "전환 전에 데스크가 멈춤",
    "gates_changed": "진행 중에 관련 게이트가 변경됨",
    "switch_not_recorded": "전환을 저널에 기록하지 못함",
    "drain_timeout": "제한 시간이 지나도 미체결 주문이 남음",
    "verify_timeout": "브로커가 제시간에 응답하지 않음",
    "transition_unsound": "포지션 이동 주문이 계획과 맞지 않음",
    "stale_plan": "계획 이후 월드 상태가 바뀜", "broker_account": "브로커 계좌 확인 실패",
    "broker_permissions": "브로커 계좌에 거래 권한이 없음", "broker_balance": "잔고 부족",
    "broker_position_reconcile": "브로커와 데스크의 포지션이 다름",
    "measures came later than promised": "지표가 약속한 시간보다 늦게 계산됨",
  ]

  /// Words that are followed by a colon and what they are about.
  private static let headings = [
    "freeze_unacknowledged": "닫힌 게이트를 확인하지 않음", "anomaly": "개방 중 이상 발견",
    "breaker": "차단기 작동", "alert": "경보", "over": "경보 해제",
  ]

  static func text(_ reason: String) -> String {
    if let word = words[reason] { return word }
    if let cause = RiskTrip.Cause(rawValue: reason) { return cause.korean }
    if let occasion = AlertRule.Occasion(rawValue: reason) { return occasion.korean }
    if let (heading, about) = split(reason, at: ":"), let word = headings[heading] {
      return "\(word): \(text(about))"
    }
    return reason
  }

  /// What an alert says beside its occasion.
  static func detail(_ alert: WorldAlert) -> String {
    let detail = alert.detail
    switch alert.occasion {
    case .promoted, .demoted:
      if let (instance, phase) = split(detail, at: " is "),
        let phase = StrategyPhase(rawValue: phase)
      {
        return "\(instance) \(phase.korean)"
      }
    case .cutoverFailed, .rolledBack:
      if let (run, reason) = split(detail, at: ": ") { return "\(run): \(text(reason))" }
    case .circuit:
      if let (cause, rest) = split(detail, at: " of "),
        let cause = RiskTrip.Cause(rawValue: cause),
        let (observed, _) = split(rest, at: " in too few events")
      {
        return "\(cause.korean) \(observed), 판단하기에는 표본 부족"
      }
    case .stale, .future, .delayed:
      if let (_, since) = split(detail, at: " since ") { return "\(since)부터" }
    }
    return text(detail)
  }

  private static func split(_ text: String, at mark: String) -> (before: String, after: String)? {
    guard let range = text.firstRange(of: mark) else { return nil }
    return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
  }
}
