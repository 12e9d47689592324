import Essentials
import Foundation
import Networking
import Research
import Services
import Storage

/// `athanor serve`: the desk over HTTP and WebSocket, with its pages.
enum ServeCommand {
  private static let port = ServerOptions.port(8765)
  private static let pages = Option<String?>.optional(
    "pages", .folder(), help: "The folder of the pages, in place of those of the program.")
  private static let origins = Option<[String]>.repeated(
    "origin", .text("url"), help: "Pages of this origin may change things and open streams too.")
  private static let closed = Option.flag(
    "no-anonymous-reading", help: "Ask for a token for everything, also from this machine.")
  private static let demo = Option.flag(
    "demo",
    help: "Show campaigns that run before your eyes, in the journal of the demonstration.")
  private static let pace = Option(
    "pace", .whole("milliseconds", in: 0...60_000), default: 50,
    help: "With --demo, how long a campaign rests after each step.")

  static let command: Command = Command(
    "serve", summary: "Serve the desk and its pages on this machine",
    discussion: [
      """
      Answers over HTTP what the journal knows, streams it over WebSocket, runs jobs, and serves the \
      pages: /ui/ is the overview, /ui/reactor the budget as a furnace, /ui/lab the search, \
      /ui/worlds who may trade and why. /openapi.json describes the interface.
      """,
      """
      Only this machine is answered unless --host names another address; then give --tls-certificate \
      and --tls-key as well. Reading needs no token from this machine; every change needs one, which \
      `athanor token create` prints. Ctrl-C ends the server when running requests are answered; jobs \
      that were under way go on with the next one.
      """,
      """
      Worlds are evaluated here when their policies say so; one that lives in history, since somebody \
      replays it, is left alone.
      """,
    ],
    options: [port.definition] + ServerOptions.definitions + [
      origins.definition, closed.definition, pages.definition,
      demo.definition, pace.definition, JournalOptions.journal.definition,
      BudgetFiles.budget.definition, PanelOptions.store.definition,
    ],
    examples: [
      Command.Example("athanor serve", "Serves the desk at http://127.0.0.1:8765/ui/"),
      Command.Example("athanor serve --demo", "Shows a live campaign at once"),
      Command.Example(
        "athanor serve --host 0.0.0.0 --host-name desk.example --tls-certificate desk.pem "
          + "--tls-key desk.key",
        "Serves other machines, with tokens"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let surroundings = invocation.surroundings
    let library = try invocation.library()
    let folders = library.folders
    let isDemo = invocation[demo]
    // Jobs work in folders of their own, so they must not be told a path relative to this one.
    let path = Self.absolute(
      isDemo && invocation[JournalOptions.journal] == nil
        ? folders.demonstration + "/journal.sqlite" : try invocation.journalPath())
    let log = try invocation[ServerOptions.log].map { try AccessLog(path: $0) }
    var configuration = try invocation.serverConfiguration(port: port)
    let shown = invocation[pages] ?? folders.pages
    if let shown { configuration.folders = [StaticFolder(prefix: "/ui", folder: shown)] }
    guard let admitted = OriginPolicy(others: invocation[origins]) else {
      throw ServerOptionFailure.notAnOrigin(invocation[origins].joined(separator: ", "))
    }
    let journal = try Journal.open(
      path: path, access: invocation.journalWriting, models: [BudgetIndex(), WorldBook()])
    let home = (path as NSString).deletingLastPathComponent
    var jobs = JobDeskSettings(
      executable: surroundings.executable, jobs: home + "/jobs", knowledge: home + "/knowledge",
      journal: path, environment: surroundings.environment)
    jobs.store = invocation[PanelOptions.store].map { Self.absolute($0) }
    jobs.budget = invocation[BudgetFiles.budget].map { Self.absolute($0) }
    var setup = DeskServer.Setup(
      journal: journal, budget: try invocation.budgetFiles().configuration, library: library,
      jobs: jobs, server: configuration, access: AccessFile(besideJournal: path),
      origins: admitted, version: VersionCommand.version)
    setup.hostNames = invocation[ServerOptions.hostNames]
    setup.admitsAnonymousReading = !invocation[closed]
    setup.isDemo = isDemo
    let pause = surroundings.pause
    let evidence = PanelEvidence(
      current: { Fingerprint(hexadecimal: (try? library.manifest(of: $0).fingerprint) ?? "") },
      opening: { try library.open($0) })
    setup.worlds = WorldServiceSetup(
      evidence: evidence,
      trading: RehearsedTrading(
        feed: RehearsedTrading.Feed(evidence), holder: "serve", now: surroundings.now,
        pause: { pause(.milliseconds($0.milliseconds)) }))
    let errors = surroundings.errors
    let ended = surroundings.arrangeEnd()
    let server = try DeskServer(
      setup,
      DeskServer.Effects(
        jobs: JobDeskEffects(
          now: surroundings.now, elapsed: surroundings.elapsed, chance: surroundings.chance,
          pause: surroundings.pause, report: { try? errors.write("warning: \($0)\n") }),
        log: { log?.note($0) }))
    let place = ServedPlace(
      address: invocation.address(of: configuration, port: try server.start()), journal: path,
      pages: shown)
    try place.announce(invocation)
    try invocation.warnOfOpenWire(configuration)
    if isDemo { demonstrate(on: server, pace: invocation[pace]) }
    ended()
    let seen = server.stop(grace: .seconds(5))
    log?.finish()
    return try invocation.farewell(
      [
        "address": .string(place.address), "requests": .integer(seen.requestsTotal),
        "connections": .integer(seen.connectionsTotal), "sockets": .integer(seen.socketsTotal),
        "log_lines_lost": .integer(log?.lost ?? 0),
      ], "Ended after \(seen.requestsTotal) requests on \(seen.connectionsTotal) connections.")
  }

  /// Runs one campaign after another on a thread of its own, each with another seed.
  private static func demonstrate(on server: DeskServer, pace: Int) {
    let thread = Thread {
      for seed in 1... {
        let job = try? server.submit(
          [
            "action": "research-run",
            "params": ["seed": .integer(seed), "pace": .integer(pace)],
          ], by: "demo")
        guard let job, server.waitForEnd(of: job.id)?.state == .completed else { return }
      }
    }
    thread.name = "athanor demo"
    thread.start()
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
