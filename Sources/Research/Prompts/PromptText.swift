import Essentials

/// The text of a prompt in parts: what is always written, and a line for each candidate.
///
/// Every part is whole lines, and no line is empty, so that the weights of the parts add up (see
/// ``PromptMeasure``). What changes least comes first, so that retries and further calls for the same
/// pack share a prefix with calls before them:
///
/// ```
/// instructions   rules, settings, signatures, examples: the same for every call of a run
/// schema         the same for every call of a kind
/// # operators    a line each
/// # fields       a line each, below their subcategory (##) and dataset (###)
/// # idea ...     what this call is about
/// ```
struct PromptText {
  let instructions: String
  let schemaName: String
  let schema: JSONValue
  /// The heading of the operators; empty where there is no pack, like all that follows but the end.
  let operatorsHead: String
  let operators: [String]
  let fieldsHead: String
  /// In the order of ``RetrievalPack/subcategoriesInOrder``.
  let subcategories: [String]
  let datasets: [String]
  let fields: [String]
  let end: String

  /// The schema as it counts: providers bill it with the prompt.
  private var schemaLine: String { schema.compactText + "\n" }

  /// The prompt without the instructions, with the candidates that are selected.
  func prompt(_ selection: PackSelection) -> String {
    let outline = selection.outline
    var text = operatorsHead
    for (place, line) in operators.enumerated() where selection.keepsOperator[place] {
      text += line
    }
    text += fieldsHead
    for (place, line) in fields.enumerated()
    where selection.keepsField[place] && outline.fields[place].dataset == nil {
      text += line
    }
    var fieldsOfDataset = Array(repeating: [Int](), count: datasets.count)
    for place in fields.indices where selection.keepsField[place] {
      if let dataset = outline.fields[place].dataset { fieldsOfDataset[dataset].append(place) }
    }
    for subcategory in subcategories.indices where selection.keepsSubcategory(subcategory) {
      text += subcategories[subcategory]
      for dataset in datasets.indices
      where outline.datasets[dataset].subcategory == subcategory
        && selection.keepsDataset(dataset)
      {
        text += datasets[dataset]
        for place in fieldsOfDataset[dataset] { text += fields[place] }
      }
    }
    return text + end
  }

  /// Everything that a provider counts as the prompt.
  func billed(_ prompt: String) -> String { instructions + schemaLine + prompt }

  /// What the parts of a prompt for `pack` weigh.
  func outline(_ pack: RetrievalPack, by measure: PromptMeasure) -> PackOutline {
    var outline = PackOutline(
      pack, fixed: 0, subcategory: { _ in 0 }, dataset: { _ in 0 }, field: { _ in 0 },
      operator: { _ in 0 })
    outline.fixed = [instructions, schemaLine, operatorsHead, fieldsHead, end].reduce(0) {
      $0 + measure.weight(of: $1)
    }
    outline.subcategories = subcategories.map(measure.weight)
    for place in datasets.indices {
      outline.datasets[place].weight = measure.weight(of: datasets[place])
    }
    for place in fields.indices { outline.fields[place].weight = measure.weight(of: fields[place]) }
    for place in operators.indices {
      outline.operators[place].weight = measure.weight(of: operators[place])
    }
    return outline
  }

  /// The sections of a selection with their tokens, in the order in which they are sent.
  func sections(
    _ selection: PackSelection, by measure: PromptMeasure
  ) -> [CompiledPrompt.Section] {
    let operators = operators.indices.filter { selection.keepsOperator[$0] }
      .reduce(measure.weight(of: operatorsHead)) { $0 + selection.outline.operators[$1].weight }
    let instructions = measure.weight(of: instructions)
    let schema = measure.weight(of: schemaLine)
    let question = measure.weight(of: end)
    let fields = selection.weight - operators - instructions - schema - question
    return [
      ("instructions", instructions, true), ("schema", schema, true),
      ("operators", operators, false), ("fields", fields, false), ("question", question, false),
    ].map { name, weight, isStable in
      CompiledPrompt.Section(
        name: name, tokens: measure.tokens(weight: weight), isStable: isStable)
    }
  }
}
