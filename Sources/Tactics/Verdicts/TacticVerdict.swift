package import Essentials

/// What a gate or an exit says of a trade, why, and from which values.
///
/// A verdict never blocks for want of knowledge: a value that is missing makes it
/// ``Outcome/notApplicable``, unless a setting demands the value.
package struct TacticVerdict: Hashable, Sendable {
  /// Pass lets the trade be: the entry may be made, the position may stay. Fail speaks against it:
  /// the entry is refused, the exit wants the position closed.
  package enum Outcome: String, Hashable, Sendable {
    case pass, fail
    case notApplicable = "not_applicable"
  }

  /// A number that the verdict was reached from, beside the limit that it was held against.
  package struct Measure: Hashable, Sendable {
    package var name: String
    /// NaN where it is not known.
    package var value: Double
    /// NaN where the number was not compared but entered another.
    package var limit: Double

    package init(_ name: String, _ value: Double, limit: Double = .nan) {
      self.name = name
      self.value = value
      self.limit = limit
    }
  }

  package var outcome: Outcome
  /// A stable snake_case key that programs branch on, such as `net_expectancy`.
  package var reason: String
  package var measures: [Measure]

  package init(_ outcome: Outcome, _ reason: String, _ measures: [Measure] = []) {
    self.outcome = outcome
    self.reason = reason
    self.measures = measures
  }

  /// Passes where a condition holds.
  static func passing(
    if holds: Bool, _ reason: String, _ measures: [Measure] = []
  ) -> TacticVerdict {
    TacticVerdict(holds ? .pass : .fail, reason, measures)
  }

  /// The rule has nothing to judge.
  static func notApplicable(_ reason: String, _ measures: [Measure] = []) -> TacticVerdict {
    TacticVerdict(.notApplicable, reason, measures)
  }

  /// Returns the value of a measure by its name; NaN where there is none.
  package subscript(name: String) -> Double {
    measures.first { $0.name == name }?.value ?? .nan
  }

  /// Returns the limit that a measure was held against; NaN where there is none.
  package func limit(of name: String) -> Double {
    measures.first { $0.name == name }?.limit ?? .nan
  }

  /// What programs read: outcome, reason, and the measures with their limits.
  package var json: JSONValue {
    [
      "outcome": .string(outcome.rawValue), "reason": .string(reason),
      "values": .array(
        measures.map {
          [
            "name": .string($0.name), "value": .number($0.value), "limit": .number($0.limit),
          ]
        }),
    ]
  }

  /// Reads a verdict back; nil where the document has none.
  package init?(json: JSONValue) {
    guard let outcome = json.text("outcome").flatMap(Outcome.init(rawValue:)),
      let reason = json.text("reason"), let values = json.elements("values")
    else { return nil }
    let measures = values.compactMap { value in
      value.text("name").map {
        Measure($0, value.double("value") ?? .nan, limit: value.double("limit") ?? .nan)
      }
    }
    guard measures.count == values.count else { return nil }
    self.init(outcome, reason, measures)
  }
}
