import Essentials
import Networking
import Research

/// The options of commands that talk to WorldQuant BRAIN.
enum BrainFlags {
  static let credentials = Option<String?>.optional(
    "credentials", .file(),
    help: "The file of the account, in place of the usual one.")
  static let interactiveLogin = Option.flag(
    "interactive-login",
    help: "Wait at the terminal while BRAIN wants to see your face in a browser.")
  static let url = Option<String?>.optional(
    "brain-url", .text("url"),
    help: "Where BRAIN answers, in place of the usual address.")
  static let folder = Option(
    "meta-dir", .folder(), default: "data/meta", help: "Where metadata lies.")

  static let all = [
    credentials.definition, interactiveLogin.definition, url.definition, folder.definition,
  ]

  /// What the variables mean, for the pages of help.
  static let explanation = """
    The account is taken from BRAIN_CREDENTIAL_EMAIL and BRAIN_CREDENTIAL_PASSWORD, or else from the \
    file that prepare-credentials writes, usually ~/.brain_credentials. The session is kept in \
    ~/.brain_session.json, which only you may read. BRAIN is asked at the address of --brain-url, of \
    BRAIN_API_URL, or at \(BrainSession.usualAddress). Where it wants to see your face, the exit code \
    is 3 and the address to open is told; the command then goes on when it is run again. With \
    --interactive-login, or BRAIN_INTERACTIVE_LOGIN=1, it waits for you instead.
    """
}

extension Invocation {
  /// A session with BRAIN as the command line and the environment want it.
  func brainSession(patience: BrainPatience = BrainPatience()) throws -> BrainSession {
    let environment = surroundings.environment
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let file = self[BrainFlags.credentials] ?? brainAccountFile
    let surroundings = surroundings
    let isInteractive =
      self[BrainFlags.interactiveLogin] || environment["BRAIN_INTERACTIVE_LOGIN"] == "1"
    let person = isInteractive ? surroundings.person : nil
    return try BrainSession(
      base: HTTPAddress(
        self[BrainFlags.url] ?? environment["BRAIN_API_URL"] ?? BrainSession.usualAddress),
      client: HTTPClient(),
      effects: BrainEffects(
        now: surroundings.now, pause: { await surroundings.rest($0) },
        chance: surroundings.chance),
      patience: patience, cookieFile: home.map { $0 + "/.brain_session.json" },
      credentials: { () throws(BrainFailure) in
        try BrainCredentials.find(environment: environment, path: file)
      },
      person: person.map { person in
        { @Sendable persona in
          person.ask(
            """
            BRAIN wants to see your face. Open this address in a browser:
              \(persona.actionURL)
            Press Enter when you have finished, or Ctrl-D to give up. 
            """, .shown) != nil
        }
      })
  }

  /// The usual file of the account, relative to the folder at hand where there is no home.
  var brainAccountFile: String {
    let home = surroundings.environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/" : nil }
    return (home ?? "") + BrainCredentials.usualFile
  }

  /// Does work with BRAIN, and turns its demand for a face into one that the front door explains.
  func withBrain<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    do {
      return try surroundings.wait(for: work)
    } catch let failure as BrainFailure {
      if let demand = ActionDemand(failure) { throw demand }
      throw failure
    }
  }
}
