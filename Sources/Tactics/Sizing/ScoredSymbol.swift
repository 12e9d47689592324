/// A symbol and what it is worth: the unified score of entering it, or of going on holding it.
package struct ScoredSymbol: Hashable, Sendable {
  package var symbol: String
  package var score: Double

  package init(symbol: String, score: Double) {
    self.symbol = symbol
    self.score = score
  }

  /// Returns the symbols with a known score, the best first; of equal ones that which sorts first.
  /// The rank of an entry is its place here, from 1.
  package static func ranked(_ candidates: [ScoredSymbol]) -> [ScoredSymbol] {
    candidates.filter(\.score.isFinite).sorted {
      $0.score == $1.score ? $0.symbol < $1.symbol : $0.score > $1.score
    }
  }
}
