package import Essentials
import Mathematics

/// Learned weights of the levels of a book as `mlofi_weights.json` holds them.
package struct OrderFlowWeightsDocument: FittedDocument, Hashable, Sendable {
  /// One for each level from the best price.
  package var weights: [Double]
  package var fittedThrough: Timestamp?

  package init(weights: [Double]) {
    self.weights = weights
  }

  package init(reading reader: inout DocumentReader) {
    weights =
      reader.list("weights", of: "numbers") { value in
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
      } ?? []
    reader.requireMember("weights")
    fittedThrough = Self.fittedThrough(&reader)
    if weights.count > Self.levelsMax {
      reader.noteContradiction(
        "weights", "are \(weights.count)", remedy: "Give at most \(Self.levelsMax).")
      weights = []
    }
    if !weights.isEmpty, OrderFlowWeights(learned: weights) == nil {
      reader.noteContradiction(
        "weights", "are zero", remedy: "Give at least one that is not, or no file.")
    }
  }

  /// Deeper books are not recorded by any venue that is known here.
  private static let levelsMax = 1000

  package var json: JSONValue {
    .object([.init("weights", .numbers(weights))] + fittedThroughMember)
  }
}
