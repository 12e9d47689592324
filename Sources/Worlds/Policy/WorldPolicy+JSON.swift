package import Essentials

extension WorldPolicy {
  /// The canonical form: every default written out, members sorted by name, durations in their
  /// largest unit, fractions as numbers; without comments and descriptions. `init(json:)` reads it
  /// back as the same policy. Cost: linear in the policy.
  package var json: JSONValue { PolicyKeys.policy.write(self) }

  /// The digest of the canonical form: two policies that rule the same have one fingerprint.
  package var fingerprint: Fingerprint { Fingerprint(of: json.compactText) }
}
