import Backtesting
package import Essentials
import Research

/// Something that a person can let the desk do.
package struct ControlAction: Sendable {
  /// What the wire calls it, such as `run-idea-agent`.
  package let name: String
  let description: BilingualText
  let parameters: [JobParameter]
  /// Whether it asks a model, which may cost money. One such job runs at a time.
  let spends: Bool
  /// Whether a job that was interrupted goes on where it stopped.
  let isResumable: Bool
  let steps: @Sendable (JobOrder) -> [JobStep]

  init(
    _ name: String, _ description: BilingualText, spends: Bool, isResumable: Bool = false,
    parameters: [JobParameter], seconds: Int, steps: @escaping @Sendable (JobOrder) -> [JobStep]
  ) {
    self.name = name
    self.description = description
    self.spends = spends
    self.isResumable = isResumable
    self.parameters =
      parameters + [
        JobParameter(
          Self.timeLimit, .whole(1...604_800, standard: seconds),
          BilingualText(
            "After so many seconds the job is ended.", "이 초가 지나면 작업을 끝낸다."))
      ]
    self.steps = steps
  }

  /// The parameter that limits how long a job runs.
  static let timeLimit = "timeout_sec"
  /// The parameter that names the run of a job.
  static let run = "run_id"

  /// Reads the parameters of a request, or throws everything that is wrong with them.
  func read(_ parameters: JSONValue) throws(JobRefusal) -> [JSONValue.Member] {
    var reader = DocumentReader(parameters, at: "")
    var members: [JSONValue.Member] = []
    var missing: [String] = []
    for parameter in self.parameters {
      if let value = parameter.read(&reader) {
        members.append(.init(parameter.name, value))
      } else if parameter.isRequired, parameters[parameter.name] ?? .null == .null {
        missing.append(parameter.name)
      }
    }
    reader.finish()
    guard missing.isEmpty, reader.defects.isEmpty else {
      throw .badParameters(action: name, missing: missing, defects: reader.defects)
    }
    return members
  }

  /// What a request for it looks like, with every parameter that has a default or is required.
  var template: JSONValue {
    [
      "action": .string(name),
      "params": .object(
        parameters.compactMap { parameter in
          if let standard = parameter.standard { return .init(parameter.name, standard) }
          guard parameter.isRequired else { return nil }
          if case .document = parameter.kind { return .init(parameter.name, [:]) }
          return .init(parameter.name, "")
        }),
    ]
  }

  /// What a page shows of it.
  package var json: JSONValue {
    [
      "action": .string(name), "description": .string(description.english),
      "description_ko": .string(description.korean), "spends_budget": .bool(spends),
      "template": template, "parameters": .array(parameters.map(\.json)),
    ]
  }

  /// The JSON Schema of a request for it.
  var schema: JSONValue {
    [
      "type": "object", "title": .string(name), "description": .string(description.english),
      "required": .strings(
        ["action"] + (parameters.contains(where: \.isRequired) ? ["params"] : [])),
      "additionalProperties": .bool(false),
      "properties": [
        "action": ["type": "string", "const": .string(name)],
        "params": [
          "type": "object", "additionalProperties": .bool(false),
          "required": .strings(parameters.filter(\.isRequired).map(\.name)),
          "properties": .object(parameters.map { .init($0.name, $0.schema) }),
        ],
        "idempotency_key": [
          "type": "string", "minLength": 1, "maxLength": .integer(JobRequest.keyBytesMax),
          "description":
            "Equal requests of one caller with one key are one job; a page makes one up for each press.",
        ],
      ],
    ]
  }
}
