import Tactics
import Testing

@Suite("Regimes of settings")
struct TacticalRegimeTests {
  @Test(
    "a regime is looked up by its suffixes, nearest first",
    arguments: [
      ("volatile", ["VOLATILE", "RANDOM"]), ("random_walk", ["VOLATILE", "RANDOM"]),
      ("mean_revert", ["MEAN_REVERT", "CHOP"]), ("reverting", ["MEAN_REVERT", "CHOP"]),
      ("bear", ["BEAR", "TREND"]), ("bull", ["BULL", "TREND"]), ("uptrend", ["BULL", "TREND"]),
      ("sideways", ["CHOP"]), ("", ["CHOP"]),
    ])
  func suffixes(label: String, expected: [String]) {
    let regime = TacticalRegime(label: label)
    #expect(regime.suffixes.map(\.rawValue) == expected)
    // The table finds what the suffixes say, in their order, and then the base.
    var table = RegimeTable(1)
    #expect(table.value(in: regime) == 1)
    for (index, suffix) in regime.suffixes.enumerated().reversed() {
      table[suffix] = Double(10 + index)
      #expect(table.value(in: regime) == Double(10 + index))
    }
  }
}
