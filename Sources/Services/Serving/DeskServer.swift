package import Essentials
package import Networking
package import Research
package import Storage

/// The desk on a port: routes over the journal, the live stream, jobs, access and pages, put together.
///
/// ```
/// requests ──▶ guard ──▶ routes ──▶ journal, panels
/// sockets  ──▶ guard ──▶ stream ◀── journal, whoever writes it
/// jobs     ──▶ programs of their own, which write the journal
/// ```
package final class DeskServer: Sendable {
  /// What a server is made from.
  package struct Setup: Sendable {
    /// Opened for writing, since jobs are remembered there.
    package var journal: Journal
    package var budget: BudgetConfiguration
    package var library: PanelLibrary
    package var jobs: JobDeskSettings
    package var server: ServerConfiguration
    /// The file of tokens.
    package var access: AccessFile
    /// The names under which the server may be asked, beside the address that it listens at.
    package var hostNames: [String] = []
    package var origins: OriginPolicy
    package var admitsAnonymousReading = true
    package var version: String
    package var isDemo = false
    /// How worlds are measured and traded; nil where the journal is not kept by ``WorldBook``.
    package var worlds: WorldServiceSetup?

    package init(
      journal: Journal, budget: BudgetConfiguration, library: PanelLibrary, jobs: JobDeskSettings,
      server: ServerConfiguration, access: AccessFile, origins: OriginPolicy, version: String
    ) {
      self.journal = journal
      self.budget = budget
      self.library = library
      self.jobs = jobs
      self.server = server
      self.access = access
      self.origins = origins
      self.version = version
    }
  }

  /// What a server may touch of the world beside files, sockets and programs.
  package struct Effects: Sendable {
    package var jobs: JobDeskEffects
    /// Takes the record of an answer; returns at once.
    package var log: @Sendable (AccessRecord) -> Void

    package init(jobs: JobDeskEffects, log: @escaping @Sendable (AccessRecord) -> Void) {
      self.jobs = jobs
      self.log = log
    }
  }

  private let hub: LiveHub
  private let jobs: JobDesk
  private let worlds: WorldService?
  private let server: HTTPServer

  /// Opens the desk; nothing is served before ``start()``. Jobs that were left behind go on.
  package init(_ setup: Setup, _ effects: Effects) throws {
    let now = effects.jobs.now
    let elapsed = effects.jobs.elapsed
    worlds = try setup.worlds.map { try WorldService($0, journal: setup.journal, effects.jobs) }
    let sight = worlds.map { WorldSight($0.desk) } ?? .none
    hub = try LiveHub(
      journal: setup.journal, configuration: setup.budget,
      clocks: LiveHub.Clocks(now: now, elapsed: elapsed), sight: sight)
    jobs = try JobDesk.open(journal: setup.journal, settings: setup.jobs, effects: effects.jobs)
    let served = ServedMetrics()
    var routes = DeskRoutes.Setup(
      journal: setup.journal, budget: setup.budget, library: setup.library,
      version: setup.version, now: now)
    routes.isDemo = setup.isDemo
    routes.sight = sight
    routes.metrics = [
      { _ in served.metrics }, { [hub] _ in hub.statistics.metrics },
      { [jobs] _ in jobs.metrics }, { [worlds] in worlds?.metrics(for: $0) ?? [] },
    ]
    let sockets = [LiveRoute.route(to: hub)]
    let router = Router(
      routes: DeskRoutes(routes).routes(
        beside: ControlRoutes(desk: jobs).routes + (worlds?.routes ?? []), sockets: sockets,
        schemas: worlds == nil ? [] : WorldSchemas.all),
      sockets: sockets,
      guardian: DeskGuard(
        desk: TokenDesk(
          file: setup.access, chance: effects.jobs.chance, now: now, elapsed: elapsed),
        hosts: HostPolicy(boundAddress: setup.server.host, names: setup.hostNames),
        origins: setup.origins, admitsAnonymousReading: setup.admitsAnonymousReading))
    server = HTTPServer(
      configuration: setup.server, router: router, now: now, elapsed: elapsed, log: effects.log)
    served.measure(server)
  }

  /// Listens and serves; returns the port.
  package func start() throws(ServerFailure) -> Int {
    hub.start()
    worlds?.start()
    return try server.start()
  }

  /// Queues a job as the desk itself wants it.
  @discardableResult
  package func submit(_ body: JSONValue, by requester: String) throws -> ControlJob {
    try jobs.submit(body, by: requester)
  }

  /// Waits until a job has ended; nil where there is none of that id.
  package func waitForEnd(of job: String) -> ControlJob? { jobs.waitForEnd(of: job) }

  /// Lets running requests end within `grace`, says goodbye to sockets, and interrupts jobs, which a
  /// later server goes on with. Returns what was served.
  package func stop(grace: Duration) -> ServerStatistics {
    hub.stop()
    server.stop(grace: grace)
    worlds?.stop()
    jobs.stop()
    return server.statistics
  }
}
