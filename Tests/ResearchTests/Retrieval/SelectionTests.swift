import Mathematics
import Testing

@testable import Research

@Suite("Selection")
struct SelectionTests {
  @Test(
    "lanes share what there is, and neither is empty where there are two rows or more",
    arguments: [
      (100, 72, 22, 50, 22), (72, 72, 22, 50, 22), (36, 72, 22, 25, 11), (2, 72, 22, 1, 1),
      (1, 72, 22, 1, 0), (0, 72, 22, 0, 0), (9, 72, 0, 9, 0), (3, 2, 2, 1, 1),
    ])
  func shares(_ available: Int, _ total: Int, _ explore: Int, _ left: Int, _ right: Int) {
    let shares = LaneShares(available: available, room: (total, explore))
    #expect(shares.exploit == left && shares.explore == right)
  }

  @Test("K3: values are stretched to the unit interval, equal ones to 1 where they are positive")
  func normalization() {
    #expect(Normalization.minMax([1, 3, 2]) == [0, 1, 0.5])
    #expect(Normalization.minMax([2, 2]) == [1, 1])
    #expect(Normalization.minMax([0, 0]) == [0, 0])
    #expect(Normalization.minMax([]) == [])
  }

  @Test("a draw is a permutation, the same for the same seed, and favors heavy rows")
  func draws() {
    let weights = (0..<20).map { $0 < 10 ? 0.1 : 1 }
    var firsts = 0
    for seed in 0..<200 as Range<UInt64> {
      var draw = WeightedDraw(seed: seed, idea: "i", purpose: "p")
      let order = draw.order(weights: weights)
      #expect(order.sorted() == Array(0..<20))
      var again = WeightedDraw(seed: seed, idea: "i", purpose: "p")
      #expect(again.order(weights: weights) == order)
      firsts += order.prefix(5).count { $0 >= 10 }
    }
    // Ten of eleven parts of the weight lie on the heavy half.
    #expect(firsts > 800, "\(firsts) of 1000")
  }

  @Test("near-copies of a chosen row give way to different ones")
  func variety() {
    let choice = VariedChoice(
      texts: ["close price today", "close price today again", "close price today once", "volume"])
    #expect(choice.choose(2, relevance: [1, 0.99, 0.98, 0.85]) == [0, 3])
    #expect(choice.choose(2, relevance: [1, 0.99, 0.98, 0.1]) == [0, 1])
    #expect(choice.choose(9, relevance: [1, 1, 1, 1]).sorted() == [0, 1, 2, 3])
    #expect(
      choice.choose(2, relevance: [1, 0.99, 0.98, 0.1], limit: ([0, 0, 0, 1], [1, 1])) == [0, 3])
    #expect(choice.choose(1, relevance: [1, 0, 0, 0], ahead: [2]) == [2])
  }
}
