import Essentials
import Testing

@testable import Backtesting

@Suite("Simulation settings")
struct SimulationSettingsTests {
  static let brainExample: JSONValue = [
    "instrumentType": "EQUITY", "region": "USA", "universe": "TOP3000", "delay": 1, "decay": 15,
    "neutralization": "SUBINDUSTRY", "truncation": .number(0.08), "maxTrade": "ON",
    "pasteurization": "ON", "testPeriod": "P1Y6M", "unitHandling": "VERIFY",
    "nanHandling": "OFF", "language": "FASTEXPR", "visualization": .bool(false),
    "startDate": .null,
  ]

  @Test("the settings of a BRAIN request are read as they are")
  func readsBrain() throws {
    let settings = try SimulationSettings(json: Self.brainExample)
    #expect(settings.universe == "TOP3000")
    #expect(settings.decay == 15)
    #expect(settings.neutralization == .subindustry)
    #expect(settings.truncation == 0.08)
    #expect(settings.maxTrade == .on)
    #expect(settings.testPeriod == CalendarPeriod(years: 1, months: 6))
    #expect(settings.startDate == nil)
  }

  @Test("what is written reads back to the same settings and fingerprint")
  func readsBackItself() throws {
    var settings = try SimulationSettings(json: Self.brainExample)
    settings.costRate = 0.0005
    settings.bookSize = 1e7 / 3
    settings.startDate = CalendarDate(year: 2012, month: 2, day: 29)
    settings.stepOrder = .decayWeights
    let copy = try SimulationSettings(json: settings.json)
    #expect(copy == settings)
    #expect(copy.fingerprint == settings.fingerprint)
    #expect(copy.fingerprint != SimulationSettings().fingerprint)
    let names: [String] = {
      if case .object(let members) = settings.json { members.map(\.name) } else { [] }
    }()
    #expect(names == SimulationSettings.names)
  }

  @Test(
    "a value that is not allowed is refused with what is",
    arguments: [
      ("decay", "600", "0 to 512"), ("decay", "1.5", "whole number"), ("decay", "-1", "0 to 512"),
      ("delay", "3", "0 to 1"), ("truncation", "2", "from 0 to 1"),
      ("truncation", "nan", "from 0 to 1"), ("truncation", "", "from 0 to 1"),
      ("neutralization", "CROWDING", "NONE or MARKET"), ("pasteurization", "true", "ON or OFF"),
      ("testPeriod", "1Y", "P1Y6M"), ("bookSize", "0", "above 0"), ("costRate", "1", "below 1"),
      ("startDate", "2018-02-30", "2018-01-20"), ("unitHandling", "IGNORE", "VERIFY"),
      ("language", "PYTHON", "FASTEXPR"), ("visualization", "yes", "true or false"),
      ("stepOrder", "SCALE_FIRST", "NEUTRALIZE_LAST"), ("universe", "", "a name"),
      ("maxTrade", "on", "ON or OFF"),
    ])
  func refusesValues(_ name: String, _ text: String, _ hint: String) {
    let refusal = #expect(throws: SimulationRefusal.self) {
      try SimulationSettings([(name: name, text: text)])
    }
    #expect(refusal?.key == "setting_not_allowed")
    #expect(refusal?.outcome == .badConfiguration)
    #expect(refusal?.remedy.contains(hint) == true, "\(refusal?.description ?? "")")
    #expect(refusal?.explanation.contains(name) == true)
  }

  @Test("a mistyped name is refused with the nearest one")
  func refusesNames() {
    let refusal = #expect(throws: SimulationRefusal.self) {
      try SimulationSettings([(name: "neutralisation", text: "MARKET")])
    }
    #expect(refusal == .unknownSetting(name: "neutralisation", nearest: "neutralization"))
    #expect(refusal?.remedy == "Did you mean neutralization?")
    #expect(throws: SimulationRefusal.self) { try SimulationSettings(json: .integer(1)) }
  }

  @Test("settings assigned in code are checked as well")
  func validates() throws {
    try SimulationSettings().validate()
    var settings = SimulationSettings()
    settings.decay = 513
    #expect(throws: SimulationRefusal.self) { try settings.validate() }
    settings.decay = 0
    settings.bookSize = .nan
    // A missing number is written as null, which must not read as a default.
    #expect(throws: SimulationRefusal.self) { try settings.validate() }
  }
}
