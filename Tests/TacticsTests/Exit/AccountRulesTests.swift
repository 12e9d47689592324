import Markets
import Tactics
import Testing

@Suite("Rules of the account")
struct AccountRulesTests {
  @Test("everything is closed at the configured loss and not before")
  func killSwitch() {
    let settings = Profiles.shipped.exit.account
    for (equity, outcome) in [
      (901.0, TacticVerdict.Outcome.pass), (900, .fail), (-5, .fail), (.nan, .notApplicable),
    ] {
      #expect(
        KillSwitch.judge(equity: equity, initialEquity: 1000, under: settings).outcome == outcome)
    }
    #expect(!KillSwitch.alerts(lossesInARow: 2, under: settings))
    #expect(KillSwitch.alerts(lossesInARow: 3, under: settings))
  }

  @Test(
    "a position is brought back only when that is worth an order",
    arguments: [
      (1160.0, 1000.0, nil, 600.0, "rebal_exit"), (840, 1000, nil, 600, "rebal"),
      (1140, 1000, nil, 600, "idle"), (11.6, 10, nil, 600, "min_notional"),
      (1160, 1000, 599, 600, "min_interval"), (1160, 1000, 600, 29, "min_hold"),
      (1160, 0, nil, 600, "rebalance"), (.nan, 1000, nil, 600, "rebalance"),
    ] as [(Double, Double, Double?, Double, String)])
  func rebalance(actual: Double, target: Double, since: Double?, age: Double, reason: String) {
    #expect(
      Rebalance.judge(
        actual: actual, target: target, secondsSinceLast: since, ageSeconds: age,
        holdMinSeconds: 30, under: Profiles.shipped.exit.rebalance
      ).reason == reason)
  }

  private func cause(
    _ side: PositionSide = .long, managed: Bool = true, source: String = "desk",
    safety: Bool = false, misses: Int = 0, mark: Double = 100, liquidation: Double = 90,
    _ settings: ExitSettings.External = Profiles.shipped.exit.external
  ) -> ExternalClose {
    ExternalClose(
      of: ExternalClose.Evidence(
        side: side, isManaged: managed, source: source, isInSafetyMode: safety,
        missCount: misses, markPrice: mark, liquidationPrice: liquidation), under: settings)
  }

  @Test("a position that vanished is classified by evidence, for both sides")
  func externalClose() {
    #expect(cause() == .manualCleanup)
    #expect(cause(managed: false) == .externalSync)
    #expect(cause(source: "exchange_sync_boot") == .externalSync)
    #expect(cause(safety: true) == .riskForced)
    #expect(cause(mark: 90.27) == .riskForced)
    #expect(cause(mark: 90.28) == .manualCleanup)
    #expect(cause(mark: 80) == .riskForced)
    #expect(cause(.short, mark: 100, liquidation: 110) == .manualCleanup)
    #expect(cause(.short, mark: 109.7, liquidation: 110) == .riskForced)
    #expect(cause(mark: .nan) == .manualCleanup)
    // The count of misses forces nothing by default, for it always grows before a confirmation.
    #expect(cause(misses: 2) == .manualCleanup)
    #expect(cause(misses: 1, Profiles.seed.exit.external) == .riskForced)
    #expect(cause(misses: 0, Profiles.seed.exit.external) == .manualCleanup)
  }

  @Test("a position counts as closed when it was missed often enough and is old enough")
  func confirmed() {
    let settings = Profiles.shipped.exit.external
    #expect(ExternalClose.isConfirmed(missCount: 3, ageSeconds: 30, under: settings))
    #expect(!ExternalClose.isConfirmed(missCount: 2, ageSeconds: 30, under: settings))
    #expect(!ExternalClose.isConfirmed(missCount: 3, ageSeconds: 29, under: settings))
    #expect(!ExternalClose.isEmptyListBelieved(seen: 1, under: settings))
    #expect(ExternalClose.isEmptyListBelieved(seen: 2, under: settings))
  }

  @Test("alignment counts what checks foresaw, and says how few refusals it rests on")
  func alignment() {
    var alignment = EventAlignment()
    #expect(alignment.alignedShare == nil)
    for (wasSafe, reason) in [
      (true, "unified_cash"), (true, "event_mc_exit_shock"), (false, "event_exit: x"),
      (nil, "unified_flip"), (true, "unified_flip"),
    ] as [(Bool?, String)] {
      alignment.observe(precheckWasSafe: wasSafe, exitReason: reason)
    }
    #expect(alignment.count == 4)
    #expect(alignment.alignedShare == 0.75)
    #expect(alignment.refusedToEventShare == 1)
    #expect(alignment.safeToOtherShare == 2.0 / 3)
    #expect(alignment.checkedRefusals == 1)
    alignment.anchor()
    alignment.observe(precheckWasSafe: true, exitReason: "unified_cash")
    #expect(alignment.sinceAnchor == 1)
    #expect(alignment.alignedSinceAnchor == 1)
    for _ in 0..<600 { alignment.observe(precheckWasSafe: false, exitReason: "mc_exit:tp") }
    #expect(alignment.count == 500)
    #expect(alignment.checkedRefusals == 500)
  }
}
