package import Essentials
import Foundation
package import Networking

/// A signed-in connection to WorldQuant BRAIN.
///
/// 1. Nobody asks whether the session still stands before a question: its end is known from the login,
///    and a question that is answered with 401 leads to one login and is asked once more.
/// 2. The password is read when a login needs it, and kept nowhere.
/// 3. Cookies go to BRAIN's own origin only, and lie in a file that its owner alone may read.
/// 4. Busy answers (429 and 5xx) are waited out as ``BrainPatience`` says, for each family of
///    questions apart; a question that must not be repeated is not, where BRAIN may have acted on it.
/// 5. Several questions may be under way at once; a login that they need is made once.
/// 6. A demand for a face is kept beside the cookies for a quarter of an hour: whoever logs in next
///    goes on with the login that a person may have confirmed meanwhile, and shows the same address.
package actor BrainSession {
  /// Where BRAIN answers everybody.
  package static let usualAddress = "https://api.worldquantbrain.com"
  /// A session that ends sooner than this is renewed before the next question.
  private static let leastLife: Int64 = 60_000
  /// For so long a login waits for a face before another is begun, in milliseconds.
  private static let demandLife: Int64 = 900_000
  /// How often a face may be asked for in one login.
  private static let personaTriesMax = 3

  package nonisolated let base: HTTPAddress
  package nonisolated let effects: BrainEffects
  package nonisolated let patience: BrainPatience
  private let client: HTTPClient
  private let credentials: @Sendable () throws(BrainFailure) -> BrainCredentials
  private let cookieFile: String?
  private let person: (@Sendable (BrainPersona) async -> Bool)?

  private var cookies: BrainCookies
  /// How many logins there were; tells an old 401 from a current one.
  private var generation = 0
  private var login: Task<Result<Void, BrainFailure>, Never>?
  private var streaks: [String: Streak] = [:]

  private struct Streak {
    var count = 0
    var last: Timestamp?
    var notBefore: Timestamp?
  }

  /// Prepares a session; nothing is sent before the first question.
  ///
  /// - Parameters:
  ///   - credentials: gives the account when a login needs it.
  ///   - cookieFile: where the session is kept from one process to the next, nil for nowhere.
  ///   - person: shows a demand to a person and returns true when it was met, false to give up; nil
  ///     where there is no person.
  package init(
    base: HTTPAddress, client: HTTPClient, effects: BrainEffects,
    patience: BrainPatience = BrainPatience(), cookieFile: String? = nil,
    credentials: @escaping @Sendable () throws(BrainFailure) -> BrainCredentials,
    person: (@Sendable (BrainPersona) async -> Bool)? = nil
  ) throws(BrainFailure) {
    guard base.scheme == .https || ["127.0.0.1", "localhost", "[::1]"].contains(base.host) else {
      throw .insecureAddress(origin: base.origin)
    }
    self.base = base
    self.client = client
    self.effects = effects
    self.patience = patience
    self.credentials = credentials
    self.cookieFile = cookieFile
    self.person = person
    cookies =
      if let cookieFile { try BrainCookies(path: cookieFile, origin: base.origin) } else {
        BrainCookies(origin: base.origin)
      }
  }

  // MARK: Questions

  /// Asks and returns BRAIN's answer with a status from 200 to 299.
  package func ask(_ question: BrainQuestion) async throws(BrainFailure) -> HTTPResponse {
    let response = try await answer(to: question)
    guard response.isSuccess else {
      throw .refused(
        status: response.status, endpoint: question.endpoint,
        detail: BrainComplaint(body: response.body).description)
    }
    return response
  }

  /// Asks and reads the answer as JSON.
  package func document(_ question: BrainQuestion) async throws(BrainFailure) -> JSONValue {
    let response = try await ask(question)
    return try Self.document(response, of: question)
  }

  /// Whether the account may do something that BRAIN names, such as `MULTI_SIMULATION`. BRAIN said so at
  /// the login, or is asked.
  package func may(_ permission: String) async throws(BrainFailure) -> Bool {
    if cookies.isEmpty || isEnding { try await logIn() }
    if cookies.permissions == nil {
      let answer = try await document(BrainQuestion(.get, "authentication"))
      cookies.permissions = answer["permissions"].map(Row.texts) ?? []
      try keepCookies()
    }
    return cookies.permissions?.contains(permission) ?? false
  }

  /// Asks until the answer is ready: BRAIN says `Retry-After` as long as it is not. Each answer on the
  /// way is shown to `whileWaiting`.
  ///
  /// - Throws: ``BrainFailure/notReady(endpoint:waited:)`` after `longest`.
  package func ready(
    _ question: BrainQuestion, longest: Duration,
    whileWaiting: @Sendable (HTTPResponse) -> Void = { _ in }
  ) async throws(BrainFailure) -> HTTPResponse {
    var waited = Duration.zero
    while true {
      let response = try await ask(question)
      guard let asked = RetryAfter.wait(in: response.headers, at: effects.now()) else {
        return response
      }
      whileWaiting(response)
      let wait = max(asked, .milliseconds(500))
      guard waited + wait <= longest else {
        throw .notReady(endpoint: question.endpoint, waited: waited)
      }
      waited += wait
      try await pause(wait)
    }
  }

  /// Asks and returns whatever BRAIN answers, once it is not busy and the session stands.
  package func answer(to question: BrainQuestion) async throws(BrainFailure) -> HTTPResponse {
    var waited = Duration.zero
    var hasLoggedInAgain = false
    while true {
      if cookies.isEmpty || isEnding { try await logIn() }
      let asked = generation
      waited += try await cooldown(of: question.family)
      switch await exchange(try request(for: question)) {
      case .failure(let failure):
        if question.repeatability == .onlyOnce, failure.mayHaveBeenReceived {
          throw .unreachable(failure)
        }
        let streak = noteRefusal(of: question.family)
        guard
          let wait = patience.wait(
            after: failure, streak: streak, waited: waited, chance: effects.chance())
        else {
          if case .cancelled = failure { throw .cancelled }
          throw .unreachable(failure)
        }
        waited += wait
        try await pause(wait)
      case .success(let response) where response.status == 401:
        guard !hasLoggedInAgain else {
          throw .refused(
            status: 401, endpoint: question.endpoint,
            detail: BrainComplaint(body: response.body).description)
        }
        hasLoggedInAgain = true
        if asked == generation { try await logIn() }
      case .success(let response) where mayWait(for: response, question):
        let streak = noteRefusal(of: question.family)
        guard
          let wait = patience.wait(
            status: response.status, headers: response.headers, streak: streak, waited: waited,
            at: effects.now(), chance: effects.chance())
        else {
          throw .busy(
            status: response.status, endpoint: question.endpoint,
            wait: RetryAfter.wait(in: response.headers, at: effects.now()))
        }
        streaks[question.family]?.notBefore = effects.now().advanced(by: wait)
      case .success(let response):
        streaks[question.family] = nil
        if !response.headers.all("Set-Cookie").isEmpty {
          cookies.take(response.headers)
          try keepCookies()
        }
        return response
      }
    }
  }

  /// Reads an answer as JSON.
  package static func document(
    _ response: HTTPResponse, of question: BrainQuestion
  ) throws(BrainFailure) -> JSONValue {
    do {
      return try JSONValue(parsing: response.text)
    } catch {
      throw .strangeAnswer(
        endpoint: question.endpoint,
        reason: "it is no JSON at byte \(error.offset), where \(error.expectation) is expected")
    }
  }

  /// Returns the address that BRAIN means by `Location`, if it is one of its own: cookies must not go
  /// anywhere else.
  package nonisolated func address(
    _ location: String, from question: BrainQuestion
  ) throws(BrainFailure) -> HTTPAddress {
    let address: HTTPAddress
    do {
      address = try target(of: question).resolving(location)
    } catch {
      throw .badAddress(error)
    }
    guard address.origin == base.origin else {
      throw .strangeAnswer(
        endpoint: question.endpoint, reason: "it points to \(address.origin), which is not BRAIN")
    }
    return address
  }

  /// Waits as the effects do it.
  package nonisolated func pause(_ duration: Duration) async throws(BrainFailure) {
    await effects.pause(duration)
    if Task.isCancelled { throw .cancelled }
  }

  // MARK: Login

  /// Begins a session, unless another question is doing that already.
  ///
  /// - Throws: ``BrainFailure/personMustAct(_:)`` where a face is asked for and no person is there.
  package func logIn() async throws(BrainFailure) {
    if let login { return try await login.value.get() }
    let task = Task { await self.attemptLogin() }
    login = task
    let result = await task.value
    login = nil
    try result.get()
  }

  /// Tells BRAIN that the person has done what was demanded.
  ///
  /// - Throws: ``BrainFailure/personMustAct(_:)`` again where BRAIN does not see it so.
  package func confirm(_ persona: BrainPersona) async throws(BrainFailure) {
    let question = BrainQuestion(.post, .given(persona.address))
    let response = try await loginExchange(question, secrets: [])
    guard response.isSuccess else {
      if response.status == 401 { throw .personMustAct(persona) }
      throw .refused(
        status: response.status, endpoint: question.endpoint,
        detail: BrainComplaint(body: response.body).description)
    }
    try begin(response, of: question)
  }

  private func attemptLogin() async -> Result<Void, BrainFailure> {
    do throws(BrainFailure) {
      try await authenticate()
      return .success(())
    } catch {
      return .failure(error)
    }
  }

  private func authenticate() async throws(BrainFailure) {
    switch try await earlierDemand() {
    case .none: break
    case .met: return
    case .unmet(let persona): return try await wait(for: persona)
    }
    let question = BrainQuestion(.post, "authentication")
    let response = try await loginExchange(
      question, secrets: [.init("Authorization", credentials().authorization)])
    if response.isSuccess { return try begin(response, of: question) }
    guard response.status == 401 else {
      throw .refused(
        status: response.status, endpoint: question.endpoint,
        detail: BrainComplaint(body: response.body).description)
    }
    guard let persona = try persona(in: response, of: question) else {
      throw .wrongCredentials(detail: BrainComplaint(body: response.body).description)
    }
    cookies.demand = BrainCookies.Demand(persona, at: effects.now())
    try keepCookies()
    try await wait(for: persona)
  }

  private enum EarlierDemand {
    case none
    case met
    case unmet(BrainPersona)
  }

  /// Goes on with the login that was left at a demand for a face, which may have been met since.
  private func earlierDemand() async throws(BrainFailure) -> EarlierDemand {
    guard let demand = cookies.demand else { return .none }
    let age = effects.now().millisecondsSinceEpoch - demand.madeAt.millisecondsSinceEpoch
    cookies.demand = nil
    guard (0...Self.demandLife).contains(age) else { return .none }
    do throws(BrainFailure) {
      try await confirm(demand.persona)
      return .met
    } catch {
      switch error {
      case .personMustAct:
        cookies.demand = demand
        return .unmet(demand.persona)
      // BRAIN does not know the login any more.
      case .refused: return .none
      default: throw error
      }
    }
  }

  private func wait(for persona: BrainPersona) async throws(BrainFailure) {
    guard let person else { throw .personMustAct(persona) }
    for tries in 1...Self.personaTriesMax {
      guard await person(persona) else { break }
      do {
        return try await confirm(persona)
      } catch {
        guard case .personMustAct = error, tries < Self.personaTriesMax else { throw error }
      }
    }
    throw .personMustAct(persona)
  }

  /// The demand of an answer, nil where it makes none.
  private func persona(
    in response: HTTPResponse, of question: BrainQuestion
  ) throws(BrainFailure) -> BrainPersona? {
    let challenge = response.headers["WWW-Authenticate"]?.lowercased() ?? ""
    let body = try? JSONValue(parsing: response.text)
    if challenge.contains("persona"), let location = response.headers["Location"] {
      return BrainPersona(address: try address(location, from: question))
    }
    if case .string(let inquiry)? = body?["inquiry"] {
      return BrainPersona(
        address: base.appending(
          "authentication", "persona", query: [(name: "inquiry", value: inquiry)]))
    }
    return nil
  }

  private func begin(
    _ response: HTTPResponse, of question: BrainQuestion
  ) throws(BrainFailure) {
    cookies = BrainCookies(origin: base.origin)
    cookies.take(response.headers)
    guard !cookies.isEmpty else {
      throw .strangeAnswer(endpoint: question.endpoint, reason: "it brings no cookie")
    }
    let document = try? JSONValue(parsing: response.text)
    let seconds: Double? =
      switch document?["token"]?["expiry"] {
      case .integer(let number): Double(number)
      case .number(let number): number
      default: nil
      }
    if let seconds, (0...31_536_000).contains(seconds) {
      cookies.expiry = effects.now().advanced(by: .milliseconds(Int64(seconds * 1000)))
    }
    cookies.permissions = document?["permissions"].map(Row.texts)
    generation += 1
    try keepCookies()
  }

  private func keepCookies() throws(BrainFailure) {
    if let cookieFile { try cookies.save(to: cookieFile) }
  }

  private var isEnding: Bool {
    guard let expiry = cookies.expiry else { return false }
    return expiry.millisecondsSinceEpoch - effects.now().millisecondsSinceEpoch < Self.leastLife
  }

  /// Asks without cookies, and waits out a busy BRAIN.
  private func loginExchange(
    _ question: BrainQuestion, secrets: [HTTPRequest.SecretField]
  ) async throws(BrainFailure) -> HTTPResponse {
    var waited = Duration.zero
    var streak = 0
    while true {
      streak += 1
      let wait: Duration?
      let failure: BrainFailure
      switch await exchange(try request(for: question, secrets: secrets)) {
      case .success(let response):
        guard RetryPolicy.isTemporary(response.status) else { return response }
        wait = patience.wait(
          status: response.status, headers: response.headers, streak: streak, waited: waited,
          at: effects.now(), chance: effects.chance())
        failure = .busy(
          status: response.status, endpoint: question.endpoint,
          wait: RetryAfter.wait(in: response.headers, at: effects.now()))
      case .failure(let broken):
        wait = patience.wait(
          after: broken, streak: streak, waited: waited, chance: effects.chance())
        failure = broken.isCancelled ? .cancelled : .unreachable(broken)
      }
      guard let wait else { throw failure }
      waited += wait
      try await pause(wait)
    }
  }

  // MARK: Exchange

  private func request(
    for question: BrainQuestion, secrets: [HTTPRequest.SecretField]? = nil
  ) throws(BrainFailure) -> HTTPRequest {
    var headers: HTTPHeaders = ["Accept": "application/json"]
    if question.body != nil { headers["Content-Type"] = "application/json" }
    do {
      return try HTTPRequest(
        question.method, target(of: question), headers: headers,
        secrets: secrets ?? cookies.field.map { [$0] } ?? [],
        body: Array((question.body?.compactText ?? "").utf8),
        limits: HTTPLimits(
          connecting: .seconds(15), firstByte: .seconds(60), total: .seconds(180),
          bodyBytes: 64 << 20))
    } catch {
      throw .credentialsMalformed(
        path: cookieFile ?? "of the session", reason: error.explanation)
    }
  }

  private nonisolated func target(of question: BrainQuestion) -> HTTPAddress {
    switch question.place {
    case .path(let path, let query):
      path.dropLast().reduce(base) { $0.appending($1) }.appending(
        path.last ?? "", query: query.map { ($0.name, $0.value) })
    case .given(let address): address
    }
  }

  private func exchange(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPFailure> {
    do throws(HTTPFailure) {
      return .success(try await client.send(request))
    } catch {
      return .failure(error)
    }
  }

  /// Whether an answer only says that BRAIN is busy. A question that must not be repeated is handed
  /// back instead, so that who asked it can tell what may have happened.
  private func mayWait(for response: HTTPResponse, _ question: BrainQuestion) -> Bool {
    RetryPolicy.isTemporary(response.status) && question.repeatability == .repeatable
  }

  /// Counts refusals in a row; those that lie more than two minutes apart are not in a row.
  private func noteRefusal(of family: String) -> Int {
    let now = effects.now()
    var streak = streaks[family] ?? Streak()
    let end = max(streak.last ?? now, streak.notBefore ?? now)
    if now.millisecondsSinceEpoch - end.millisecondsSinceEpoch > 120_000 { streak.count = 0 }
    streak.count += 1
    streak.last = now
    streaks[family] = streak
    return streak.count
  }

  /// Waits until questions of this family may be asked again, and returns for how long it waited.
  private func cooldown(of family: String) async throws(BrainFailure) -> Duration {
    let now = effects.now()
    guard let end = streaks[family]?.notBefore, end > now else { return .zero }
    let wait = Duration.milliseconds(end.millisecondsSinceEpoch - now.millisecondsSinceEpoch)
    try await pause(wait)
    return wait
  }
}

extension HTTPFailure {
  fileprivate var isCancelled: Bool { if case .cancelled = self { true } else { false } }
}

extension Timestamp {
  /// Returns the instant that much later.
  func advanced(by duration: Duration) -> Timestamp {
    let milliseconds =
      duration.components.seconds * 1000
      + duration.components.attoseconds / 1_000_000_000_000_000
    return Timestamp(millisecondsSinceEpoch: millisecondsSinceEpoch + milliseconds)
  }
}
