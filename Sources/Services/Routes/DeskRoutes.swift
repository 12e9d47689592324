package import Essentials
package import Networking
package import Research
package import Storage

/// Everything that the desk tells over HTTP from its journal and its panels, as routes of a server.
///
/// The routes hold no connection and no thread: each reads what it needs and answers. What follows
/// from the events of a run is folded once and then kept up to date (``FollowedRuns``); what is
/// simulated anew is kept (``CandidateResults``). A route of a run that the journal does not know
/// answers 404, but for the four gauges, which are empty then.
package struct DeskRoutes: Sendable {
  /// What the routes are made from.
  package struct Setup: Sendable {
    package var journal: Journal
    package var budget: BudgetConfiguration
    package var library: PanelLibrary
    /// The version of the program.
    package var version: String
    /// Whether what is shown is a rehearsal.
    package var isDemo = false
    /// Who may be told of which world; nobody of any where it is not set.
    package var sight = WorldSight.none
    /// What others measure, beside what the routes measure themselves, as somebody may be told of it.
    package var metrics: [@Sendable (Caller?) -> [Metric]] = []
    /// What else must be well before the server is called ready.
    package var checks: [@Sendable () -> ReadinessCheck] = []
    package var now: @Sendable () -> Timestamp

    package init(
      journal: Journal, budget: BudgetConfiguration, library: PanelLibrary, version: String,
      now: @escaping @Sendable () -> Timestamp
    ) {
      self.journal = journal
      self.budget = budget
      self.library = library
      self.version = version
      self.now = now
    }
  }

  package let setup: Setup
  /// The gauges of the runs that somebody watches, for whoever else shows them.
  package let gauges: FollowedRuns<LiveGauges>
  let boards: FollowedRuns<CandidateBoard>
  let tapes: FollowedRuns<ReplayTape>
  let results: CandidateResults
  let schemas: PanelSchemas

  /// Runs whose gauges, candidates and replays are kept; a page shows one of each.
  private static let gaugesMax = 32
  private static let boardsMax = 8
  private static let tapesMax = 4

  package init(_ setup: Setup) {
    self.setup = setup
    let budget = setup.budget
    gauges = FollowedRuns(setup.journal, runsMax: Self.gaugesMax) {
      LiveGauges(run: $0, configuration: budget)
    }
    boards = FollowedRuns(setup.journal, runsMax: Self.boardsMax) { CandidateBoard(run: $0) }
    tapes = FollowedRuns(setup.journal, runsMax: Self.tapesMax) {
      ReplayTape(run: $0, configuration: budget)
    }
    results = CandidateResults(store: setup.library.store)
    schemas = PanelSchemas(library: setup.library)
  }

  /// All routes, with a description of them and of those that others serve beside them.
  ///
  /// - Parameter schemas: what the others answer, beside what the desk does.
  package func routes(
    beside others: [Route] = [], sockets: [SocketRoute] = [], schemas: [DeskSchemas.Named] = []
  ) -> [Route] {
    let all = own + others
    return all + [
      Self.description(
        of: all, sockets: sockets, schemas: DeskSchemas.all + schemas, version: setup.version)
    ]
  }

  private var own: [Route] {
    systemRoutes + runRoutes + gaugeRoutes + eventRoutes + candidateRoutes + resultRoutes
      + formulaRoutes
  }

  /// The headings of the description.
  enum Group {
    static let desk = "Desk"
    static let runs = "Runs"
    static let gauges = "Gauges"
    static let candidates = "Candidates"
    static let formulas = "Formulas"
    static let server = "Server"
  }

  static let run = RouteParameter<String>.segment(
    "run_id", "The name of a run, as GET /api/runs lists it.")

  var journal: Journal { setup.journal }

  /// What the journal knows of the run of a call; throws 404 where it knows nothing, and where the run
  /// is that of a world which the caller may not read: not even that it exists is told.
  func summary(for call: RouteCall) throws -> RunSummary {
    let run = call[Self.run]
    guard try setup.sight.glance().shows(EventPlace(run: run), to: call.caller) else {
      throw RouteFailure.noSuchResource(what: "run", name: run)
    }
    let summary = try journal.read { tables throws(JournalFailure) in
      try RunIndex().summary(of: run, in: tables)
    }
    guard let summary else { throw RouteFailure.noSuchResource(what: "run", name: run) }
    return summary
  }

  /// Answers with something that follows from the events of a run. Of a finished run it has a tag by
  /// which a browser asks whether it changed, and is not made again where it did not.
  func answer(
    _ call: RouteCall, about summary: RunSummary, _ make: () throws -> ServerResponse
  ) throws -> ServerResponse {
    guard RunOverview.isFinished(summary) else { return try make().live }
    return try answer(call, tagged: "\(summary.run)\n\(summary.last)", make)
  }

  /// Answers with something that is the same as long as a name is, or 304 where the caller has it.
  func answer(
    _ call: RouteCall, tagged name: String, _ make: () throws -> ServerResponse
  ) throws -> ServerResponse {
    var digest = FingerprintDigest()
    digest.absorb("\(setup.version)\n\(journal.birth.id)\n\(name)\n\(call.request.target.path)\n")
    for pair in call.request.target.query { digest.absorb("\(pair.name)=\(pair.value)\n") }
    let tag = "\"\(digest.finish().hexadecimal.prefix(32))\""
    let known = call.request.headers.all("If-None-Match").flatMap { $0.split(separator: ",") }
    let isKnown = known.contains { word in
      // Weak comparison, RFC 9110, section 13.1.2.
      let word = word.drop { $0 == " " }
      return word == "*" || (word.hasPrefix("W/") ? word.dropFirst(2) : word).hasPrefix(tag)
    }
    var response = isKnown ? ServerResponse(status: 304) : try make()
    response.headers["ETag"] = "W/\(tag)"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
  }
}

extension ServerResponse {
  /// The answer, to be kept by nobody: the next one may be another.
  var live: ServerResponse {
    var response = self
    response.headers["Cache-Control"] = "no-store"
    return response
  }
}
