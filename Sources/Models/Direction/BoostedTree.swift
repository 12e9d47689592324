/// One decision tree of a LightGBM model.
struct BoostedTree: Hashable, Sendable {
  /// What becomes of values that are not there.
  enum Missing: Int, Hashable, Sendable {
    /// A missing number counts as zero.
    case counted = 0
    /// Zeros and missing numbers go the default way.
    case zero = 1
    /// Missing numbers go the default way.
    case notANumber = 2
  }

  enum Test: Hashable, Sendable {
    /// Left for values up to the threshold.
    case threshold(Double, missing: Missing, defaultsLeft: Bool)
    /// Left for the whole numbers whose bits are set in the words of ``sets``.
    case categories(Range<Int>)
  }

  struct Node: Hashable, Sendable {
    let feature: Int
    let test: Test
    /// The next node, above this one, or the complement of a leaf's place.
    let left: Int
    let right: Int
  }

  /// Empty for a tree that is one leaf.
  let nodes: [Node]
  let leaves: [Double]
  /// The sets of categories, one after the other. Nodes hold ranges of it and so no memory of their
  /// own, which is what makes walking them fast.
  var sets: [UInt32] = []

  /// LightGBM takes 1e-35 in single precision for the width of zero.
  private static let zeroWidth = Double(1e-35 as Float)

  /// The value of the leaf that the features lead to.
  func value(_ features: [Double]) -> Double {
    var place = nodes.isEmpty ? ~0 : 0
    while place >= 0 {
      let node = nodes[place]
      place = goesLeft(features[node.feature], by: node.test) ? node.left : node.right
    }
    return leaves[~place]
  }

  private func goesLeft(_ value: Double, by test: Test) -> Bool {
    switch test {
    case .threshold(let threshold, let missing, let defaultsLeft):
      switch missing {
      case .counted: return (value.isNaN ? 0 : value) <= threshold
      case .zero:
        let number = value.isNaN ? 0 : value
        return number.magnitude <= Self.zeroWidth ? defaultsLeft : number <= threshold
      case .notANumber: return value.isNaN ? defaultsLeft : value <= threshold
      }
    case .categories(let words):
      guard value > -1, value < Double(32 * words.count) else { return false }
      let category = Int(value)
      return sets[words.lowerBound + category / 32] >> UInt32(category % 32) & 1 == 1
    }
  }
}
