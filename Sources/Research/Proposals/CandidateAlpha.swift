package import Essentials

/// A proposed alpha: the formula, the settings it asks for, and how it came to be.
package struct CandidateAlpha: Hashable, Sendable, ReadableDocument {
  /// What a proposal says of itself, and what the validation of it found.
  package struct Notes: Hashable, Sendable, ReadableDocument {
    /// The names of fields in the formula, without repetition, in order of appearance.
    package var usedFields: [String] = []
    package var usedOperators: [String] = []
    /// Nil until somebody says; `both` is not a lane of one candidate.
    package var lane: Lane?
    /// Nil until the formula was checked.
    package var validationPassed: Bool?
    /// How many texts of the formula were checked.
    package var validationAttempts = 0

    package init() {}

    package init(reading reader: inout DocumentReader) {
      usedFields = reader.texts("used_fields") ?? []
      usedOperators = reader.texts("used_operators") ?? []
      lane = reader.lane("candidate_lane")
      validationPassed = reader.flag("validation_passed")
      validationAttempts = reader.whole("validation_attempts", in: 0...1_000_000) ?? 0
    }

    package var json: JSONValue {
      [
        "used_fields": .strings(usedFields), "used_operators": .strings(usedOperators),
        "candidate_lane": lane.map { .string($0.rawValue) } ?? .null,
        "validation_passed": validationPassed.map(JSONValue.bool) ?? .null,
        "validation_attempts": .integer(validationAttempts),
      ]
    }
  }

  /// What a simulation is asked for.
  package struct Simulation: Hashable, Sendable, ReadableDocument {
    /// `REGULAR` for one formula, `SUPER` for a selection and a combination of alphas.
    package var type = "REGULAR"
    package var settings = CandidateSettings()
    /// The formula of a regular alpha.
    package var regular: String?
    package var selection: String?
    package var combo: String?

    package init() {}

    package init(reading reader: inout DocumentReader) {
      if let word = reader.text("type") {
        type = word
        if word != "REGULAR", word != "SUPER" {
          reader.noteContradiction("type", "is \"\(word)\"", remedy: "Write REGULAR or SUPER.")
        }
      }
      reader.requireMember("settings")
      settings = reader.object("settings", CandidateSettings.init(reading:)) ?? settings
      regular = type == "REGULAR" ? reader.text("regular") : reader.line("regular")
      selection = reader.line("selection")
      combo = reader.line("combo")
    }

    /// The body of `POST /simulations`: BRAIN refuses members that are `null`, so none is written.
    package var json: JSONValue {
      var members = [
        JSONValue.Member("type", .string(type)), JSONValue.Member("settings", settings.json),
      ]
      for (name, text) in [("regular", regular), ("selection", selection), ("combo", combo)] {
        if let text { members.append(JSONValue.Member(name, .string(text))) }
      }
      return .object(members)
    }
  }

  package var ideaID: String
  /// The name that a simulator gave, nil before.
  package var alphaID: String?
  package var simulation = Simulation()
  package var notes = Notes()

  /// Makes a candidate of a formula with the default settings.
  package init(ideaID: String, formula: String) {
    self.ideaID = ideaID
    simulation.regular = formula
  }

  package init(reading reader: inout DocumentReader) {
    ideaID = reader.requiredText("idea_id")
    alphaID = reader.line("alpha_id")
    reader.requireMember("simulation_settings")
    simulation = reader.object("simulation_settings", Simulation.init(reading:)) ?? simulation
    notes = reader.object("generation_notes", Notes.init(reading:)) ?? notes
  }

  package var json: JSONValue {
    [
      "idea_id": .string(ideaID), "alpha_id": alphaID.map(JSONValue.string) ?? .null,
      "simulation_settings": simulation.json, "generation_notes": notes.json,
    ]
  }

  /// The formula's text; empty for a super alpha.
  package var formula: String { simulation.regular ?? "" }
}

extension DocumentReader {
  /// Reads the lane of one candidate, which is never both.
  mutating func lane(_ name: String) -> Lane? {
    let lane: Lane? = word(name)
    guard lane != .both else {
      noteContradiction(name, "is \"both\"", remedy: "Write exploit or explore.")
      return nil
    }
    return lane
  }
}
