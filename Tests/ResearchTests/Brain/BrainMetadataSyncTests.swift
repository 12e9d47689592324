import Essentials
import Foundation
import Networking
import Research
import Synchronization
import TestKit
import Testing
import Twins

@Suite("Fetching BRAIN's metadata", .ownThread, .timeLimit(.minutes(10)))
struct BrainMetadataSyncTests {
  private func market(_ region: String = "USA") -> BrainMarket {
    var target = SimulationTarget()
    target.region = region
    return BrainMarket(target)
  }

  private func folder(_ rehearsal: BrainRehearsal, _ region: String = "USA") -> BrainMetadataFolder
  {
    BrainMetadataFolder(path: rehearsal.scratch.url.path + "/meta", market: market(region))
  }

  /// The offsets of the pages of fields that were asked for, by dataset.
  private func pages(_ rehearsal: BrainRehearsal) -> [String] {
    rehearsal.twin.requests("GET /data-fields").map {
      "\($0.query["dataset.id"] ?? "")@\($0.query["offset"] ?? "")"
    }
  }

  @Test("all fields come dataset by dataset in pages of fifty, the best datasets first")
  func whole() async throws {
    let rehearsal = try BrainRehearsal()
    let folder = folder(rehearsal)
    let report = try await BrainMetadataSync(
      session: rehearsal.session, folder: folder, fields: .ofAllDatasets
    ).run()
    #expect(
      report.json.compactText
        == """
        {"operators":2,"datasets":3,"data_fields":177,"field_expected_upper_bound":177,\
        "data_field_errors":[],"field_dataset_ids_used":["news12","fundamental6","pv1"],\
        "field_sync_scope":"all_datasets","dataset_categories_indexed":3,\
        "dataset_subcategories_indexed":3,"pages":6,"datasets_resumed":0}
        """)
    #expect(
      pages(rehearsal)
        == ["news12@0", "fundamental6@0", "fundamental6@50", "fundamental6@100", "pv1@0"])
    #expect(try folder.operators().map(\.name) == ["rank", "ts_mean"])
    #expect(try folder.datasets().map(\.id) == ["fundamental6", "news12", "pv1"])
    let fields = try folder.fields()
    #expect(fields.count == 177)
    #expect(fields.map(\.id) == fields.map(\.id).sorted())
    #expect(fields.first?.type == "MATRIX")
    #expect(rehearsal.waits == [])
  }

  @Test("rows of another region stand beside those of the first")
  func regions() async throws {
    let rehearsal = try BrainRehearsal()
    for region in ["USA", "EUR"] {
      _ = try await BrainMetadataSync(
        session: rehearsal.session, folder: folder(rehearsal, region), fields: .ofAllDatasets
      ).run()
    }
    #expect(Set(try folder(rehearsal).fields().map(\.coverage)) == [0.9])
    #expect(Set(try folder(rehearsal, "EUR").fields().map(\.coverage)) == [0.5])
  }

  @Test("a fetching that was interrupted goes on behind its last page")
  func resumed() async throws {
    let rehearsal = try BrainRehearsal(patience: BrainPatience(waitsOnRateLimit: false))
    let folder = folder(rehearsal)
    let sync = BrainMetadataSync(
      session: rehearsal.session, folder: folder, fields: .ofAllDatasets)
    rehearsal.twin.plan(
      "GET /data-fields",
      [.none, .none, .none, .answer(.busy(429, retryAfter: "60"))])
    await #expect(throws: BrainFailure.self) { try await sync.run() }
    #expect(
      pages(rehearsal) == ["news12@0", "fundamental6@0", "fundamental6@50", "fundamental6@100"])
    let progress = try JSONValue(
      parsing: String(
        contentsOfFile: folder.path + "/EQUITY-USA-D1-TOP3000/progress.json", encoding: .utf8))
    #expect(progress["status"] == "interrupted")
    #expect(
      progress["dataset_cursor"]?.compactText == "{\"index\":1,\"total\":3,\"id\":\"fundamental6\"}"
    )
    // A crash may tear the last line that was written.
    let unfinished = folder.path + "/EQUITY-USA-D1-TOP3000/fields/fundamental6.part.jsonl"
    let handle = try #require(FileHandle(forWritingAtPath: unfinished))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"sync\":178".utf8))
    try handle.close()
    rehearsal.pass(.seconds(3600))
    let report = try await sync.run()
    #expect(pages(rehearsal).dropFirst(4) == ["fundamental6@100", "pv1@0"])
    #expect(rehearsal.twin.requests("GET /data-sets").count == 1)
    #expect(report.fields == 177)
    #expect(report.datasetsResumed == 1)
    #expect(report.pages == 2)
    // What ended whole begins anew.
    _ = try await sync.run()
    #expect(pages(rehearsal).count == 11)
  }

  @Test("what was whole stays readable while its successor is fetched")
  func readable() async throws {
    let rehearsal = try BrainRehearsal(patience: BrainPatience(waitsOnRateLimit: false))
    let folder = folder(rehearsal)
    let sync = BrainMetadataSync(
      session: rehearsal.session, folder: folder, fields: .ofAllDatasets)
    _ = try await sync.run()
    rehearsal.pass(.seconds(60))
    rehearsal.twin.plan(
      "GET /data-fields", [.none, .none, .answer(.busy(429, retryAfter: "60"))])
    await #expect(throws: BrainFailure.self) { try await sync.run() }
    #expect(try folder.fields().count == 177)
  }

  @Test("a dataset that BRAIN refuses is noted, and the others come")
  func refused() async throws {
    let rehearsal = try BrainRehearsal()
    let sync = BrainMetadataSync(
      session: rehearsal.session, folder: folder(rehearsal), fields: .ofAllDatasets)
    rehearsal.twin.plan("GET /data-fields", [.none, .answer(.json(400, "[\"Invalid query\"]"))])
    let report = try await sync.run()
    #expect(report.errors == [.init(dataset: "fundamental6", reason: "Invalid query")])
    #expect(report.fields == 57)
    // The next fetching asks only for what is missing.
    let next = try await sync.run()
    #expect(next.errors == [])
    #expect(next.fields == 177)
    #expect(
      pages(rehearsal).suffix(3) == ["fundamental6@0", "fundamental6@50", "fundamental6@100"])
  }

  @Test("a number of datasets is taken from each category in turn, and none leaves the fields out")
  func scopes() async throws {
    var setup = BrainTwin.Setup()
    setup.datasets = [
      .init("a1", category: "a", fields: 4), .init("a2", category: "a", fields: 3),
      .init("b1", category: "b", fields: 2), .init("c1", category: "c", fields: 1),
    ]
    let rehearsal = try BrainRehearsal(setup)
    for (fields, ids) in [
      (BrainMetadataSync.Fields.ofDatasets(2), ["a1", "b1"]),
      (.ofDatasets(4), ["a1", "b1", "c1", "a2"]), (.none, []),
    ] {
      let report = try await BrainMetadataSync(
        session: rehearsal.session, folder: folder(rehearsal), fields: fields
      ).run()
      #expect(report.datasetIDs == ids)
    }
  }

  @Test(
    "a dataset beyond ten thousand fields is fetched as far as BRAIN shows it, and that is said")
  func tooMany() async throws {
    var setup = BrainTwin.Setup()
    setup.datasets = [.init("huge", category: "a", fields: 10_040)]
    let rehearsal = try BrainRehearsal(setup)
    rehearsal.twin.plan("GET /data-fields", [])
    let pagesSeen = Mutex(0)
    let report = try await BrainMetadataSync(
      session: rehearsal.session, folder: folder(rehearsal), fields: .ofAllDatasets
    ) { progress in pagesSeen.withLock { $0 = progress.pages } }.run()
    #expect(report.fields == 10_000)
    #expect(
      report.errors
        == [.init(dataset: "huge", reason: "BRAIN shows only 10000 of 10040 fields")])
    #expect(pagesSeen.withLock { $0 } == 201)
  }

  @Test("no name of a dataset leads out of its folder")
  func names() async throws {
    var setup = BrainTwin.Setup()
    setup.datasets = [
      .init("../../up", category: "a", fields: 1), .init("A/b", category: "a", fields: 1),
      .init("..", category: "a", fields: 1), .init("a b", category: "a", fields: 1),
    ]
    let rehearsal = try BrainRehearsal(setup)
    let folder = folder(rehearsal)
    let report = try await BrainMetadataSync(
      session: rehearsal.session, folder: folder, fields: .ofAllDatasets
    ).run()
    #expect(report.fields == 4)
    let fields = folder.path + "/EQUITY-USA-D1-TOP3000/fields"
    #expect(try FileManager.default.contentsOfDirectory(atPath: fields).count == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
  }
}
