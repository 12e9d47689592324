package import Essentials

/// What each feature of a market adds to the expected log return of the next step, as
/// `causal_weights.json` holds it: one flat object, and through when it was fitted.
package struct CausalWeights: FittedDocument, Hashable, Sendable {
  /// A feature, such as `ofi`, with the log return of a step per unit of it.
  package struct Weight: Hashable, Sendable {
    package var feature: String
    package var value: Double

    package init(feature: String, value: Double) {
      self.feature = feature
      self.value = value
    }
  }

  /// By feature in ascending order, none twice.
  package let weights: [Weight]
  package var fittedThrough: Timestamp?

  /// Sorts the weights; of two for one feature the first counts.
  package init(_ weights: [Weight]) {
    var seen: Set<String> = []
    self.weights = weights.filter { seen.insert($0.feature).inserted }
      .sorted { $0.feature < $1.feature }
  }

  /// Returns the expected log return of the next step from the features in the order of ``weights``;
  /// nil where one of them is unknown, because a sum without it would be about another market.
  package func expectedLogReturn(_ feature: (String) -> Double?) -> Double? {
    guard !weights.isEmpty else { return nil }
    var sum = 0.0
    for weight in weights {
      guard let value = feature(weight.feature), value.isFinite else { return nil }
      sum += weight.value * value
    }
    return sum
  }

  /// Returns the drift of a year that ``expectedLogReturn(_:)`` says for steps of `seconds`.
  package func annualDrift(stepSeconds seconds: Double, _ feature: (String) -> Double?) -> Double? {
    expectedLogReturn(feature).map { Annual.drift(perStep: $0, of: seconds) }
  }

  package init(reading reader: inout DocumentReader) {
    var weights: [Weight] = []
    let fittedThrough = Self.fittedThrough(&reader)
    for name in reader.names where name != Self.fittedThroughName {
      let value = reader.requiredNumber(name)
      weights.append(Weight(feature: name, value: value))
    }
    if weights.isEmpty {
      reader.noteContradiction(
        "feature", "is missing", remedy: "Write a number for each feature, or no file.")
    }
    self.init(weights)
    self.fittedThrough = fittedThrough
  }

  package var json: JSONValue {
    .object(
      weights.map { JSONValue.Member($0.feature, .number($0.value)) } + fittedThroughMember)
  }
}
