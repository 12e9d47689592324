import Essentials
import Networking

/// The alphas of an account on BRAIN: what they achieved, and the submission of one.
///
/// BRAIN computes most of this when it is asked; every question here waits until it is ready.
package struct BrainAlphas: Sendable {
  private let session: BrainSession
  private let longest: Duration

  /// - Parameter longest: how long to wait for one thing that BRAIN computes.
  package init(session: BrainSession, longest: Duration = .seconds(1800)) {
    self.session = session
    self.longest = longest
  }

  /// Fetches an alpha.
  package func alpha(_ id: String) async throws(BrainFailure) -> BrainAlpha {
    let question = BrainQuestion(.get, "alphas", id)
    let response = try await session.ready(question, longest: longest)
    guard let alpha = BrainAlpha(try BrainSession.document(response, of: question)) else {
      throw .strangeAnswer(endpoint: question.endpoint, reason: "it is no alpha")
    }
    return alpha
  }

  /// Returns the names of the tables that an alpha has, none where BRAIN does not say.
  package func recordSetNames(_ id: String) async throws(BrainFailure) -> [String] {
    let question = BrainQuestion(.get, "alphas", id, "recordsets")
    guard let answer = try await table(question) else { return [] }
    for list in [answer, answer["results"], answer["recordsets"]] {
      if case .array? = list, let list { return Row.texts(list) }
    }
    return []
  }

  /// Fetches a table of an alpha, nil where there is none: some accounts are given empty answers, or
  /// such as are no JSON, in place of it.
  package func recordSet(
    _ name: String, of id: String
  ) async throws(BrainFailure) -> BrainRecordSet? {
    let question = BrainQuestion(.get, "alphas", id, "recordsets", name)
    return try await table(question).flatMap { BrainRecordSet($0, name: name) }
  }

  /// Asks for all checks of an alpha, those before a submission included.
  package func checks(_ id: String) async throws(BrainFailure) -> [BrainCheck] {
    let question = BrainQuestion(.get, "alphas", id, "check")
    let response = try await session.ready(question, longest: longest)
    let answer = try BrainSession.document(response, of: question)
    return BrainCheck.list(answer["is"]?["checks"])
  }

  /// Whom an alpha is compared with.
  package enum Peers: String, Hashable, Sendable {
    /// The account's own submitted alphas.
    case own = "self"
    /// Everybody's.
    case production = "prod"
  }

  /// Asks how an alpha correlates with others.
  package func correlation(
    of id: String, with peers: Peers
  ) async throws(BrainFailure) -> BrainCorrelation {
    let question = BrainQuestion(.get, "alphas", id, "correlations", peers.rawValue)
    let response = try await session.ready(question, longest: longest)
    return BrainCorrelation(try BrainSession.document(response, of: question))
  }

  /// Returns the alphas among the account's latest that a simulation would have made, so that a person
  /// can decide about one whose submission was lost.
  ///
  /// - Parameter latest: how many of the latest alphas are looked at, at most a hundred.
  package func matching(
    _ simulation: BrainSimulation, latest: Int = 100
  ) async throws(BrainFailure) -> [BrainAlpha] {
    let question = BrainQuestion(
      .get, "users", "self", "alphas",
      query: [.init("limit", String(min(100, max(1, latest)))), .init("order", "-dateCreated")])
    guard case .array(let rows)? = try await session.document(question)["results"] else {
      throw .strangeAnswer(endpoint: question.endpoint, reason: "it has no results")
    }
    return rows.filter { simulation.isDescribed(by: $0) }.compactMap { BrainAlpha($0) }
  }

  /// What became of a submission to the fund.
  package enum Submission: Hashable, Sendable {
    case accepted
    /// BRAIN refused, with the checks that speak against it.
    case refused([BrainCheck], reason: String)
    /// The answer was lost: look at the alpha's status before anything else.
    case unknown(reason: String)
  }

  /// Submits an alpha to the fund. This cannot be taken back, and nothing in the desk does it by
  /// itself.
  package func submit(_ id: String) async throws(BrainFailure) -> Submission {
    let question = BrainQuestion(
      .post, "alphas", id, "submit", repeatability: .onlyOnce)
    let response: HTTPResponse
    do throws(BrainFailure) {
      response = try await session.answer(to: question)
    } catch {
      guard case .unreachable(let failure) = error, failure.mayHaveBeenReceived else {
        throw error
      }
      return .unknown(reason: failure.explanation)
    }
    switch response.status {
    case 200...299: return try await submissionEnd(id)
    case 403: return Self.refusal(response.body)
    case 500, 502, 504:
      return .unknown(reason: "BRAIN answered with status \(response.status)")
    default:
      throw .refused(
        status: response.status, endpoint: question.endpoint,
        detail: BrainComplaint(body: response.body).description)
    }
  }

  private func submissionEnd(_ id: String) async throws(BrainFailure) -> Submission {
    let question = BrainQuestion(.get, "alphas", id, "submit")
    var waited = Duration.zero
    while true {
      let response = try await session.answer(to: question)
      if response.status == 403 { return Self.refusal(response.body) }
      guard response.isSuccess else {
        return .unknown(reason: "\(BrainComplaint(body: response.body))")
      }
      guard let wait = RetryAfter.wait(in: response.headers, at: session.effects.now()) else {
        let answer = try? JSONValue(parsing: response.text)
        let checks = BrainCheck.list(answer?["is"]?["checks"])
        return checks.contains { $0.result == .fail }
          ? .refused(checks, reason: "a check failed") : .accepted
      }
      guard waited + wait <= longest else {
        return .unknown(reason: "BRAIN did not say within \(waited.shownSeconds) s")
      }
      waited += wait
      try await session.pause(max(wait, .milliseconds(500)))
    }
  }

  private static func refusal(_ body: [UInt8]) -> Submission {
    let answer = try? JSONValue(parsing: String(decoding: body, as: UTF8.self))
    let checks = BrainCheck.list(answer?["is"]?["checks"])
    return .refused(
      checks, reason: checks.isEmpty ? BrainComplaint(body: body).description : "a check failed")
  }

  /// Asks for a table, nil where the answer is no JSON.
  private func table(_ question: BrainQuestion) async throws(BrainFailure) -> JSONValue? {
    let response = try await session.ready(question, longest: longest)
    return try? JSONValue(parsing: response.text)
  }
}
