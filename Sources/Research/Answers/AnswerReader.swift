import Essentials

/// Reads what a model answered as ideas and candidates, and says why where it cannot.
package enum AnswerReader {
  /// Elements of one answer that are read; more are counted and left.
  package static let elementsMax = 256

  /// Reads the answer to a call for an idea. An array of one object is taken for the object.
  package static func idea(in text: String) throws(AnswerDefect) -> UnderstoodAnswer<IdeaSpec> {
    let (object, steps) = try object(in: text, .idea, listedAs: "ideas")
    do {
      return UnderstoodAnswer(try IdeaSpec(json: object, document: "idea"), steps)
    } catch {
      throw AnswerDefect(.schemaViolated, .idea, error.explanation)
    }
  }

  /// Reads the answer to a call for one candidate, or for another text of one.
  ///
  /// What an answer says of its own validation is dropped; a lane that it leaves out is exploit.
  package static func candidate(
    in text: String, stage: ModelCall.Stage = .alpha
  ) throws(AnswerDefect) -> UnderstoodAnswer<CandidateAlpha> {
    let (object, steps) = try object(in: text, stage, listedAs: "candidates")
    return UnderstoodAnswer(try candidate(object, stage, element: nil), steps)
  }

  /// Reads the answer to a call for several candidates: `{"candidates": [...]}`, a bare array, or a
  /// single candidate, each whole or as a ``ShortCandidate``. Each is judged on its own, so that a bad one loses only itself; of an answer
  /// that was cut off, those that are complete are kept.
  package static func candidates(in text: String) throws(AnswerDefect) -> CandidateAnswers {
    let stage = ModelCall.Stage.alpha
    let answer = try read(text, stage, expecting: "candidates", keepingTruncatedLists: true)
    let elements: [JSONValue]
    switch answer.value {
    case .array(let list): elements = list
    case .object(let members):
      let lists = members.filter { $0.name == "candidates" }
      guard lists.count <= 1 else {
        throw AnswerDefect(.schemaViolated, stage, "candidates stands there twice.")
      }
      switch lists.first?.value {
      case .array(let list)?: elements = list
      case nil: elements = [answer.value]
      case .some:
        throw AnswerDefect(.schemaViolated, stage, "candidates is not an array of objects.")
      }
    default: throw AnswerDefect(.payloadNotObject, stage, "The answer is not an object.")
    }
    guard !elements.isEmpty else {
      throw AnswerDefect(.payloadNotObject, stage, "The answer holds no candidate.")
    }
    var answers = CandidateAnswers(
      steps: answer.steps, surplusCount: max(0, elements.count - elementsMax))
    for (index, element) in elements.prefix(elementsMax).enumerated() {
      do {
        answers.candidates.append(try candidate(element, stage, element: index))
      } catch {
        answers.defects.append(error)
      }
    }
    return answers
  }

  private static func read(
    _ text: String, _ stage: ModelCall.Stage, expecting listName: String,
    keepingTruncatedLists: Bool = false
  ) throws(AnswerDefect) -> AnswerText {
    do throws(AnswerTextFailure) {
      return try AnswerText.reading(
        text, expecting: ["idea_id", listName], keepingTruncatedLists: keepingTruncatedLists)
    } catch {
      switch error {
      case .empty: throw AnswerDefect(.emptyOutput, stage, "The answer is empty.")
      case .undecodable(let reason): throw AnswerDefect(.undecodable, stage, reason)
      }
    }
  }

  /// The one object of an answer, out of a list of one where it stands in one.
  private static func object(
    in text: String, _ stage: ModelCall.Stage, listedAs listName: String
  ) throws(AnswerDefect) -> (JSONValue, [AnswerText.Step]) {
    let answer = try read(text, stage, expecting: listName)
    var list: [JSONValue]?
    switch answer.value {
    case .array(let elements): list = elements
    case .object(let members):
      if members.count == 1, members[0].name == listName,
        case .array(let elements) = members[0].value
      {
        list = elements
      }
    default: break
    }
    if let list, list.count > 1 {
      throw AnswerDefect(
        .contractViolated, stage, "The answer holds \(list.count) values where one is wanted.")
    }
    let value = list == nil ? answer.value : list?.first ?? .null
    guard case .object = value else {
      throw AnswerDefect(.payloadNotObject, stage, "The answer is not an object.")
    }
    let steps = list == nil ? Set(answer.steps) : Set(answer.steps).union([.arrayUnwrapped])
    return (value, AnswerText(value: value, steps: steps).steps)
  }

  private static func candidate(
    _ value: JSONValue, _ stage: ModelCall.Stage, element: Int?
  ) throws(AnswerDefect) -> CandidateAlpha {
    func violated(_ detail: String) -> AnswerDefect {
      AnswerDefect(.contractViolated, stage, detail, element: element)
    }
    guard case .object = value else {
      throw AnswerDefect(
        .payloadNotObject, stage, "The candidate is not an object.", element: element)
    }
    var candidate: CandidateAlpha
    do {
      candidate =
        value["regular"] != nil && value["simulation_settings"] == nil
        ? CandidateAlpha(try ShortCandidate(json: value, document: "candidate"))
        : try CandidateAlpha(json: value, document: "candidate")
    } catch {
      throw AnswerDefect(.schemaViolated, stage, error.explanation, element: element)
    }
    guard candidate.simulation.type == "REGULAR" else {
      throw violated("The type is \(candidate.simulation.type); only REGULAR is asked for.")
    }
    guard candidate.simulation.settings.language.uppercased() == "FASTEXPR" else {
      throw violated("The language is \(candidate.simulation.settings.language), not FASTEXPR.")
    }
    guard candidate.formula.utf8.contains(where: { $0 > 0x20 }) else {
      throw violated("The member regular, which holds the formula, is missing or blank.")
    }
    candidate.notes.validationPassed = nil
    candidate.notes.validationAttempts = 0
    candidate.notes.lane = candidate.notes.lane ?? .exploit
    return candidate
  }
}

/// A value that was read from an answer, with what had to be overlooked.
package struct UnderstoodAnswer<Value: Sendable & Hashable>: Hashable, Sendable {
  package let value: Value
  /// Empty for plain JSON.
  package let steps: [AnswerText.Step]

  package init(_ value: Value, _ steps: [AnswerText.Step]) {
    self.value = value
    self.steps = steps
  }
}

/// The candidates of one answer, good and bad apart.
package struct CandidateAnswers: Hashable, Sendable {
  /// In the order of the answer.
  package internal(set) var candidates: [CandidateAlpha] = []
  /// One for each candidate that cannot be used, with its position in the answer.
  package internal(set) var defects: [AnswerDefect] = []
  /// What had to be overlooked in the answer as a whole.
  package let steps: [AnswerText.Step]
  /// Candidates beyond `AnswerReader.elementsMax`, which were not read.
  package let surplusCount: Int

  /// Whether the answer was cut off, so that more may have been meant.
  package var isTruncated: Bool { steps.contains(.truncatedListKept) }
}
