import Essentials
import Mathematics
import Tactics
import Testing

@Suite("Configuration")
struct TacticsConfigurationTests {
  private func file(_ text: String) -> SettingDocument {
    SettingDocument(.operatorFile, named: "desk.yml", text: text)
  }

  private func failure(_ documents: SettingDocument...) -> ConfigurationFailure? {
    do throws(ConfigurationFailure) {
      _ = try TacticsConfiguration(documents)
      return nil
    } catch {
      return error
    }
  }

  @Test("every row has names of its own, a sentence, and a default within its range")
  func table() throws {
    #expect(SettingKeys.all.count > 250)
    #expect(Set(SettingKeys.names).count == 2 * SettingKeys.all.count)
    for key in SettingKeys.all {
      #expect(key.meaning.hasSuffix("."), "\(key.path)")
    }
    // The document that says every shipped value is read back as the shipped values.
    let shipped = TacticsConfiguration()
    let again = try TacticsConfiguration([file(shipped.json.compactText)])
    #expect(again.settings == shipped.settings)
    #expect(again.fingerprint == shipped.fingerprint)
  }

  @Test("the same setting is said by path, by group and by the name of the specification")
  func forms() throws {
    let texts = [
      "entry.costs.net_min: {default: 0.0001, chop: 0.0003}",
      "entry:\n  costs:\n    net_min:\n      default: 0.0001\n      chop: 0.0003",
      "ENTRY_NET_EXPECTANCY_MIN: 0.0001\nENTRY_NET_EXPECTANCY_MIN_CHOP: 0.0003",
      #"{"entry.costs.net_min": 0.0001, "entry.costs.net_min.chop": 0.0003}"#,
    ]
    let read = try texts.map { try TacticsConfiguration([file($0)]) }
    for configuration in read {
      #expect(configuration.settings.entry.costs.netMin.value(in: .bull) == 0.0001)
      #expect(configuration.settings.entry.costs.netMin.value(in: .chop) == 0.0003)
      #expect(configuration.settings.entry.costs.netMin.value(in: .meanRevert) == 0.0003)
    }
    #expect(Set(read.map(\.fingerprint)).count == 1)
  }

  @Test("later layers hold over earlier ones, in whatever order they are given")
  func layers() throws {
    let documents = [
      SettingDocument.commandLine(["K_LEV=1500"]),
      SettingDocument(.tuned, named: "tuned.json", text: #"{"K_LEV": 1400, "TOP_N_SYMBOLS": 9}"#),
      file("K_LEV: 1300\nMAX_LEVERAGE: 7"), ShippedProfiles.seed,
    ]
    let configuration = try TacticsConfiguration(documents)
    #expect(configuration.settings.leverage.blend.expectationScale == 1500)
    #expect(configuration.settings.entry.size.rankMax == 9)
    #expect(configuration.settings.leverage.blend.regimeMax.value(in: .bull) == 7)
    #expect(configuration.settings.leverage.blend.regimeMax.value(in: .chop) == 30)

    let explanation = try #require(configuration.explain("K_LEV"))
    let value = try #require(explanation.values.first)
    #expect(value.value == .number(1500))
    #expect(value.origin == SettingOrigin(layer: .commandLine, document: "command line", line: 1))
    #expect(value.overruled.map(\.value) == [.number(1300), .number(1400)])
    #expect(value.shipped == .number(2000))
    #expect(explanation.description.contains("overruled: 1300  from desk.yml:1 (operator)"))
  }

  @Test("an explanation says meaning, unit, range and who said each regime's value")
  func explain() throws {
    let configuration = try TacticsConfiguration([file("SPREAD_PCT_MAX_CHOP: 0.001")])
    let text = try #require(configuration.explain("entry.market.spread_max")).description
    for part in [
      "SPREAD_PCT_MAX", "widest spread", "from 0 to 0.1", "of the mid",
      "in chop: 0.001  from desk.yml:1 (operator)", "shipped default: 0.0012",
      "in trend: 0.002  from shipped default",
    ] {
      #expect(text.contains(part), "\(part) is missing in:\n\(text)")
    }
    #expect(configuration.explain("SPREAD_PCT_MAX_CHOP")?.values.count == 1)
    #expect(configuration.explain("SPREAD_PCT_MXA") == nil)
  }

  @Test(
    "a document with one mistake is refused as a whole",
    arguments: [
      ("ENTRY_GROSS_EV_MNI: 0", "unknown_setting", "ENTRY_GROSS_EV_MIN"),
      ("entry:\n  costs:\n    net_mni: 0", "unknown_setting", "entry.costs.net_min"),
      ("entry:\n  cost:\n    net_min: 0", "unknown_setting", "entry.costs"),
      ("TOP_N_SYMBOLS: many", "wrong_kind", "whole number from 1"),
      ("TOP_N_SYMBOLS: 0", "out_of_range", "whole number from 1"),
      ("TOP_N_SYMBOLS: .nan", "wrong_kind", "whole number from 1"),
      ("LEVERAGE_SIGNAL_BLEND: 1.5", "out_of_range", "from 0 to 1"),
      ("EXIT_MIN_HOLD_SEC: 8d", "out_of_range", "from 0s to 7d"),
      ("EXIT_MIN_HOLD_SEC: soon", "wrong_kind", "seconds"),
      ("ENTRY_COST_COUNTING: onec", "unknown_choice", "Did you mean once?"),
      ("ENTRY_OVERRIDE_FILTERS: top_n; cpa", "unknown_choice", "Did you mean cap?"),
      ("entry.costs.net_min: {choppy: 0}", "unknown_regime", "Did you mean chop?"),
      ("entry.costs.net_min: 0\nENTRY_NET_EXPECTANCY_MIN: 0", "said_twice", "Keep one"),
      ("entry: 5", "wrong_kind", "settings of the group"),
      ("K_LEV_CHOP: 5", "unknown_setting", "Write K_LEV, which holds in all regimes."),
      ("", "empty_document", ""), ("~", "empty_document", "{}"),
      ("[1, 2]", "no_mapping", "{}"),
      ("entry: {costs: {net_min: 0.1", "", ""),
      ("LEVERAGE_TARGET_MIN: 30", "contradiction", "Change one of the two"),
    ])
  func refusals(text: String, code: String, remedy: String) throws {
    let good = file("K_LEV: 1234")
    let refusal = try #require(
      failure(good, SettingDocument(.tuned, named: "tuned.yml", text: text)))
    let finding = try #require(refusal.findings.first)
    #expect(finding.document == "tuned.yml")
    if !code.isEmpty { #expect(finding.diagnostic.code == code) }
    #expect(finding.diagnostic.remedy?.contains(remedy) ?? remedy.isEmpty, "\(finding.rendered)")
    #expect(finding.rendered.contains("tuned.yml:"))
    #expect(refusal.explanation.contains(finding.rendered))
    #expect(refusal.outcome == .badConfiguration)
  }

  @Test("an argument of the command line that is no assignment is refused")
  func commandLine() {
    #expect(failure(.commandLine(["K_LEV"]))?.findings.isEmpty == false)
    #expect(failure(.commandLine(["K_LEV=1500", "TOP_N_SYMBOLS=3"])) == nil)
  }

  @Test("all mistakes of a document are told, in its order")
  func many() {
    let codes = failure(file("TOP_N_SYMBOLS: 0\nNOBODY_KNOWS_IT: 1\nK_LEV: high"))?.findings.map(
      \.diagnostic.code)
    #expect(codes == ["out_of_range", "unknown_setting", "wrong_kind"])
  }

  @Test("durations are read as seconds or with a unit, and an empty text says nothing")
  func durations() throws {
    for (text, span) in [
      ("90", TimeSpan.seconds(90)), ("1.5", TimeSpan(milliseconds: 1500)), ("2m", .minutes(2)),
      ("250ms", TimeSpan(milliseconds: 250)), (#""""#, .seconds(30)),
    ] {
      let configuration = try TacticsConfiguration([file("EXIT_MIN_HOLD_SEC: \(text)")])
      #expect(configuration.settings.exit.general.holdMin == span)
    }
  }

  @Test("the fingerprint follows the values, not where they were said")
  func fingerprint() throws {
    let one = try TacticsConfiguration([file("K_LEV: 1500")])
    let other = try TacticsConfiguration([.commandLine(["K_LEV=1500"])])
    let same = try TacticsConfiguration([file("K_LEV: 2000")])
    #expect(one.fingerprint == other.fingerprint)
    #expect(one.fingerprint != TacticsConfiguration().fingerprint)
    #expect(same.fingerprint == TacticsConfiguration().fingerprint)
  }

  @Test("a document that is torn or garbled is refused or read, and never half of it")
  func garbled() {
    var generator = SplitMix64(seed: 16)
    let text = Array(ShippedProfiles.seed.text.utf8)
    var refused = 0
    for _ in 0..<200 {
      var bytes = text
      if Bool.random(using: &generator) {
        bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
      } else {
        for _ in 0..<3 {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
            in: 0...255, using: &generator)
        }
      }
      let document = SettingDocument(
        .tuned, named: "torn.yml", text: String(decoding: bytes, as: UTF8.self))
      do throws(ConfigurationFailure) {
        // What is read says only values that can be said again.
        let read = try TacticsConfiguration([document])
        let again = try TacticsConfiguration([file(read.json.compactText)])
        #expect(again.settings == read.settings)
      } catch {
        refused += 1
        #expect(!error.findings.isEmpty)
      }
    }
    #expect(refused > 50)
  }

  @Test("the schema knows every path")
  func schema() {
    let text = SettingKeys.schema.compactText
    for key in SettingKeys.all {
      let last = key.path.split(separator: ".").last.map(String.init) ?? ""
      #expect(text.contains("\"\(last)\":"))
      #expect(text.contains(JSONValue.string(key.meaning).compactText))
    }
  }
}
