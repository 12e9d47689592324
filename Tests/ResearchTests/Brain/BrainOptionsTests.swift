import Essentials
import Foundation
import Networking
import Research
import TestKit
import Testing
import Twins

@Suite("The options of BRAIN", .ownThread, .timeLimit(.minutes(10)))
struct BrainOptionsTests {
  private func options() async throws -> (BrainOptions, JSONValue) {
    let rehearsal = try BrainRehearsal()
    let fetched = try await BrainOptions.fetch(from: rehearsal.session)
    #expect(rehearsal.twin.requests("OPTIONS /simulations").count == 1)
    return fetched
  }

  @Test("the flattened view offers each value once, in order of appearance")
  func flattened() async throws {
    let allowed = try await options().0.allowed
    #expect(allowed.map(\.name) == BrainOptions.names)
    let values = Dictionary(uniqueKeysWithValues: allowed.map { ($0.name, $0.values) })
    #expect(values["region"] == ["USA", "EUR"])
    #expect(values["universe"] == ["TOP3000", "TOP1000"])
    #expect(values["delay"] == [0, 1])
    #expect(values["language"] == ["FASTEXPR"])
  }

  @Test("what is offered depends on the other settings")
  func dependent() async throws {
    let options = try await options().0
    #expect(
      options.choices(of: "universe", given: ["instrumentType": "EQUITY", "region": "EUR"])
        == ["TOP1000"])
    #expect(options.choices(of: "universe", given: ["instrumentType": "EQUITY"]) == [])
    #expect(options.choices(of: "decay", given: [:]) == nil)
    #expect(options.choices(of: "unheard", given: [:]) == nil)
  }

  @Test("settings that do not go together are named, with what is near")
  func objections() async throws {
    let options = try await options().0
    var settings = CandidateSettings()
    #expect(options.objections(to: settings) == [])
    settings.universe = "TOP300"
    #expect(
      options.objections(to: settings)
        == ["BRAIN does not offer universe TOP300 here; did you mean TOP3000?"])
    settings = CandidateSettings()
    settings.region = "EUR"
    let sentences = options.objections(to: settings)
    #expect(sentences.count == 2)
    #expect(sentences.allSatisfy { $0.contains("universe") || $0.contains("neutralization") })
    settings.region = "JPN"
    #expect(options.objections(to: settings).count == 4)
  }

  @Test("what is saved is read again, with a copy for the day")
  func saved() async throws {
    let scratch = try ScratchFolder()
    let folder = scratch.url.path + "/meta"
    #expect(try BrainOptions.load(folder: folder) == nil)
    let (options, raw) = try await options()
    let day = try #require(CalendarDate("2026-07-14"))
    try options.save(raw: raw, in: folder, on: day)
    #expect(try BrainOptions.load(folder: folder) == options)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names == ["simulations_options.json", "simulations_options_20260714.json"])
    let name = try #require(names.first)
    let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    let document = try JSONValue(parsing: text)
    #expect(document["date"] == "2026-07-14")
    #expect(document["allowed"]?["delay"] == .array([0, 1]))
    #expect(document["raw"] == raw)
  }

  @Test("an answer without settings is refused")
  func strange() {
    #expect(throws: BrainFailure.self) { try BrainOptions(["actions": [:]]) }
  }
}
