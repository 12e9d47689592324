import Essentials
import Research
import Synchronization

/// A model that answers as it is told: with a function of the call and of how often this call was
/// made before.
final class RehearsedModel: LanguageModel {
  let identity = ModelIdentity(provider: "script", model: "script-1")
  private let script: @Sendable (ModelCall, Int) -> ModelOutcome
  private let seen = Mutex<[ModelCall]>([])

  init(_ script: @escaping @Sendable (ModelCall, Int) -> ModelOutcome) {
    self.script = script
  }

  /// Every call in order.
  var calls: [ModelCall] { seen.withLock { $0 } }

  func answer(_ call: ModelCall) async -> ModelOutcome {
    let before = seen.withLock { calls in
      defer { calls.append(call) }
      return calls.count { $0.seed == call.seed }
    }
    return script(call, before)
  }
}

/// Parts of scripts.
enum Script {
  /// The tokens that every answer says it used, unless it is told otherwise.
  static let prompt = 1_000
  static let completion = 500
  static let usage: JSONValue = [
    "prompt_tokens": .integer(prompt), "completion_tokens": .integer(completion),
  ]

  static func text(_ text: String, usage: JSONValue? = usage) -> ModelOutcome {
    .answered(ModelAnswer(text: text, usage: usage, responseID: "r"))
  }

  /// An answer to a call for formulas, or for another text of one.
  static func formulas(_ formulas: String..., to call: ModelCall) -> ModelOutcome {
    text(document(formulas, to: call))
  }

  static func document(_ formulas: [String], to call: ModelCall) -> String {
    let candidates = formulas.map { CandidateAlpha(ideaID: idea(of: call), formula: $0).json }
    if call.stage == .repair { return candidates[0].compactText }
    return JSONValue.object([.init("candidates", .array(candidates))]).compactText
  }

  static func idea(of call: ModelCall) -> String {
    switch call.subject {
    case .idea: ""
    case .alphas(let idea, _, _, _): idea.ideaID
    case .repair(let candidate, _, _): candidate.ideaID
    }
  }

  /// Formulas that check, different for every idea.
  static func sound(_ call: ModelCall, _ count: Int = 2) -> ModelOutcome {
    let days = 2 + idea(of: call).utf8.reduce(0) { $0 + Int($1) } % 7
    return text(
      document((0..<count).map { "rank(-ts_delta(close, \(days + 7 * $0)))" }, to: call))
  }

  static func failure(_ cause: ProviderFailure.Cause) -> ProviderFailure {
    ProviderFailure(.init(provider: "script", model: "script-1"), cause)
  }

  static let overloaded = failure(
    .complained(
      ProviderComplaint(status: 529, type: "overloaded_error", message: "Overloaded")))
  static let keyRejected = failure(
    .complained(ProviderComplaint(status: 401, message: "invalid key")))
  static let unended = failure(.unended)
  static var unreachable: ProviderFailure {
    get throws {
      let transfer: JSONValue = [
        "key": "could_not_connect", "explanation": "Nobody listens.", "remedy": "Start it.",
        "temporary": .bool(true), "may_have_been_received": .bool(false),
      ]
      return failure(.broken(try TransferBreak(json: transfer, document: "break")))
    }
  }
}
