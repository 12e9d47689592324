import Essentials
import Markets
import Testing

@testable import Tactics

@Suite("TimeExit")
struct TimeExitTests {
  private let opened = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)

  private func verdict(_ age: Int64, _ settings: ExitSettings) -> TacticVerdict {
    var position = HeldPosition(side: .long, openedAt: opened, entryPrice: 100, markPrice: 100)
    position.entryHoldSeconds = 600
    var memory = ExitMemory()
    return ExitReview(
      of: ExitCircumstances(now: opened + .seconds(age), position: position), memory: &memory,
      under: settings)[.time]
  }

  @Test(
    "it closes at the age that is set or the hold that was intended, the earlier, and else never")
  func ages() {
    var settings = ExitSettings()
    #expect(verdict(1_000_000, settings).outcome == .notApplicable)
    settings.time.after = .seconds(900)
    #expect(verdict(899, settings).outcome == .pass && verdict(900, settings).outcome == .fail)
    settings.time.closesAtHold = true
    #expect(verdict(599, settings).outcome == .pass && verdict(600, settings).outcome == .fail)
    #expect(verdict(600, settings).reason == "time_exit")
  }

  @Test("an exit that is switched off is not asked, and prices cannot be switched off")
  func off() throws {
    var settings = ExitSettings()
    settings.time.after = .seconds(10)
    settings.general.off = ["time_exit"]
    #expect(verdict(900, settings) == .notApplicable("switched_off"))
    for price in ["protective_stop", "exchange_liq_sl"] {
      #expect(throws: ConfigurationFailure.self) {
        try TacticsConfiguration([.commandLine(["exit.general.off=[\(price)]"])])
      }
    }
    let read = try TacticsConfiguration([
      .commandLine(["exit.general.off=time_exit;unified_cash", "exit.time.after=20m"])
    ]).settings.exit
    #expect(read.general.off == ["time_exit", "unified_cash"] && read.time.after == .minutes(20))
  }
}
