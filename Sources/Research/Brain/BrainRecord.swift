package import Essentials

/// The memory of what was sent to BRAIN, from one process to the next.
///
/// A simulation costs quota and BRAIN has no key that makes asking twice harmless, so each step is
/// remembered before the next is taken.
package protocol BrainRecord: Sendable {
  /// Remembers steps. When it returns they survive the end of the process.
  func note(_ steps: [BrainStep]) async throws
  /// Returns every step that was ever remembered, in order.
  func history() async throws -> [BrainStep]
}

/// One step in the life of a submission, which is one simulation or an array of them.
///
/// ```
/// prepared -> accepted -> settled (once for each simulation)
///          -> refused                nothing was started; the simulations may be sent again
///          -> lost                   nobody knows; they are not sent again by themselves
/// ```
/// A history that ends with `prepared` is that of a process which died before it heard an answer, so it
/// reads like `lost`.
package struct BrainStep: Hashable, Sendable {
  /// What happened.
  package enum Kind: Hashable, Sendable {
    case prepared([BrainSimulation])
    /// Where BRAIN tells of its progress.
    case accepted(location: String)
    case refused(reason: String)
    case lost(reason: String)
    case settled(Fingerprint, BrainOutcome)
  }

  package let submission: String
  package let at: Timestamp
  package let kind: Kind

  package init(submission: String, at: Timestamp, kind: Kind) {
    self.submission = submission
    self.at = at
    self.kind = kind
  }

  /// The step without its submission and its instant, which a journal keeps beside it.
  package var payload: JSONValue {
    switch kind {
    case .prepared(let simulations):
      ["step": "prepared", "simulations": .array(simulations.map(\.body))]
    case .accepted(let location): ["step": "accepted", "location": .string(location)]
    case .refused(let reason): ["step": "refused", "reason": .string(reason)]
    case .lost(let reason): ["step": "lost", "reason": .string(reason)]
    case .settled(let key, let outcome):
      ["step": "settled", "key": .string(key.hexadecimal), "result": outcome.json]
    }
  }

  /// Reads a payload, nil where it is none.
  package init?(submission: String, at: Timestamp, payload: JSONValue) {
    let reason = payload["reason"].flatMap(Row.text) ?? ""
    switch payload["step"] {
    case .string("prepared"):
      guard case .array(let bodies)? = payload["simulations"] else { return nil }
      kind = .prepared(bodies.map { BrainSimulation(body: $0) })
    case .string("accepted"):
      guard let location = payload["location"].flatMap(Row.text) else { return nil }
      kind = .accepted(location: location)
    case .string("refused"): kind = .refused(reason: reason)
    case .string("lost"): kind = .lost(reason: reason)
    case .string("settled"):
      guard let key = payload["key"].flatMap(Row.text).flatMap({ Fingerprint(hexadecimal: $0) }),
        let outcome = payload["result"].flatMap({ BrainOutcome(recorded: $0) })
      else { return nil }
      kind = .settled(key, outcome)
    default: return nil
    }
    self.submission = submission
    self.at = at
  }
}
