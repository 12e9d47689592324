import Essentials

extension PromptText {
  /// Writes the parts of a prompt.
  ///
  /// - Parameter pack: with usable names only, nil for an idea.
  init(
    _ task: PromptTask, pack: RetrievalPack?, knowledge: PromptKnowledge, tellsSignatures: Bool,
    exploreShare: Double, exploreFloor: Int
  ) {
    instructions = Self.instructions(task.stage, knowledge, tellsSignatures: tellsSignatures)
    switch task.subject {
    case .idea(let notes):
      (schemaName, schema) = ("idea_spec", AnswerSchema.idea)
      end = Self.ideaEnd(notes, idea: task.idea)
    case .alphas(let idea, let pack, let wanted, let earlier):
      (schemaName, schema) =
        wanted > 1
        ? ("candidate_alphas", AnswerSchema.candidates)
        : ("candidate_alpha", AnswerSchema.candidate)
      let explores = pack.fields.contains { $0.lane == .explore }
      let split = LaneSplit(
        documentedTarget: wanted, exploit: task.lane == .explore ? 0 : wanted,
        explore: task.lane == .exploit || !explores && task.lane == .both ? 0 : wanted,
        share: exploreShare, floor: exploreFloor)
      end = Self.alphaEnd(idea, split, earlier: earlier)
    case .repair(let candidate, _, let findings):
      (schemaName, schema) = ("candidate_alpha", AnswerSchema.candidate)
      end = Self.repairEnd(candidate, findings)
    }
    guard let pack else {
      (operatorsHead, fieldsHead) = ("", "")
      (operators, fields, datasets, subcategories) = ([], [], [], [])
      return
    }
    operatorsHead = "# operators\n"
    let known = Dictionary(
      knowledge.usableSignatures.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    operators = pack.operators.map {
      Self.line($0, known[$0.name], tellsSignatures: tellsSignatures)
    }
    fieldsHead = "# fields\n"
    fields = pack.fields.map(Self.line)
    datasets = pack.datasets.map {
      "### \(OutsideText.line($0.name.isEmpty ? $0.id : $0.name, atMost: 80))\n"
    }
    subcategories = pack.subcategoriesInOrder.map { "## \(OutsideText.line($0, atMost: 80))\n" }
  }

  private static func line(_ field: RetrievalPack.Field) -> String {
    let kind =
      switch field.type {
      case "MATRIX": ""
      case "VECTOR": " V"
      case "GROUP": " G"
      default: " " + OutsideText.line(field.type, atMost: 12)
      }
    let meaning = OutsideText.line(field.meaning, atMost: Bound.meaning)
    return (field.lane == .explore ? "*" : "") + field.id + kind
      + (meaning.isEmpty ? "\n" : " | \(meaning)\n")
  }

  private static func line(
    _ candidate: RetrievalPack.Operator, _ known: PromptKnowledge.Signature?, tellsSignatures: Bool
  ) -> String {
    let mark = candidate.lane == .explore ? "*" : ""
    if let known { return mark + (tellsSignatures ? known.name : signature(known)) + "\n" }
    let form = candidate.definition ?? ""
    return mark
      + signature(
        PromptKnowledge.Signature(
          name: candidate.name, form: form.hasPrefix(candidate.name) ? form : candidate.name,
          meaning: form.hasPrefix(candidate.name) ? "" : form)) + "\n"
  }

  // MARK: - Questions

  private static func ideaEnd(_ notes: JSONValue, idea: String) -> String {
    var lines = ["# notes", "idea_id: \(OutsideText.quoted(idea, atMost: 128))"]
    for name in [
      "category", "subcategory", "overview", "hypothesis", "recent_performance_summary", "target",
    ] {
      guard let value = notes[name], value != .null else { continue }
      let text = if case .string(let text) = value { text } else { value.compactText }
      lines.append("\(name): \(OutsideText.quoted(text, atMost: 1_200))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func alphaEnd(
    _ idea: IdeaSpec, _ split: LaneSplit, earlier: [String]
  ) -> String {
    var lines = ["# idea"]
    lines.append("idea_id: \(OutsideText.quoted(idea.ideaID, atMost: 128))")
    lines.append("hypothesis: \(OutsideText.quoted(idea.hypothesis, atMost: 1_200))")
    for (name, words) in [
      ("themes", idea.themeTags), ("keywords", idea.keywordsForRetrieval),
    ] where !words.isEmpty {
      lines.append(
        "\(name): \(OutsideText.quoted(words.prefix(16).joined(separator: ", "), atMost: 400))")
    }
    if let intent = idea.explorationIntent, !intent.isEmpty {
      lines.append("intent: \(OutsideText.quoted(intent, atMost: 400))")
    }
    let target = idea.target
    let market = [target.instrumentType, target.region, target.universe].map {
      OutsideText.line($0, atMost: 40)
    }
    lines.append("target: \(market.joined(separator: " ")) delay \(target.delay)")
    if !earlier.isEmpty {
      lines.append("# propose none of these again")
      lines += earlier.suffix(Bound.earlier).map { OutsideText.quoted($0, atMost: 400) }
    }
    let wanted = split.exploit + split.explore
    lines.append("# wanted")
    lines.append(
      wanted == 1
        ? "One candidate of the lane \(split.explore == 1 ? "explore" : "exploit")."
        : "\(wanted) candidates with different economics: \(split.exploit) exploit, "
          + "\(split.explore) explore.")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func repairEnd(_ candidate: CandidateAlpha, _ findings: [String]) -> String {
    var lines = [
      "# candidate", "idea_id: \(OutsideText.quoted(candidate.ideaID, atMost: 128))",
      "formula: \(OutsideText.quoted(candidate.formula, atMost: 2_000))",
      "settings: "
        + OutsideText.line(candidate.simulation.settings.json.compactText, atMost: 800),
    ]
    lines.append("# findings")
    lines += findings.prefix(Bound.findings).map { OutsideText.quoted($0, atMost: 400) }
    lines.append("# wanted")
    lines.append(
      "The candidate with a formula that has none of these findings. Names of the formula that no "
        + "finding objects to may stay.")
    return lines.joined(separator: "\n") + "\n"
  }
}
