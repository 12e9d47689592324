package import AlphaLanguage
package import Essentials

/// The formulas that were tried with their settings, so that nothing is simulated or paid for twice.
///
/// Identity is the fingerprint of the canonical formula and of the settings that decide a result;
/// white space, the order of commutative operands, and infix or function form make no difference.
package struct KnownFormulas: Sendable {
  /// The identity of a formula together with its settings.
  package struct Identity: Hashable, Sendable {
    package let fingerprint: Fingerprint

    /// - Parameter settings: all of them count but `visualization`, which adds to a result without
    ///   changing it, and the letter case of `language`.
    package init(_ formula: CheckedFormula, _ settings: CandidateSettings) {
      var deciding = settings
      deciding.visualization = false
      deciding.language = settings.language.uppercased()
      fingerprint = Fingerprint(
        of: formula.fingerprint.hexadecimal + "::" + deciding.json.compactText)
    }
  }

  /// What a claim finds.
  package enum Claim: Hashable, Sendable {
    /// Nobody has tried it; it is the caller's until `finish` or `release`.
    case granted
    /// The candidate of this key is being simulated.
    case beingTried(by: String)
    /// The candidate of this key was simulated.
    case alreadyTried(by: String)
  }

  private struct Record {
    var key: String
    var isFinished: Bool
  }

  private var records: [Identity: Record] = [:]

  package init() {}

  /// Claims a formula for the candidate of a key, unless it is known.
  package mutating func claim(_ identity: Identity, by key: String) -> Claim {
    if let record = records[identity] {
      return record.isFinished ? .alreadyTried(by: record.key) : .beingTried(by: record.key)
    }
    records[identity] = Record(key: key, isFinished: false)
    return .granted
  }

  /// Notes that the claimed formula has a result. A formula of an earlier run is made known by this
  /// alone.
  package mutating func finish(_ identity: Identity, by key: String) {
    records[identity] = Record(key: key, isFinished: true)
  }

  /// Gives a claim back that came to nothing, so that the formula may be tried again. A formula with a
  /// result stays known.
  package mutating func release(_ identity: Identity) {
    if records[identity]?.isFinished == false { records[identity] = nil }
  }
}
