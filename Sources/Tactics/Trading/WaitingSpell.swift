package import Essentials

/// A time through which a market was looked at and nothing was wanted of it, always for the same
/// reason: what tells afterward why it was not traded at some minute.
package struct WaitingSpell: Hashable, Sendable {
  /// The reason of every look in it.
  package let reason: String
  /// The first look.
  package let since: Timestamp
  /// The latest look.
  package private(set) var until: Timestamp
  package private(set) var looks = 1
  /// The look that came nearest to another reason, the first of equals.
  package private(set) var nearest: Look

  /// What one look saw.
  package struct Look: Hashable, Sendable {
    package var at: Timestamp
    package var price: Double
    package var annualDrift: Double
    package var annualVolatility: Double
    /// Why nothing was wanted, with every value and its limit.
    package var verdict: TacticVerdict

    /// How far the first value that misses its limit lies below it; NaN where none does.
    package var miss: Double {
      verdict.measures.first { $0.value < $0.limit }.map { $0.limit - $0.value } ?? .nan
    }
  }

  init(_ look: Look) {
    reason = look.verdict.reason
    since = look.at
    until = look.at
    nearest = look
  }

  /// Takes another look for the same reason in.
  mutating func observe(_ look: Look) {
    until = look.at
    looks += 1
    if look.miss < nearest.miss { nearest = look }
  }
}

extension WaitingSpell {
  /// The spell as reports, journals and saved states have it.
  package var json: JSONValue {
    [
      "reason": .string(reason), "since": .integer(Int(since.millisecondsSinceEpoch)),
      "until": .integer(Int(until.millisecondsSinceEpoch)), "looks": .integer(looks),
      "nearest": [
        "at": .integer(Int(nearest.at.millisecondsSinceEpoch)), "price": .number(nearest.price),
        "mu_adjusted": .number(nearest.annualDrift),
        "sigma_sim": .number(nearest.annualVolatility), "miss": .number(nearest.miss),
        "verdict": nearest.verdict.json,
      ],
    ]
  }

  /// Reads a spell back; nil where the document has none.
  package init?(json: JSONValue) {
    guard let reason = json.text("reason"), let since = json.instant("since"),
      let until = json.instant("until"), let looks = json.whole("looks"), looks > 0,
      let nearest = json["nearest"], let at = nearest.instant("at"),
      let verdict = nearest["verdict"].flatMap(TacticVerdict.init(json:))
    else { return nil }
    self.reason = reason
    self.since = since
    self.until = until
    self.looks = looks
    self.nearest = Look(
      at: at, price: nearest.double("price") ?? .nan,
      annualDrift: nearest.double("mu_adjusted") ?? .nan,
      annualVolatility: nearest.double("sigma_sim") ?? .nan, verdict: verdict)
  }
}
