package import Essentials

/// The market that an idea is meant for, in the words of BRAIN.
package struct SimulationTarget: Hashable, Sendable, ReadableDocument {
  package var instrumentType = "EQUITY"
  package var region = "USA"
  package var universe = "TOP3000"
  /// Rows between the last data a formula sees and the row whose return it earns.
  package var delay = 1

  package init() {}

  package init(reading reader: inout DocumentReader) {
    instrumentType = reader.text("instrumentType") ?? instrumentType
    region = reader.text("region") ?? region
    universe = reader.text("universe") ?? universe
    delay = reader.whole("delay", in: 0...1) ?? delay
  }

  package var json: JSONValue {
    [
      "instrumentType": .string(instrumentType), "region": .string(region),
      "universe": .string(universe), "delay": .integer(delay),
    ]
  }
}
