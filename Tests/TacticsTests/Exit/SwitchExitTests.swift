import Tactics
import Testing

@Suite("Leaving one symbol for another")
struct SwitchExitTests {
  private func symbols(_ scores: KeyValuePairs<String, Double>) -> [ScoredSymbol] {
    scores.map { ScoredSymbol(symbol: $0.key, score: $0.value) }
  }

  @Test("the worst position makes room for the best symbol that is not held, where that pays")
  func pays() {
    let held = symbols(["BTC": 0.002, "ETH": 0.0005, "XRP": .nan])
    func turn(_ candidates: KeyValuePairs<String, Double>) -> SwitchExit.Switch? {
      SwitchExit.judge(
        held: held, candidates: symbols(candidates), feeRate: 0.0006,
        under: Profiles.shipped.exit.switching)
    }
    let found = turn(["SOL": 0.003, "ADA": 0.003, "BTC": 0.01, "BNB": .nan])
    #expect(found?.reason == "SWITCH_TO_ADA")
    #expect(found?.from == "ETH")
    // Margin and two fees make 0.0015.
    #expect(turn(["SOL": 0.0019]) == nil)
    #expect(turn(["SOL": 0.0021]) != nil)
    #expect(turn(["BTC": 0.01]) == nil)
    #expect(turn([:]) == nil)
  }

  @Test("symbols are ranked by score, then by name, without those that nothing is known of")
  func ranks() {
    let ranked = ScoredSymbol.ranked(symbols(["C": 1, "B": 2, "A": 1, "D": .nan]))
    #expect(ranked.map(\.symbol) == ["B", "A", "C"])
  }
}
