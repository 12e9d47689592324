import Essentials
import Testing

@testable import Research

@Suite("Allowed settings")
struct AllowedSettingsTests {
  private static let options = """
    {"date": "20260211", "allowed": {"language": ["FASTEXPR"]}, "raw": {"actions": {"POST":
      {"settings": {"children": {
        "instrumentType": {"type": "choice", "choices": [{"value": "EQUITY", "label": "Equity"}]},
        "region": {"choices": {"instrumentType": {"EQUITY": [{"value": "USA"}, {"value": "EUR"}]}}},
        "universe": {"choices": {"instrumentType": {"EQUITY": {"region": {
          "USA": [{"value": "TOP3000"}, {"value": "TOP1000"}],
          "EUR": [{"value": "TOP1200"}, {"value": "TOP1000"}]}}}}},
        "delay": {"choices": {"instrumentType": {"EQUITY": {"region": {
          "USA": [{"value": 0}, {"value": 1}], "EUR": [{"value": 1}]}}}}}
      }}}}}}
    """

  @Test("universes of one region never mix with those of another")
  func dependent() throws {
    let settings = try AllowedSettings(optionsText: Self.options, path: "o.json")
    #expect(settings.snapshotDate == "20260211")
    var target = SimulationTarget()
    #expect(settings.allowed(in: target)["universe"] == .strings(["TOP3000", "TOP1000"]))
    #expect(settings.allowed(in: target)["delay"] == .strings(["0", "1"]))
    target.region = "EUR"
    #expect(settings.allowed(in: target)["universe"] == .strings(["TOP1200", "TOP1000"]))
    #expect(settings.allowed(in: target)["delay"] == .strings(["1"]))
    #expect(settings.allowed(in: target)["language"] == .strings(["FASTEXPR"]))
  }

  @Test("K1: the flat lists hold every value once")
  func flat() throws {
    let settings = try AllowedSettings(optionsText: Self.options, path: "o.json")
    let allowed = settings.json["allowed"]
    #expect(allowed?["region"] == .strings(["USA", "EUR"]))
    #expect(allowed?["universe"] == .strings(["TOP3000", "TOP1000", "TOP1200"]))
    #expect(allowed?["delay"] == .strings(["0", "1"]))
  }

  @Test("settings survive their document")
  func document() throws {
    for settings in [
      AllowedSettings.local, try AllowedSettings(optionsText: Self.options, path: "o.json"),
    ] {
      #expect(
        try AllowedSettings(text: settings.json.indentedText, document: "s") == settings)
    }
  }

  @Test("what offers no choices is refused", arguments: ["{", "{}", "[]", #"{"raw": {}}"#])
  func refused(_ text: String) {
    let failure = #expect(throws: DocumentFailure.self) {
      try AllowedSettings(optionsText: text, path: "o.json")
    }
    #expect(failure?.description.contains("sync-options") == true)
  }
}
