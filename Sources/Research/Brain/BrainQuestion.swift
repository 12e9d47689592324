package import Essentials
package import Networking

/// One question to BRAIN, below the address of its interface.
package struct BrainQuestion: Hashable, Sendable {
  package var method: HTTPMethod
  /// The way to what is asked for, such as `alphas` and an alpha's id.
  package var place: Place
  package var body: JSONValue?
  /// Whether BRAIN may get it twice. A simulation must not be started twice, so a question that may
  /// have been received is then not asked again.
  package var repeatability: RetryPolicy.Repeatability

  /// Where a question goes.
  package enum Place: Hashable, Sendable {
    case path([String], query: [Parameter])
    /// An address that BRAIN gave; it must be BRAIN's own.
    case given(HTTPAddress)
  }

  /// One pair of a query.
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(
    _ method: HTTPMethod = .get, _ path: String..., query: [Parameter] = [],
    body: JSONValue? = nil, repeatability: RetryPolicy.Repeatability = .repeatable
  ) {
    self.init(
      method, .path(path, query: query), body: body, repeatability: repeatability)
  }

  package init(
    _ method: HTTPMethod = .get, _ place: Place, body: JSONValue? = nil,
    repeatability: RetryPolicy.Repeatability = .repeatable
  ) {
    self.method = method
    self.place = place
    self.body = body
    self.repeatability = repeatability
  }

  /// What failures call it, such as `GET /data-fields`.
  package var endpoint: String {
    switch place {
    case .path(let path, _): "\(method.rawValue) /\(path.joined(separator: "/"))"
    case .given(let address): "\(method.rawValue) \(address.path)"
    }
  }

  /// What is throttled together: the method with the first part of the path.
  var family: String {
    switch place {
    case .path(let path, _): "\(method.rawValue) \(path.first ?? "")"
    case .given(let address):
      "\(method.rawValue) \(address.path.split(separator: "/").first ?? "")"
    }
  }
}
