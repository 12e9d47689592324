import Essentials
import Markets

/// All that a trader decided, in order, as a digest of every decision with its diagnostic fields.
struct DecisionLog: Sendable {
  private(set) var count = 0
  /// The digest of each decision, by which the first that differs is found.
  private(set) var digests: [DigestBytes] = []

  /// Takes decisions in.
  mutating func take(_ decisions: [ReplayDecision]) {
    for decision in decisions {
      count += 1
      let text =
        "\(decision.instant.millisecondsSinceEpoch) \(decision.contract.place) \(decision.word) "
        + decision.record().compactText
      digests.append(Array(text.utf8).withUnsafeBytes { DigestBytes(of: $0) })
    }
  }

  /// The fingerprint of all.
  var fingerprint: Fingerprint {
    var digest = FingerprintDigest()
    for part in digests { part.withBytes { digest.absorb($0) } }
    return digest.finish()
  }
}
