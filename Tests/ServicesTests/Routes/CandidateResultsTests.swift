import Backtesting
import Essentials
import Markets
import Networking
import Research
import Services
import Storage
import TestKit
import Testing

@Suite("Results of candidates, simulated anew")
struct CandidateResultsTests {
  private func simulated(_ desk: DeskBench) throws -> JSONValue {
    let list = try desk.json("/api/runs/\(try desk.run)/candidates?state=simulated&limit=1")
    return try #require((list["candidates"] ?? .null).elements.first)
  }

  private func path(_ candidate: JSONValue, _ run: String, _ view: String) throws -> String {
    "/api/runs/\(run)/candidates/\(try #require(candidate["candidate_key"]?.string))/\(view)"
  }

  @Test("the days add up to the profit that the run recorded")
  func profit() async throws {
    let desk = try await DeskBench.afterCampaign()
    let run = try desk.run
    let candidate = try simulated(desk)
    let answer = try desk.json(try path(candidate, run, "pnl"))
    let daily = (answer["daily"] ?? .null).elements
    let dates = (answer["dates"] ?? .null).elements.compactMap(\.string)
    #expect(dates.count == daily.count && dates == dates.sorted() && dates.count > 50)
    let events = try desk.journal.events(
      limit: 100, filter: JournalFilter(run: run, kind: "simulation.completed"))
    let recorded = try #require(
      events.compactMap(\.payload).first { $0["candidate_key"] == candidate["candidate_key"] })
    let total = try #require(recorded["metrics"]?["pnl"]?.number)
    let sum = daily.compactMap(\.number).reduce(0, +)
    #expect(abs(sum - total) <= 1e-9 * max(1, abs(total)))
    let running = (answer["pnl"] ?? .null).elements.compactMap(\.number)
    #expect(abs(try #require(running.last) - total) <= 1e-9 * max(1, abs(total)))
    #expect(answer["unit"] == "USD" && answer["book_size"]?.number == 20_000_000)
    #expect(answer["alpha_id"] == candidate["alpha_id"] && answer["train_end"] == .null)
  }

  @Test("a tear sheet is a whole page with a policy of its own that admits its parts")
  func tearSheet() async throws {
    let desk = try await DeskBench.afterCampaign()
    let candidate = try simulated(desk)
    let target = try path(candidate, try desk.run, "tear_sheet")
    let response = try desk.ask(target)
    #expect(response.status == 200)
    #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
    let page = response.text
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains(try #require(candidate["alpha_id"]?.string)))
    let policy = try #require(response.headers["Content-Security-Policy"])
    #expect(policy.hasPrefix(TearSheet.contentPolicy))
    let digests = policy.split(separator: "'").filter { $0.hasPrefix("sha256-") }
    #expect(digests.count == 2 && digests.allSatisfy { page.contains($0) })
    #expect(try desk.ask(target).body == response.body)
    let tag = try #require(response.headers["ETag"])
    #expect(try desk.ask(target, headers: ["If-None-Match": tag]).status == 304)
    let korean = try desk.ask(target + "?lang=ko")
    #expect(korean.text.contains("lang=\"ko\"") && korean.headers["ETag"] != tag)
    #expect(try desk.ask(target + "?lang=fr").status == 422)
  }

  @Test("what was not simulated here has no result, and the answer says why")
  func nothing() throws {
    let desk = try DeskBench()
    let facts = CandidateFacts(key: "k", formula: .init(text: "rank(close)"))
    try desk.record(.alphaGenerated(facts, novelty: nil))
    let proposed = try desk.ask("/api/runs/r1/candidates/k/pnl")
    #expect(proposed.status == 409 && proposed.json["error"] == "nothing_to_simulate")
    let ticket = SimulationTicket(
      candidate: facts, validationPassed: true, validationAttempts: 1, fingerprint: "f")
    try desk.record(.simulationCompleted(SimulationResultFacts(ticket: ticket, metrics: .init())))
    let remote = try desk.ask("/api/runs/r1/candidates/k/tear_sheet")
    #expect(remote.status == 409)
    #expect(remote.json["detail"]?.string?.contains("no panel of this desk") == true)
    #expect(try desk.ask("/api/runs/r1/candidates/x/pnl").status == 404)
  }

  /// A desk with one candidate that was simulated on a stored panel.
  private func desk(
    panel fingerprint: (String) -> String = { $0 }, formula: (String) -> String = { $0 }
  ) throws -> DeskBench {
    let desk = try DeskBench()
    let manifest = try desk.library.store.write(
      CampaignBench.panel, provenance: PanelProvenance())
    let text = "rank(close)"
    var settings = SimulationSettings()
    settings.neutralization = .market
    let facts = CandidateFacts(
      key: "k",
      formula: .init(
        text: text, canonical: text, fingerprint: formula(Fingerprint(of: text).hexadecimal)))
    let ticket = SimulationTicket(
      candidate: facts, validationPassed: true, validationAttempts: 1, fingerprint: "f")
    try desk.record(
      .simulationCompleted(
        SimulationResultFacts(
          ticket: ticket, metrics: .init(),
          panel: [
            "name": .string(manifest.name),
            "fingerprint": .string(fingerprint(manifest.fingerprint)),
          ], settings: settings.json)))
    return desk
  }

  @Test("another panel, another formula or none is refused and not simulated")
  func changed() throws {
    #expect(try desk().ask("/api/runs/r1/candidates/k/pnl").status == 200)
    let panel = try desk(panel: { String($0.reversed()) }).ask("/api/runs/r1/candidates/k/pnl")
    #expect(panel.status == 409 && panel.json["error"] == "panel_changed")
    let formula = try desk(formula: { String($0.reversed()) })
      .ask("/api/runs/r1/candidates/k/pnl")
    #expect(formula.status == 409 && formula.json["error"] == "nothing_to_simulate")
    let removed = try desk()
    try removed.library.store.remove(CampaignBench.panel.name)
    let gone = try removed.ask("/api/runs/r1/candidates/k/pnl")
    #expect(gone.status == 409 && gone.json["error"] == "panel_changed")
  }

  @Test("a panel that is replaced is refused by whoever has not opened it before")
  func replaced() throws {
    let desk = try desk()
    let target = "/api/runs/r1/candidates/k/pnl"
    let before = try desk.ask(target)
    #expect(before.status == 200)
    let other = RandomPanels.make(.init(rows: 140, columns: 6), seed: 6)
    _ = try desk.library.store.write(
      Panel(
        name: CampaignBench.panel.name, fingerprint: other.fingerprint, axis: other.axis,
        instruments: other.instruments, fields: Array(other.fields.values)),
      provenance: PanelProvenance(), replacing: true)
    #expect(try desk.ask(target) == before)
    let fresh = Router(
      routes: DeskRoutes(desk.routes.setup).routes(), guardian: OpenGuard())
    let request = ServerRequest(
      .get, try #require(RequestTarget(target)),
      peer: ServerPeer(address: "127.0.0.1", isLoopback: true))
    let answer = fresh.answer(request)
    #expect(answer.status == 409 && answer.json["error"] == "panel_changed")
  }
}
