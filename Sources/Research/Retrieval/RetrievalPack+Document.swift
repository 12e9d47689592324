package import Essentials

extension RetrievalPack {
  /// Rules that stand in every pack.
  private static let rules = [
    "Use only the fields and operators that are listed.",
    "Never ask for the whole catalogue.",
    "The lists grow only after the same validation error was repeated.",
  ]

  package init(reading reader: inout DocumentReader) {
    ideaID = reader.requiredText("idea_id")
    query = reader.line("query") ?? ""
    target = reader.object("target", SimulationTarget.init(reading:)) ?? target
    selectedSubcategories = reader.texts("selected_subcategories") ?? []
    for name in ["candidate_datasets", "candidate_fields", "candidate_operators"] {
      reader.requireMember(name)
    }
    datasets = reader.documents("candidate_datasets") ?? []
    fields = reader.documents("candidate_fields") ?? []
    operators = reader.documents("candidate_operators") ?? []
    visualGraph = reader.value("visual_graph") ?? .null
    budgetPolicy = reader.value("budget_policy") ?? [:]
    expansionPolicy = reader.value("expansion_policy") ?? [:]
    let isGuarded = reader.object("context_guard") { $0.flag("full_metadata_blocked") } ?? true
    if isGuarded == false {
      reader.noteContradiction(
        "context_guard", "lets the whole catalogue through",
        remedy: "Set full_metadata_blocked to true.")
    }
    retrievalMilliseconds =
      reader.object("telemetry") { $0.whole("retrieval_ms", in: 0...Int.max) ?? 0 } ?? 0
  }

  package var json: JSONValue {
    .object(
      promptMembers + [
        .init("visual_graph", visualGraph),
        .init("token_estimate", tokenEstimate),
        .init("budget_policy", budgetPolicy),
        .init("expansion_policy", expansionPolicy),
        .init(
          "telemetry",
          ["retrieval_ms": .integer(retrievalMilliseconds), "candidate_counts": candidateCounts]),
      ])
  }

  /// The number of candidates of each kind.
  package var candidateCounts: JSONValue {
    [
      "subcategories": .integer(selectedSubcategories.count),
      "datasets": .integer(datasets.count),
      "fields": .integer(fields.count),
      "operators": .integer(operators.count),
    ]
  }

  /// What the candidates cost as they stand: characters, and tokens by the rough estimate.
  package var tokenEstimate: JSONValue {
    let characters = JSONValue.object(promptMembers).compactText.unicodeScalars.count
    return [
      "input_chars": .integer(characters),
      "input_tokens_rough": .integer(RoughEstimate.tokens(characters: characters)),
    ]
  }

  private var promptMembers: [JSONValue.Member] {
    [
      .init("idea_id", .string(ideaID)),
      .init("query", .string(query)),
      .init("target", target.json),
      .init("selected_subcategories", .strings(selectedSubcategories)),
      .init("candidate_datasets", .array(datasets.map(\.json))),
      .init("candidate_fields", .array(fields.map(\.json))),
      .init("candidate_operators", .array(operators.map(\.json))),
      .init(
        "lanes", ["exploit": laneMembers(.exploit), "explore": laneMembers(.explore)]),
      .init(
        "context_guard",
        [
          "full_metadata_blocked": .bool(true), "rules": .strings(Self.rules),
          "max_items": candidateCounts,
        ]),
    ]
  }

  private func laneMembers(_ lane: Lane) -> JSONValue {
    [
      "field_ids": .strings(fields.filter { $0.lane == lane }.map(\.id)),
      "operator_names": .strings(operators.filter { $0.lane == lane }.map(\.name)),
    ]
  }
}
