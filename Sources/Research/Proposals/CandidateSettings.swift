package import Backtesting
package import Essentials

/// The settings that a candidate asks a simulation for: BRAIN's fourteen, with its names.
package struct CandidateSettings: Hashable, Sendable, ReadableDocument {
  package var instrumentType = "EQUITY"
  package var region = "USA"
  package var universe = "TOP3000"
  package var delay = 1
  package var decay = 15
  package var neutralization = "SUBINDUSTRY"
  package var truncation = 0.08
  package var maxTrade = SimulationSettings.Toggle.on
  package var pasteurization = SimulationSettings.Toggle.on
  package var testPeriod = "P1Y6M"
  package var unitHandling = "VERIFY"
  package var nanHandling = SimulationSettings.Toggle.off
  package var language = "FASTEXPR"
  package var visualization = false

  package init() {}

  package init(reading reader: inout DocumentReader) {
    instrumentType = reader.text("instrumentType") ?? instrumentType
    region = reader.text("region") ?? region
    universe = reader.text("universe") ?? universe
    delay = reader.whole("delay", in: 0...1) ?? delay
    decay = reader.whole("decay", in: 0...SimulationSettings.decayLimit) ?? decay
    neutralization = reader.text("neutralization") ?? neutralization
    truncation = reader.number("truncation", in: 0...1) ?? truncation
    maxTrade = reader.word("maxTrade") ?? maxTrade
    pasteurization = reader.word("pasteurization") ?? pasteurization
    testPeriod = reader.text("testPeriod") ?? testPeriod
    unitHandling = reader.text("unitHandling") ?? unitHandling
    nanHandling = reader.word("nanHandling") ?? nanHandling
    language = reader.text("language") ?? language
    visualization = reader.flag("visualization") ?? visualization
  }

  package var json: JSONValue {
    [
      "instrumentType": .string(instrumentType), "region": .string(region),
      "universe": .string(universe), "delay": .integer(delay), "decay": .integer(decay),
      "neutralization": .string(neutralization), "truncation": .number(truncation),
      "maxTrade": .string(maxTrade.rawValue), "pasteurization": .string(pasteurization.rawValue),
      "testPeriod": .string(testPeriod), "unitHandling": .string(unitHandling),
      "nanHandling": .string(nanHandling.rawValue), "language": .string(language),
      "visualization": .bool(visualization),
    ]
  }
}
