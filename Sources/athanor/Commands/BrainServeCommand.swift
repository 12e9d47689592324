import Backtesting
import Essentials
import Markets
import Networking
import Research
import Services

/// `athanor brain serve`: a server that answers like WorldQuant BRAIN.
enum BrainServeCommand {
  private static let port = ServerOptions.port(8766)
  private static let persona = Option.flag(
    "persona", help: "Let every login be confirmed in a browser, as accounts with a face check.")
  private static let consultant = Option.flag(
    "consultant", help: "Judge by a consultant's limits, and allow eight submissions at once.")
  private static let quota = Option(
    "quota", .whole("count", in: 1...1_000_000), default: 10_000,
    help: "Simulations of a day, which ends at midnight in New York.")
  private static let seconds = Option(
    "simulation-seconds", .number("seconds", in: 0...3600), default: 1,
    help: "The least that a simulation seems to take, so that tools have something to wait for.")
  private static let alphas = Option<String?>.optional(
    "alphas", .folder(),
    help: "Where alphas and simulations are kept; otherwise brain/ in the desk's folder.")

  static let command: Command = Command(
    "serve", summary: "Answer like WorldQuant BRAIN, with simulations on a local panel",
    discussion: [
      """
      Tools that were written for BRAIN run against it offline: login, options, operators, data, \
      single and multi-simulations with progress and limits, alphas, tables, checks, correlations and \
      submissions. The figures are those of `athanor simulate` on the panel, which stands for the \
      region USA; nothing leaves this machine, and a submission submits nothing to anybody.
      """,
      """
      The account is taken from BRAIN_CREDENTIAL_EMAIL and BRAIN_CREDENTIAL_PASSWORD or the file that \
      prepare-credentials writes; without one it is `quant@local` with the password `athanor`, which \
      only this machine may use. Alphas, and simulations that are under way, outlive the server.
      """,
    ],
    options: [port.definition] + ServerOptions.definitions + [
      BrainFlags.credentials.definition, persona.definition, consultant.definition,
      quota.definition, seconds.definition, alphas.definition, PanelOptions.panel.definition,
      PanelOptions.store.definition, PricingChoices.threads.definition,
    ],
    examples: [
      Command.Example("athanor brain serve", "Serves at http://127.0.0.1:8766")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let surroundings = invocation.surroundings
    let configuration = try invocation.serverConfiguration(port: port)
    var setup = try account(invocation, host: configuration.host)
    setup.demandsPersona = invocation[persona]
    if invocation[consultant] {
      setup.audience = .consultant
      setup.concurrency = 8
    }
    setup.dailyQuota = invocation[quota]
    setup.simulationSeconds = invocation[seconds]
    setup.threads = invocation[PricingChoices.threads] ?? surroundings.processors
    let panel = try invocation.openPanel()
    setup.folder =
      try invocation[alphas] ?? invocation.library().folders.home + "/brain/\(panel.name)"
    let ended = surroundings.arrangeEnd()
    let log = try invocation[ServerOptions.log].map { try AccessLog(path: $0) }
    let brain = try BrainServer(
      panel: panel, setup: setup, now: surroundings.now, chance: surroundings.chance)
    let server = HTTPServer(
      configuration: configuration,
      router: Router(
        routes: brain.routes,
        guardian: BrainGuard(
          boundAddress: configuration.host, names: invocation[ServerOptions.hostNames])),
      now: surroundings.now, elapsed: surroundings.elapsed, log: { log?.note($0) })
    let address = invocation.address(of: configuration, port: try server.start())
    let output = surroundings.output
    try output.write(
      invocation[StandingOptions.json]
        ? (["address": .string(address), "panel": .string(panel.name)] as JSONValue).compactText
          + "\n"
        : "BRAIN's interface at \(address) on the panel \(panel.name)\n"
          + "Ctrl-C ends it.\n")
    try invocation.warnOfOpenWire(configuration)
    ended()
    server.stop(grace: .seconds(5))
    log?.finish()
    let seen = server.statistics
    return try invocation.farewell(
      ["address": .string(address), "requests": .integer(seen.requestsTotal)],
      "Ended after \(seen.requestsTotal) requests.")
  }

  private static func account(_ invocation: Invocation, host: String) throws -> BrainServerSetup {
    do throws(BrainFailure) {
      let found = try BrainCredentials.find(
        environment: invocation.surroundings.environment,
        path: invocation[BrainFlags.credentials] ?? invocation.brainAccountFile)
      return BrainServerSetup(email: found.email.revealed, password: found.password)
    } catch {
      // A password that everybody knows is for this machine alone.
      guard ["127.0.0.1", "localhost", "::1"].contains(host) else { throw error }
      return BrainServerSetup(email: "quant@local", password: SecretText("athanor"))
    }
  }
}
