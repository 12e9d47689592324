package import Essentials

extension HawkesParameters: FittedRecord {
  package static var model: String { "hawkes" }

  package init?(reading reader: inout DocumentReader) {
    let read = HawkesParameters(
      baseline: PerSide(
        up: reader.requiredNumber("baseline_up"), down: reader.requiredNumber("baseline_down")),
      selfExcitation: reader.requiredNumber("self_excitation"),
      crossExcitation: reader.requiredNumber("cross_excitation"),
      decay: reader.requiredNumber("decay"))
    guard let read else {
      reader.noteContradiction(
        "decay", "and the other members make no Hawkes process that comes to rest",
        remedy: "Give baselines above 0 and excitations that are less than the decay together.")
      return nil
    }
    self = read
  }

  /// Rates and excitations in events per second, the decay per second.
  package var members: [JSONValue.Member] {
    [
      JSONValue.Member("baseline_up", .number(baseline.up)),
      JSONValue.Member("baseline_down", .number(baseline.down)),
      JSONValue.Member("self_excitation", .number(selfExcitation)),
      JSONValue.Member("cross_excitation", .number(crossExcitation)),
      JSONValue.Member("decay", .number(decay)),
    ]
  }
}
