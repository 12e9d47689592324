import Essentials
import Networking
import Research
import Services
import Storage
import Testing

@Suite("Candidates, asked for over HTTP")
struct CandidateRoutesTests {
  private func list(_ desk: DeskBench, _ query: String) throws -> [JSONValue] {
    (try desk.json("/api/runs/\(try desk.run)/candidates?\(query)")["candidates"] ?? .null).elements
  }

  private func keys(_ candidates: [JSONValue]) -> [String] {
    candidates.compactMap { $0["candidate_key"]?.string }
  }

  @Test("the best come first unless another order is asked for, and what has no value comes last")
  func sorted() async throws {
    let desk = try await DeskBench.afterCampaign()
    for (query, name, ascends) in [
      ("", "score", false), ("sort=sharpe&order=asc", "sharpe", true),
      ("sort=turnover", "turnover", false), ("sort=first_seq&order=asc", "first_seq", true),
    ] {
      let values = try list(desk, query + "&limit=1000").map {
        ($0[name] ?? $0["metrics"]?[name])?.number
      }
      let known = values.compactMap { $0 }
      #expect(values.prefix(known.count).allSatisfy { $0 != nil }, "\(query)")
      #expect(known == known.sorted(by: ascends ? { $0 < $1 } : { $0 > $1 }), "\(query)")
      #expect(known.count > 3)
    }
  }

  @Test("pages of any size hold every candidate once, in one order")
  func pages() async throws {
    let desk = try await DeskBench.afterCampaign()
    let whole = keys(try list(desk, "limit=1000"))
    #expect(Set(whole).count == whole.count)
    for limit in [1, 3, 4] {
      var seen: [String] = []
      while seen.count < whole.count {
        let page = try list(desk, "limit=\(limit)&offset=\(seen.count)")
        #expect(!page.isEmpty && page.count <= limit)
        seen += keys(page)
      }
      #expect(seen == whole)
    }
    #expect(try list(desk, "offset=\(whole.count)").isEmpty)
  }

  @Test("candidates are chosen by idea and by state")
  func filtered() async throws {
    let desk = try await DeskBench.afterCampaign()
    let all = try list(desk, "limit=1000")
    for idea in ["idea-1", "idea-2"] {
      let chosen = try list(desk, "limit=1000&idea=\(idea)")
      #expect(Set(keys(chosen)) == Set(keys(all.filter { $0["idea_id"] == .string(idea) })))
      #expect(!chosen.isEmpty)
    }
    let chosen = try list(desk, "limit=1000&state=simulated,rejected")
    let states: Set<JSONValue> = ["simulated", "rejected"]
    #expect(Set(keys(chosen)) == Set(keys(all.filter { states.contains($0["state"] ?? .null) })))
    #expect(try list(desk, "state=failed").isEmpty)
  }

  @Test("one candidate comes with its history, the words of its formula and what was found")
  func story() async throws {
    let desk = try await DeskBench.afterCampaign()
    let best = try #require(try list(desk, "limit=1").first)
    let key = try #require(best["candidate_key"]?.string)
    let story = try desk.json("/api/runs/\(try desk.run)/candidates/\(key)")
    for member in best.memberList { #expect(story[member.name] == member.value) }
    let events = (story["events"] ?? .null).elements
    #expect(events.first?["seq"] == best["first_seq"])
    #expect(events.contains { $0["kind"] == "simulation.completed" })
    #expect(events.allSatisfy { $0["message"]?.string?.isEmpty == false })
    #expect(story["valid"] == .bool(true))
    #expect((story["tokens"] ?? .null).elements.contains { $0["class"] == "field" })
  }

  @Test("the history is of this run alone, although another has a candidate of the same key")
  func otherRuns() throws {
    let desk = try DeskBench()
    let facts = CandidateFacts(key: "k")
    for run in ["r1", "r2", "r1"] {
      try desk.record(.alphaGenerated(facts, novelty: nil), run: run)
    }
    let story = try desk.json("/api/runs/r1/candidates/k")
    #expect((story["events"] ?? .null).elements.compactMap { $0["seq"]?.number } == [1, 3])
    #expect(story["valid"] == .null && story["tokens"] == .array([]))
  }

  @Test("the lineage has every candidate and no circle")
  func lineage() async throws {
    let desk = try await DeskBench.afterCampaign()
    let graph = try desk.json("/api/runs/\(try desk.run)/lineage")
    let nodes = keys((graph["nodes"] ?? .null).elements)
    #expect(Set(nodes) == Set(keys(try list(desk, "limit=1000"))))
    let edges = (graph["edges"] ?? .null).elements
    #expect(!edges.isEmpty)
    for edge in edges {
      let parent = nodes.firstIndex(of: edge["parent"]?.string ?? "")
      let child = nodes.firstIndex(of: edge["child"]?.string ?? "")
      #expect(try #require(parent) < #require(child))
      #expect(edge["source"]?.string?.isEmpty == false)
    }
  }

  @Test("packs come with the graph that pages draw")
  func retrieval() async throws {
    let desk = try await DeskBench.afterCampaign()
    let run = try desk.run
    let list = try desk.json("/api/runs/\(run)/retrieval")
    let packs = (list["packs"] ?? .null).elements
    #expect(packs.compactMap { $0["idea_id"]?.string } == ["idea-1", "idea-2"])
    for pack in packs {
      #expect((pack["graph"]?["nodes"] ?? .null).elements.count > 5)
      #expect((pack["graph"]?["edges"] ?? .null).elements.count > 5)
    }
    let first = try desk.json("/api/runs/\(run)/retrieval?limit=1")
    #expect((first["packs"] ?? .null).elements == [packs[0]] && first["next"] == packs[0]["seq"])
    guard case .integer(let next)? = first["next"] else { return }
    let second = try desk.json("/api/runs/\(run)/retrieval?limit=1&after=\(next)")
    #expect((second["packs"] ?? .null).elements == [packs[1]] && second["next"] == .null)
  }

  @Test("a finished run's answers have a tag, by which a caller who has them is told so")
  func tags() async throws {
    let desk = try await DeskBench.afterCampaign()
    for path in ["candidates", "lineage", "retrieval", "replay"] {
      let target = "/api/runs/\(try desk.run)/\(path)"
      let first = try desk.ask(target)
      let tag = try #require(first.headers["ETag"])
      #expect(first.headers["Cache-Control"] == "private, no-cache")
      let again = try desk.ask(target, headers: ["If-None-Match": "\"other\", \(tag)"])
      #expect(again.status == 304 && again.body.isEmpty && again.headers["ETag"] == tag, "\(path)")
      let other = try desk.ask(target, headers: ["If-None-Match": "W/\"other\""])
      #expect(other.status == 200 && other.body == first.body)
    }
    let target = "/api/runs/\(try desk.run)/candidates"
    let tags = try ["", "?limit=1", "?limit=2"].map { try desk.ask(target + $0).headers["ETag"] }
    #expect(Set(tags).count == 3)
  }

  @Test("a run that is under way has no tag and is kept by nobody")
  func live() throws {
    let desk = try DeskBench()
    try desk.record(.alphaGenerated(CandidateFacts(key: "k"), novelty: nil))
    for path in ["candidates", "lineage", "replay"] {
      let response = try desk.ask("/api/runs/r1/\(path)", headers: ["If-None-Match": "*"])
      #expect(response.status == 200 && response.headers["ETag"] == nil, "\(path)")
      #expect(response.headers["Cache-Control"] == "no-store")
    }
    #expect(try desk.json("/api/runs/r1/candidates")["total"] == 1)
    try desk.record(.alphaGenerated(CandidateFacts(key: "l"), novelty: nil))
    #expect(try desk.json("/api/runs/r1/candidates")["total"] == 2)
  }
}
