import Essentials
import Testing

@testable import Tactics

@Suite("Confirmations of exits")
struct ExitConfirmationsTests {
  private func counts(_ general: ExitSettings.General, _ calls: [(Double, Bool)]) -> [Int] {
    var confirmations = ExitConfirmations()
    return calls.map { second, isTriggered in
      confirmations.observe(
        .cash, isTriggered: isTriggered,
        at: Timestamp(millisecondsSinceEpoch: Int64(second * 1000)), reset: .seconds(180),
        under: general)
    }
  }

  @Test("a call that comes too late begins anew, and no call forgets all")
  func reset() {
    for settings in [Profiles.seed.exit.general, Profiles.shipped.exit.general] {
      #expect(counts(settings, [(0, true), (100, true), (300, true)]) == [1, 2, 1])
      #expect(
        counts(settings, [(0, true), (10, true), (20, false), (30, true)]) == [1, 2, 0, 1])
    }
  }

  @Test("n confirmations take n - 1 steps of time, however fast decisions are made")
  func time() {
    let fast = (0...20).map { (Double($0), true) }
    #expect(counts(Profiles.shipped.exit.general, fast).last == 5)
    #expect(counts(Profiles.seed.exit.general, fast).last == 21)
  }

  @Test("a clock that runs backwards begins anew")
  func backwards() {
    #expect(counts(Profiles.shipped.exit.general, [(100, true), (50, true)]) == [1, 1])
  }

  @Test("exits are counted apart")
  func apart() {
    var confirmations = ExitConfirmations()
    let general = Profiles.seed.exit.general
    for kind in [ExitKind.cash, .flip, .cash] {
      _ = confirmations.observe(
        kind, isTriggered: true, at: .seconds(0), reset: .zero, under: general)
    }
    #expect(confirmations.counts[ExitKind.cash.index].count == 2)
    #expect(confirmations.counts[ExitKind.flip.index].count == 1)
  }

  @Test("outside a shock the least count holds")
  func required() {
    let settings = Profiles.shipped.exit.drawdown.confirmation
    #expect(ExitMode.allCases.map(settings.required(in:)) == [1, 3, 3])
    #expect(ExitMode.allCases.map(Profiles.shipped.exit.hold.confirmation.required) == [1, 2, 3])
  }
}
