package import Essentials

/// What somebody asks the ledger before a language model is called.
package struct CallRequest: Hashable, Sendable {
  package var run: String
  package var idea: String
  /// The stage of research, such as `alpha_maker`.
  package var stage: String
  package var lane: Lane
  package var provider: String
  package var model: String
  /// The upper bound of the prompt's tokens.
  package var promptTokensMax: Int
  /// The ceiling that the provider is told for the completion, reasoning included.
  package var completionTokensMax: Int
  /// The estimate from which calibration learns, 0 where the prompt was counted exactly.
  package var promptTokensBasis = 0
  /// 1 for the first call of its kind; a retry is a call of its own with a higher number.
  package var attempt = 1
  package var expansion: ExpansionClaim?
  /// What the prompt compiler knows about the prompt, for the event.
  package var prompt: PromptFacts?
  /// The process that will make the call, so that its reservations can be given up with it.
  package var owner = ""

  package init(
    run: String, idea: String, stage: String, lane: Lane, provider: String, model: String,
    promptTokensMax: Int, completionTokensMax: Int
  ) {
    self.run = run
    self.idea = idea
    self.stage = stage
    self.lane = lane
    self.provider = provider
    self.model = model
    self.promptTokensMax = promptTokensMax
    self.completionTokensMax = completionTokensMax
  }

  package var tokens: Int { promptTokensMax + completionTokensMax }

  /// A longer name names nothing.
  package static let nameBytesMax = 256

  /// Why the request cannot be reserved at all, whatever the ceilings; nil where it can.
  package var objection: String? {
    Self.objection(to: promptTokensMax, of: "prompt")
      ?? Self.objection(to: completionTokensMax, of: "completion")
      ?? Self.objection(to: run, as: "run") ?? Self.objection(to: idea, as: "idea")
      ?? Self.objection(to: stage, as: "stage") ?? Self.objection(to: provider, as: "provider")
      ?? Self.objection(to: model, as: "model") ?? Self.objection(to: owner, as: "owner")
      ?? expansion.flatMap { Self.objection(to: $0.error, as: "error") }
  }

  private static func objection(to count: Int, of role: StaticString) -> String? {
    (0...TokenUsage.tokensMax).contains(count) ? nil : "its \(role) has \(count) tokens"
  }

  private static func objection(to name: String, as role: StaticString) -> String? {
    objection(toName: name).map { "its \(role) \($0)" }
  }

  /// Why no request and no event can carry a name, such as an idea's; nil where they can.
  package static func objection(toName name: String) -> String? {
    guard name.utf8.count <= nameBytesMax else { return "is longer than \(nameBytesMax) bytes" }
    return name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? nil : "has a control character"
  }
}

/// The evidence on which a prompt may exceed its ceiling once: the same error again and again.
package struct ExpansionClaim: Hashable, Sendable {
  /// What repeats: the error's code and the fingerprint of the formula.
  package var error: String
  /// How many times in a row it was seen.
  package var repeats: Int

  package init(error: String, repeats: Int) {
    self.error = error
    self.repeats = repeats
  }
}

/// What the prompt compiler knows about a prompt; the ledger hands it on.
package struct PromptFacts: Hashable, Sendable {
  /// How many candidates of each kind the prompt carries.
  package struct TopK: Hashable, Sendable {
    package var subcategories: Int
    package var datasets: Int
    package var fields: Int
    package var operators: Int

    package init(subcategories: Int, datasets: Int, fields: Int, operators: Int) {
      self.subcategories = subcategories
      self.datasets = datasets
      self.fields = fields
      self.operators = operators
    }
  }

  package var selectedTopK: TopK
  /// An object with the members that `budget.*` events have under `lane_ratio`.
  package var laneRatio: JSONValue
  package var coverageKPI: Double?
  package var noveltyKPI: Double?
  package var comboSample: [String]
  package var fallbackCount: Int
  package var exploreFloorPreserved: Bool

  package init(
    selectedTopK: TopK, laneRatio: JSONValue, coverageKPI: Double?, noveltyKPI: Double?,
    comboSample: [String], fallbackCount: Int, exploreFloorPreserved: Bool
  ) {
    self.selectedTopK = selectedTopK
    self.laneRatio = laneRatio
    self.coverageKPI = coverageKPI
    self.noveltyKPI = noveltyKPI
    self.comboSample = comboSample
    self.fallbackCount = fallbackCount
    self.exploreFloorPreserved = exploreFloorPreserved
  }
}
