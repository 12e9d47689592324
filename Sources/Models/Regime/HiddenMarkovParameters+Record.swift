package import Essentials

extension HiddenMarkovParameters: FittedRecord {
  package static var model: String { "hmm" }

  package init?(reading reader: inout DocumentReader) {
    let states = reader.requiredWhole("states", in: 2...3)
    let means = reader.requiredNumbers("means", count: states)
    let variances = reader.requiredNumbers("variances", count: states)
    let transitions = reader.requiredNumbers("transitions", count: states * states)
    let initial = reader.requiredNumbers("initial", count: states)
    guard let means, let variances, let transitions, let initial else { return nil }
    guard
      let read = HiddenMarkovParameters(
        means: means, variances: variances, transitions: transitions, initial: initial)
    else {
      reader.noteContradiction(
        "transitions", "and the other members make no hidden Markov chain",
        remedy:
          "Give variances above 0, and probabilities of each row and at the start that sum to 1.")
      return nil
    }
    self = read
  }

  /// Means and variances of the log return of one step, by state.
  package var members: [JSONValue.Member] {
    [
      JSONValue.Member("states", .integer(count)), JSONValue.Member("means", .numbers(means)),
      JSONValue.Member("variances", .numbers(variances)),
      JSONValue.Member("transitions", .numbers(transitions)),
      JSONValue.Member("initial", .numbers(initial)),
    ]
  }
}
