import Tactics
import Testing

@Suite("Respect for good entries")
struct RespectEntryTests {
  private func holds(
    quality: Double = 0.75, signal: Double = 0.72, mode: ExitMode = .normal, shock: Double = 0,
    alignment: Double = 0, reverse: Double = 0, progress: Double = 0.50
  ) -> Bool {
    RespectEntry.judge(
      quality: quality, signal: signal, mode: mode, shock: shock, alignment: alignment,
      reverseEdge: reverse, progress: progress, under: Profiles.shipped.exit.respect
    ).outcome == .pass
  }

  @Test("a good entry is left alone until one condition speaks against it")
  func conditions() {
    #expect(holds())
    #expect(!holds(progress: 0.65))
    #expect(!holds(reverse: 0.0010))
    #expect(!holds(alignment: -0.0010))
    #expect(!holds(mode: .shock))
    #expect(!holds(shock: 1))
    #expect(!holds(quality: 0.71))
    #expect(!holds(signal: 0.69))
    #expect(!holds(quality: .nan))
    #expect(holds(reverse: .nan))
  }
}
