package import Essentials

/// A candidate as several of them stand in one answer: the formula and its lane alone, because every
/// further member costs tokens in every candidate and says what the caller knows already.
package struct ShortCandidate: Hashable, Sendable, ReadableDocument {
  package var regular: String
  /// Nil where the answer does not say.
  package var lane: Lane?

  package init(regular: String, lane: Lane?) {
    self.regular = regular
    self.lane = lane
  }

  package init(reading reader: inout DocumentReader) {
    regular = reader.requiredText("regular")
    lane = reader.lane("candidate_lane")
  }

  package var json: JSONValue {
    [
      "regular": .string(regular),
      "candidate_lane": lane.map { .string($0.rawValue) } ?? .null,
    ]
  }
}

extension CandidateAlpha {
  /// Takes over a short candidate; the idea and the settings are the caller's to say.
  package init(_ short: ShortCandidate) {
    self.init(ideaID: "", formula: short.regular)
    notes.lane = short.lane
  }

  /// The candidate without what its caller knows.
  package var short: ShortCandidate { ShortCandidate(regular: formula, lane: notes.lane) }
}
