import Essentials
import Testing

@testable import Research

@Suite("Budget race")
struct BudgetRaceTests {
  @Test("64 threads with dying callers and a dying process overspend nothing", arguments: [1, 2])
  func race(seed: UInt64) throws {
    var race = BudgetRace(configuration: BudgetRace.budget, prices: BudgetRace.prices)
    race.attempts = 2_000
    race.deaths = 3
    race.seed = seed
    let outcome = try race.run()
    #expect(outcome.violations.isEmpty)
    #expect(outcome.holds)
    #expect(outcome.attempted == 2_000)
    #expect(outcome.counts.granted + outcome.counts.refused == 2_000)
    #expect(outcome.counts.refused > 0 && outcome.counts.presumed > 0)
    #expect(outcome.fullest > 80)
    #expect(outcome.state.open.isEmpty)
  }
}
