/// Whether an account has lost so much that everything is closed.
package enum KillSwitch {
  /// Fails where equity has fallen below its floor. What is not known trips nothing.
  package static func judge(
    equity: Double, initialEquity: Double, under settings: ExitSettings.Account
  ) -> TacticVerdict {
    guard equity.isFinite, initialEquity > 0, initialEquity.isFinite else {
      return .notApplicable("kill_switch")
    }
    let floor = (1 - settings.drawdownMax) * initialEquity
    return .passing(if: equity > floor, "kill_switch", [.init("equity", equity, limit: floor)])
  }

  /// Whether a person is told of losses one after the other; it closes nothing.
  package static func alerts(lossesInARow: Int, under settings: ExitSettings.Account) -> Bool {
    lossesInARow >= settings.lossStreakAlert
  }
}
