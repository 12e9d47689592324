import Essentials
import Testing

@testable import Worlds

@Suite("Words of worlds in Korean")
struct KoreanWordsTests {
  private static func summary(of event: WorldEvent) -> String { event.summary.korean }

  private static func alert(_ occasion: AlertRule.Occasion, _ detail: String) -> WorldAlert {
    WorldAlert(occasion: occasion, level: .info, action: nil, detail: detail)
  }

  @Test("every word of the program has one of its own in Korean")
  func words() {
    let kinds: [[any KoreanWord]] = [
      StrategyPhase.allCases, TradingSide.allCases, WorldMode.allCases, DeclaredState.allCases,
      [
        GateState.closed, GateState.monitor(weight: 1), GateState.reduceOnly,
        GateState.open(weight: 1),
      ], WorldRole.allCases,
      AlertRule.Level.allCases, AlertRule.Occasion.allCases, RiskTrip.Cause.allCases,
      RiskRules.CutAction.allCases,
    ]
    for words in kinds {
      let korean = words.map(\.korean)
      #expect(Set(korean).count == korean.count, "\(korean)")
      #expect(
        korean.allSatisfy { $0.unicodeScalars.allSatisfy { $0 == " " || $0.value >= 0xAC00 } })
    }
  }

  @Test("sentences of events name phases, states, sides and roles in Korean")
  func sentences() {
    #expect(
      Self.summary(of: .stateDeclared(.evalOnly, reason: "alert:stale"))
        == "월드 상태를 평가 전용으로 선언했습니다(경보: 데이터 지연).")
    #expect(
      Self.summary(
        of: .phaseMoved(PhaseMove(instance: "a", from: .dryrun, to: .inactive, reason: "mine")))
        == "a: 모의 운용에서 비활성으로 옮겼습니다(mine).")
    #expect(
      Self.summary(of: .denied(WorldDenial(command: "freeze", role: nil, needed: .operator)))
        == "freeze 명령을 거부했습니다: 운영자 권한이 필요합니다.")
    #expect(
      Self.summary(
        of: .gatesChanged(
          GateRuling(
            epoch: 9, gates: [GateChange(GateKey("a", .long), .reduceOnly)], reason: "breaker")))
        == "게이트가 바뀌었습니다(에포크 9)(차단기): a 축소만.")
    #expect(
      Self.summary(
        of: .breaker(
          .tripped(RiskTrip(cause: .dailyLoss, observed: 0.031, limit: 0.03, action: .halt))))
        == "차단기가 작동했습니다: 일일 손실 0.031, 한도 0.03; 거래 중단.")
  }

  @Test("details that the desk records of alerts are told in Korean, those of people as they are")
  func details() {
    let cases: [(AlertRule.Occasion, String, String)] = [
      (.promoted, "a.long is live", "a.long 실거래"),
      (.demoted, "what is this", "what is this"),
      (.cutoverFailed, "w.3: drain_timeout", "w.3: 제한 시간이 지나도 미체결 주문이 남음"),
      (.rolledBack, "w.3: anomaly:daily_loss", "w.3: 개방 중 이상 발견: 일일 손실"),
      (.circuit, "daily_loss", "일일 손실"),
      (.circuit, "reject_rate of 0.5 in too few events", "주문 거부율 0.5, 판단하기에는 표본 부족"),
      (.stale, "stale since 2020-01-01", "2020-01-01부터"),
      (.delayed, "measures came later than promised", "지표가 약속한 시간보다 늦게 계산됨"),
    ]
    for (occasion, detail, korean) in cases {
      #expect(KoreanReason.detail(Self.alert(occasion, detail)) == korean)
    }
  }
}
