import Essentials
import Networking
import Research
import TestKit
import Testing
import Twins

@Suite("Alphas on BRAIN", .ownThread, .timeLimit(.minutes(10)))
struct BrainAlphasTests {
  /// A rehearsal with one alpha, named alpha1.
  private func rehearsal(_ tables: BrainTwin.Tables = .json) async throws -> BrainRehearsal {
    var setup = BrainTwin.Setup()
    setup.tables = tables
    let rehearsal = try BrainRehearsal(setup)
    _ = try await BrainSimulator(session: rehearsal.session, record: KeptRecord()).simulate(
      candidates("rank(close)"))
    return rehearsal
  }

  @Test("an alpha is fetched when it is ready, with its measures as shares")
  func alpha() async throws {
    let rehearsal = try await rehearsal()
    let alpha = try await BrainAlphas(session: rehearsal.session).alpha("alpha1")
    #expect(alpha.code == "rank(close)")
    #expect(alpha.stage == "IS" && alpha.status == "UNSUBMITTED")
    #expect(alpha.inSample?.turnover == 0.3512)
    #expect(alpha.inSample?.sharpe == 1.71)
    #expect(alpha.train == nil && alpha.test == nil)
    #expect(alpha.checks.map(\.name) == ["LOW_SHARPE", "SELF_CORRELATION"])
    #expect(alpha.checks.map(\.result) == [.pass, .pending])
    #expect(alpha.checks.first?.limit == 1.25)
    #expect(rehearsal.waits.suffix(1) == [1])
  }

  @Test("a table is read by the names of its columns")
  func table() async throws {
    let rehearsal = try await rehearsal()
    let alphas = BrainAlphas(session: rehearsal.session)
    #expect(try await alphas.recordSetNames("alpha1") == ["pnl"])
    let table = try #require(try await alphas.recordSet("pnl", of: "alpha1"))
    #expect(table.columns == ["date", "pnl"])
    let pnl = try #require(table.numbers("pnl"))
    try #require(pnl.count >= 3)
    #expect(pnl[0] == 0 && pnl[1] == 15_321 && pnl[2].isNaN)
    #expect(table.numbers("sharpe") == nil)
  }

  @Test("an account that is given no tables has none", arguments: [BrainTwin.Tables.empty, .page])
  func noTables(tables: BrainTwin.Tables) async throws {
    let rehearsal = try await rehearsal(tables)
    let alphas = BrainAlphas(session: rehearsal.session)
    #expect(try await alphas.recordSetNames("alpha1") == [])
    #expect(try await alphas.recordSet("pnl", of: "alpha1") == nil)
    #expect(rehearsal.twin.submitted == [])
  }

  @Test("checks and correlations are waited for")
  func checks() async throws {
    let rehearsal = try await rehearsal()
    let alphas = BrainAlphas(session: rehearsal.session)
    #expect(try await alphas.checks("alpha1").map(\.result) == [.pass, .pass])
    for peers in [BrainAlphas.Peers.own, .production] {
      #expect(try await alphas.correlation(of: "alpha1", with: peers).greatest == 0.41)
    }
  }

  @Test("what is never ready ends with patience")
  func never() async throws {
    let rehearsal = try await rehearsal()
    rehearsal.twin.plan(
      "GET /alphas", Array(repeating: .answer(.busy(200, retryAfter: "20")), count: 9))
    let alphas = BrainAlphas(session: rehearsal.session, longest: .seconds(60))
    await #expect(
      throws: BrainFailure.notReady(endpoint: "GET /alphas/alpha1", waited: .seconds(60))
    ) { try await alphas.alpha("alpha1") }
  }

  @Test("an alpha that is not there is refused by name")
  func absent() async throws {
    let rehearsal = try await rehearsal()
    await #expect(
      throws: BrainFailure.refused(
        status: 404, endpoint: "GET /alphas/alpha9", detail: "Not found.")
    ) { try await BrainAlphas(session: rehearsal.session).alpha("alpha9") }
  }

  @Test("an alpha is submitted only by the call that says so, once")
  func submit() async throws {
    let rehearsal = try await rehearsal()
    let alphas = BrainAlphas(session: rehearsal.session)
    _ = try await alphas.alpha("alpha1")
    _ = try await alphas.checks("alpha1")
    #expect(rehearsal.twin.submitted == [])
    #expect(try await alphas.submit("alpha1") == .accepted)
    #expect(rehearsal.twin.submitted == ["alpha1"])
    await #expect(throws: BrainFailure.self) { try await alphas.submit("alpha1") }
  }

  @Test("a submission whose answer was lost is unknown and not repeated")
  func lostSubmission() async throws {
    let rehearsal = try await rehearsal()
    rehearsal.twin.plan("POST /alphas", [.answerAfterActing(.hangUp)])
    guard case .unknown = try await BrainAlphas(session: rehearsal.session).submit("alpha1") else {
      Issue.record("it is known")
      return
    }
    #expect(rehearsal.twin.requests("POST /alphas").count == 1)
  }

  @Test("a refused submission says which checks speak against it")
  func refusedSubmission() async throws {
    let rehearsal = try await rehearsal()
    let body = """
      {"is":{"checks":[{"name":"LOW_SHARPE","result":"FAIL","limit":1.25,"value":1.0}]}}
      """
    rehearsal.twin.plan("POST /alphas", [.answer(.json(403, body))])
    guard
      case .refused(let checks, _) = try await BrainAlphas(session: rehearsal.session).submit(
        "alpha1")
    else {
      Issue.record("it was taken")
      return
    }
    #expect(checks.map(\.name) == ["LOW_SHARPE"])
    #expect(checks.map(\.result) == [.fail])
  }
}
