import Tactics
import Testing

@testable import Backtesting

@Suite("Words of the replay page")
struct ReplayWordsTests {
  @Test("every gate that can refuse an entry has words in both languages")
  func gates() {
    for gate in EntryGate.allCases {
      #expect(isSaid(ReplayWords.gate(gate.rawValue)), "\(gate.rawValue)")
    }
  }

  @Test("every exit has words in both languages, also in each mode and where it turns")
  func exits() {
    for key in ExitKind.allCases.map(\.rawValue) + ExternalClose.allCases.map(\.rawValue) {
      #expect(isSaid(ReplayWords.exit(key)), "\(key)")
    }
    for mode in ExitMode.allCases {
      #expect(isSaid(ReplayWords.exit("event_mc_exit_\(mode.rawValue)")))
    }
    #expect(
      ReplayWords.exit("hold_vs_exit_flip")?.english
        == "Leaving is worth more than holding, and turns")
    #expect(ReplayWords.exit("nobody_knows") == nil && ReplayWords.gate("nobody_knows") == nil)
  }

  private func isSaid(_ words: BilingualText?) -> Bool {
    guard let words else { return false }
    return !words.english.isEmpty
      && words.korean.unicodeScalars.contains { ("\u{AC00}"..."\u{D7A3}").contains($0) }
  }
}
