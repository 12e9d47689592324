/// How much of a formula was not there before.
package struct NoveltyMeasure: Hashable, Sendable {
  package let newPairs: Int
  package let pairs: Int
  package let newShingles: Int
  package let shingles: Int

  /// The mean of the two shares, in [0, 1]: 0 for a formula all of whose parts are known, 1 for one
  /// that shares nothing with what is known. A formula that reads no field has no pairs, and is
  /// measured by its shingles alone.
  package var value: Double {
    let shape = Self.share(newShingles, of: shingles)
    return pairs == 0 ? shape : (Self.share(newPairs, of: pairs) + shape) / 2
  }

  private static func share(_ new: Int, of all: Int) -> Double {
    all == 0 ? 0 : Double(new) / Double(all)
  }
}
