import Essentials
import Research

/// A request for a job, read but for its documents.
struct JobRequest: Sendable {
  let action: ControlAction
  /// The checked parameters, defaults included.
  private(set) var parameters: [JSONValue.Member]
  let key: String?
  /// Of action and parameters as they were given, whatever the order of members.
  let fingerprint: String

  /// No idempotency key is longer.
  static let keyBytesMax = 128

  /// Reads the body of a request, or throws everything that is wrong with it.
  init(_ body: JSONValue) throws(JobRefusal) {
    guard case .object = body else { throw .unreadableBody(reason: "it is no JSON object") }
    guard case .string(let name)? = body["action"], !name.isEmpty else { throw .missingAction }
    guard let action = ControlAction.all.first(where: { $0.name == name }) else {
      throw .unsupportedAction(name)
    }
    var reader = DocumentReader(body, at: "")
    _ = reader.text("action")
    let parameters = reader.value("params") ?? [:]
    let key = reader.text("idempotency_key")
    if let key,
      key.utf8.count > Self.keyBytesMax || !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    {
      reader.noteContradiction(
        "idempotency_key", "is no key",
        remedy: "Write at most \(Self.keyBytesMax) visible ASCII characters.")
    }
    reader.finish()
    guard reader.defects.isEmpty else {
      throw .badParameters(action: name, missing: [], defects: reader.defects)
    }
    self.action = action
    self.key = key
    self.parameters = try action.read(parameters)
    fingerprint =
      Fingerprint(of: JSONValue.array([.string(name), parameters.sorted]).compactText).hexadecimal
  }
}

extension JobRequest {
  /// The value of a parameter, nil where it is left out.
  func value(_ parameter: String) -> JSONValue? {
    parameters.first { $0.name == parameter }?.value
  }

  /// The request with parameters that it does not have.
  func adding(_ members: [JSONValue.Member]) -> JobRequest {
    var request = self
    request.parameters += members.filter { value($0.name) == nil }
    return request
  }

  /// What a parameter is; one of a campaign's beginning for a request to resume it.
  func kind(of parameter: String) -> JobParameter.Kind? {
    (action.parameters + ControlAction.campaign.parameters).first { $0.name == parameter }?.kind
  }
}

extension JSONValue {
  /// The value with the members of every object in ascending order, so that equal objects are equal.
  fileprivate var sorted: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.sorted))
    case .object(let members):
      .object(
        members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
    default: self
    }
  }
}
