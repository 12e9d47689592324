import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor demo", .ownThread)
struct DemoCommandTests {
  @Test("every famous formula may run on the bundled stocks, and no two mean the same")
  func sheet() throws {
    let rehearsal = try TinyMarket.shared.get().rehearse()
    let path = checkoutFolder.appendingPathComponent("Examples/Formulas/well-known.txt").path
    #expect(rehearsal.serve("check", "--file", path, "--json") == 0, "\(rehearsal.errors)")
    let object = try rehearsal.object()
    let formulas = try #require(object["formulas"] as? [[String: Any]])
    #expect(formulas.count >= 25)
    #expect((object["duplicates"] as? [Any])?.isEmpty == true)
    #expect(formulas.allSatisfy { ($0["name"] as? String)?.hasPrefix("#") == false })
  }

  @Test("it imports the bundled stocks, ranks the sheet and says what to try next")
  func demo() throws {
    let scratch = try ScratchFolder()
    let examples = checkoutFolder.appendingPathComponent("Examples")
    let formulas = scratch.url.appendingPathComponent("Formulas")
    try FileManager.default.createDirectory(at: formulas, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: scratch.url.appendingPathComponent("Data"),
      withDestinationURL: examples.appendingPathComponent("Data"))
    try "one: rank(-returns)\ntwo: rank(volume / adv60)\n".write(
      to: formulas.appendingPathComponent("well-known.txt"), atomically: true, encoding: .utf8)
    let ideas = scratch.url.appendingPathComponent("Ideas")
    try FileManager.default.createDirectory(at: ideas, withIntermediateDirectories: true)
    try """
    [{"idea_id": "reversal", "hypothesis": "What fell comes back.",
      "keywords_for_retrieval": ["close", "returns"]}]
    """.write(to: ideas.appendingPathComponent("ideas.json"), atomically: true, encoding: .utf8)
    let worlds = scratch.url.appendingPathComponent("Worlds")
    try FileManager.default.createDirectory(at: worlds, withIntermediateDirectories: true)
    try """
    schema: world/v1
    world: lesson
    interval: 1d
    data_currency: {max_lag: 4d, halt_after: 7d}
    instances:
      - strategy: one
        side: long
        params: {formula: rank(-returns), panel: us-equities, universe: sp500}
    """.write(to: worlds.appendingPathComponent("demo.yml"), atomically: true, encoding: .utf8)
    let rehearsal = Rehearsal(environment: [
      "ATHANOR_HOME": try TinyMarket.shared.get().folder.url.path,
      "ATHANOR_EXAMPLES": scratch.url.path,
    ])
    let code = rehearsal.serve(
      "demo", "--proposals", "2", "--replay-from", "2015-01-01", "--replay-to", "2015-01-09")
    #expect(code == 0, "\(rehearsal.errors)")
    for text in [
      "2 famous formulas", "Can you trust it?", "result ", "simulated", "athanor serve --demo",
      "What to try next", "lesson: active", "dryrun: 1", "/ui/worlds?world=lesson",
    ] {
      #expect(rehearsal.output.contains(text), "\(text)")
    }
  }

  @Test("without the examples it says where to find them")
  func noExamples() throws {
    let rehearsal = Rehearsal(environment: ["HOME": "/nowhere"])
    #expect(rehearsal.serve("demo") == 4)
    #expect(rehearsal.errors.contains("ATHANOR_EXAMPLES"))
    let homeless = Rehearsal()
    #expect(homeless.serve("demo") == 4)
    #expect(homeless.errors.contains("[no_store]"))
  }
}
