import Testing

@testable import Research

@Suite("Shrink targets")
struct ShrinkTargetTests {
  @Test(
    "a step leaves what the seed documents say",
    arguments: [
      (72, [61, 50, 39, 28]), (61, [51, 42, 33, 24]), (42, [35, 29, 23, 16]),
      (23, [19, 16, 12, 9]), (60, [51, 42, 33, 24]), (51, [43, 35, 28, 20]),
      (35, [29, 24, 19, 14]), (19, [16, 13, 10, 7]), (5, [4, 3, 2, 2]), (2, [1, 1, 1, 1]),
      (1, [1, 1, 1, 1]), (0, [0, 0, 0, 0]),
    ])
  func targets(_ count: Int, _ expected: [Int]) {
    #expect([0.85, 0.7, 0.55, 0.4].map { ShrinkTarget.target(count, $0) } == expected)
  }

  @Test("a factor that would leave everything still takes one away")
  func always() {
    #expect(ShrinkTarget.target(10, 0.999) == 9)
    #expect(ShrinkTarget.target(10, 1) == 9)
  }
}
