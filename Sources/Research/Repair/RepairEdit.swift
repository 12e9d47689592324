package import AlphaLanguage
package import Essentials

/// One change of a formula's text.
package struct RepairEdit: Hashable, Sendable {
  /// What stood there; empty for an insertion.
  package let before: String
  /// What stands there instead; empty for a removal.
  package let after: String
  /// The key of the error that it answers, or `spelling`.
  package let key: String
  /// What was done, in one sentence.
  package let reason: String
  /// How much meaning was chosen rather than read: 0 for spelling, about 1 for a constant or a name
  /// that the author did not write.
  package let cost: Double

  /// The edit as a document.
  package var json: JSONValue {
    [
      "before": .string(before), "after": .string(after), "key": .string(key),
      "reason": .string(reason), "cost": .number((cost * 100).rounded() / 100),
    ]
  }
}

/// A formula that checks, made of one that did not.
package struct RepairedFormula: Sendable {
  package let text: String
  package let formula: CheckedFormula
  /// In the order in which they were made.
  package let edits: [RepairEdit]

  /// The sum of the edits' costs, to the hundredth.
  package var cost: Double { (edits.reduce(0) { $0 + $1.cost } * 100).rounded() / 100 }
}
