import Testing

@testable import Research

@Suite("Lane splits")
struct LaneSplitTests {
  struct Case: Sendable {
    let target: Int
    let exploit: Int
    let explore: Int
    let expected: [Int]

    init(_ target: Int, _ exploit: Int, _ explore: Int, _ expected: [Int]) {
      (self.target, self.exploit, self.explore) = (target, exploit, explore)
      self.expected = expected
    }
  }

  static let cases = [
    Case(61, 60, 12, [49, 12]), Case(42, 49, 12, [30, 12]), Case(23, 30, 12, [16, 7]),
    Case(9, 16, 7, [6, 3]), Case(51, 48, 12, [39, 12]), Case(35, 39, 12, [25, 10]),
    Case(19, 25, 10, [13, 6]), Case(2, 5, 5, [1, 1]), Case(3, 5, 0, [3, 0]),
    Case(3, 0, 5, [0, 3]), Case(5, 2, 10, [2, 3]), Case(4, 4, 1, [3, 1]), Case(5, 10, 10, [3, 2]),
    Case(10, 3, 3, [3, 3]),
  ]

  @Test("the lanes get what the seed documents give them", arguments: cases)
  func documented(_ given: Case) throws {
    let split = try #require(
      LaneSplit(
        target: given.target, exploit: given.exploit, explore: given.explore, share: 0.3, floor: 1))
    #expect([split.exploit, split.explore] == given.expected)
    let documented = LaneSplit(
      documentedTarget: given.target, exploit: given.exploit, explore: given.explore, share: 0.3,
      floor: 1)
    #expect(documented == split)
  }

  @Test("a target of one that the documents give to exploiting is infeasible under a minimum")
  func infeasible() {
    let documented = LaneSplit(
      documentedTarget: 1, exploit: 5, explore: 5, share: 0.3, floor: 1)
    #expect([documented.exploit, documented.explore] == [1, 0])
    #expect(LaneSplit(target: 1, exploit: 5, explore: 5, share: 0.3, floor: 1) == nil)
    #expect(LaneSplit(target: 1, exploit: 5, explore: 5, share: 0.3, floor: 0) == documented)
    #expect(LaneSplit(target: 1, exploit: 5, explore: 0, share: 0.3, floor: 1)?.exploit == 1)
    #expect(LaneSplit(target: 2, exploit: 5, explore: 5, share: 0.3, floor: 3) == nil)
  }
}
