package import Essentials

extension RetrievalPack {
  /// The number of candidates of each kind, as `budget.*` events have it under `selected_topk`.
  package var topK: PromptFacts.TopK {
    PromptFacts.TopK(
      subcategories: selectedSubcategories.count, datasets: datasets.count, fields: fields.count,
      operators: operators.count)
  }

  /// The lanes of the fields and operators, as `budget.*` events have them under `lane_ratio`: the
  /// shares with four decimals, 0 of an empty pack.
  package var laneRatio: JSONValue {
    let fields = PackSelection.LaneCounts(fields.map(\.lane))
    let operators = PackSelection.LaneCounts(operators.map(\.lane))
    let exploit = fields.exploit + operators.exploit
    let explore = fields.explore + operators.explore
    let total = Double(max(1, exploit + explore))
    func share(_ count: Int) -> JSONValue {
      .number((Double(count) / total * 1e4).rounded(.toNearestOrEven) / 1e4)
    }
    func counts(_ counts: PackSelection.LaneCounts) -> JSONValue {
      ["exploit": .integer(counts.exploit), "explore": .integer(counts.explore)]
    }
    return [
      "exploit_ratio": share(exploit), "explore_ratio": share(explore),
      "exploit_count": .integer(exploit), "explore_count": .integer(explore),
      "fields": counts(fields), "operators": counts(operators),
    ]
  }

  /// Pairs of a field and an operator, each once: the first twenty of either kind, field by field.
  package var combinations: [String] {
    var seen: Set<String> = []
    return fields.prefix(20).flatMap { field in
      operators.prefix(20).map { "\(field.id)::\($0.name)" }
    }.filter { seen.insert($0).inserted }
  }

  /// The pairs that the event of a prompt carries.
  package var comboSample: [String] { Array(combinations.prefix(64)) }
}
