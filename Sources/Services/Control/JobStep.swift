import Essentials

/// One run of this program within a job.
struct JobStep: Hashable, Sendable {
  /// What the step is called in results and progress, such as `retrieval`.
  let name: String
  /// The command with its options; nothing in it comes from outside but checked values.
  let arguments: [String]

  init(_ name: String, _ verb: [String], _ options: [[String]]) {
    self.name = name
    arguments = verb + ["--json"] + options.flatMap { $0 }
  }
}

/// Everything that the steps of a job follow from.
struct JobOrder: Sendable {
  /// The checked parameters, defaults included.
  let parameters: JSONValue
  let runID: String
  /// Whether the journal holds the beginning of the run, so that it is gone on with.
  let isRunBegun: Bool
  /// Whether the knowledge pack of the desk is there.
  var hasKnowledge: Bool
  /// The folder of knowledge packs, one for each panel.
  let knowledgeFolder: String
  /// The folder of panels, nil for where the program looks by itself.
  let store: String?
  /// The file of the budget, nil for what the program takes by itself.
  let budget: String?

  /// `--option=value` of a parameter, nothing where it is left out.
  func option(_ option: String, of parameter: String) -> [String] {
    switch parameters[parameter] {
    case .integer(let number)?: ["--\(option)=\(number)"]
    case .string(let text)?: ["--\(option)=\(text)"]
    default: []
    }
  }

  /// `--option` where a parameter has a value.
  func flag(_ option: String, where parameter: String, is value: Bool = true) -> [String] {
    parameters[parameter] == .bool(value) ? ["--\(option)"] : []
  }

  /// `--option=file` where the document of a parameter was given.
  func file(_ option: String, of parameter: String, named file: String) -> [String] {
    parameters[parameter] == nil ? [] : ["--\(option)=\(file)"]
  }

  /// The panel and where panels are.
  var panel: [String] {
    option("panel", of: "panel") + (store.map { ["--store=\($0)"] } ?? [])
  }

  /// The name of the panel.
  var panelName: String {
    if case .string(let name)? = parameters["panel"] { name } else { "" }
  }

  /// The folder of the knowledge pack of the panel.
  var knowledge: String { "\(knowledgeFolder)/\(panelName)" }

  /// What every command that asks a model for one answer is told.
  var proposing: [String] {
    ["--run-id=\(runID)"] + option("max-regenerations", of: "max_regenerations")
      + option("seed", of: "seed") + asking
      + (budget.map { ["--llm-budget-config=\($0)"] } ?? [])
  }

  /// Which model answers, and how.
  var asking: [String] {
    option("llm-provider", of: "llm_provider") + option("llm-model", of: "llm_model")
      + option("reasoning-effort", of: "reasoning_effort") + option("verbosity", of: "verbosity")
      + option("reasoning-summary", of: "reasoning_summary")
      + option("max-output-tokens", of: "max_output_tokens")
  }
}
