package import Essentials

/// Finds the JSON value in the text of a model's answer.
///
/// Candidates are tried in a fixed order: the whole text, what stands within code fences, and the
/// balanced fragments in braces or brackets; all of them first as strict JSON, then with the
/// deviations that `LenientJSON` understands. The first that reads wins; but where the text holds
/// several, one with an expected member comes before others, so that an echo of the question is not
/// taken for the answer, and an object before anything else, so that a footnote mark such as `[1]`
/// is not.
/// What was overlooked is said in `steps`. Nothing is ever added, and no value is changed.
package struct AnswerText: Hashable, Sendable {
  /// A deviation from plain JSON that was overlooked. The raw value is its name in events.
  package enum Step: String, Hashable, Sendable, CaseIterable {
    /// Bytes that are not UTF-8 were replaced by the replacement character.
    case invalidBytesReplaced = "invalid_bytes_replaced"
    /// A byte order mark before the text was dropped.
    case byteOrderMarkDropped = "byte_order_mark_dropped"
    /// Reasoning between think tags was dropped.
    case reasoningDropped = "reasoning_dropped"
    /// The text stood in a code fence.
    case fenceStripped = "fence_stripped"
    /// The value stood among other text.
    case fragmentTaken = "fragment_taken"
    /// The JSON stood as a text within JSON.
    case textUnwrapped = "text_unwrapped"
    /// One object stood in an array, or in the list of candidates, where one was asked for.
    case arrayUnwrapped = "array_unwrapped"
    case trailingCommaDropped = "trailing_comma_dropped"
    /// `None`, `True` and `False` were read as null, true and false.
    case pythonWordRead = "python_word_read"
    /// Texts stood in single or typographic quotes.
    case quotesReplaced = "quotes_replaced"
    /// Names of members stood without quotes.
    case bareNameRead = "bare_name_read"
    case commentDropped = "comment_dropped"
    /// A line broke within a text without an escape.
    case controlCharacterKept = "control_character_kept"
    /// `NaN` or `Infinity` stood for a number; it stays one that no setting accepts.
    case nonFiniteNumberRead = "non_finite_number_read"
    /// The text ends within a list; only its complete elements were kept.
    case truncatedListKept = "truncated_list_kept"
  }

  package let value: JSONValue
  /// What was overlooked, each once, in the order of `Step.allCases`; empty for plain JSON.
  package let steps: [Step]

  package init(value: JSONValue, steps: Set<Step>) {
    self.value = value
    self.steps = Step.allCases.filter(steps.contains)
  }

  /// Longer answers are refused.
  package static let bytesMax = 1 << 20
  /// Fragments and fenced blocks of one answer that are tried.
  package static let fragmentsMax = 64

  /// Whether the answer ended within a list.
  package var isTruncated: Bool { steps.contains(.truncatedListKept) }

  /// Reads bytes as they came from a provider; those that are no UTF-8 are replaced.
  package static func reading(
    _ bytes: [UInt8], expecting names: Set<String> = [], keepingTruncatedLists: Bool = false
  ) throws(AnswerTextFailure) -> AnswerText {
    let text = String(decoding: bytes, as: UTF8.self)
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    return try reading(
      text, names, keepingTruncatedLists: keepingTruncatedLists,
      after: isValid ? [] : [.invalidBytesReplaced])
  }

  /// Reads a text, or says why it holds no JSON.
  ///
  /// Among several values of one text the first object is preferred that has one of the expected
  /// members, or the first list with such an object; without any expected every object is as good.
  ///
  /// With `keepingTruncatedLists`, a text that ends within the outermost list, or within a list that
  /// is a member of the outermost object, gives the elements that are complete. Cost: linear, times
  /// the number of candidates, which `fragmentsMax` bounds.
  package static func reading(
    _ text: String, expecting names: Set<String> = [], keepingTruncatedLists: Bool = false
  ) throws(AnswerTextFailure) -> AnswerText {
    try reading(text, names, keepingTruncatedLists: keepingTruncatedLists, after: [])
  }

  private static func reading(
    _ text: String, _ names: Set<String>, keepingTruncatedLists: Bool, after done: Set<Step>
  ) throws(AnswerTextFailure) -> AnswerText {
    guard text.utf8.count <= bytesMax else {
      throw .undecodable("The answer has \(text.utf8.count) bytes; at most \(bytesMax) are read.")
    }
    var source = AnswerSource(text)
    source.steps.formUnion(done)
    guard !source.isBlank else { throw .empty }
    let candidates = source.candidates()
    var search = Search(names: names)
    if let found = search.first(of: candidates.filter(\.isWhole)) { return found }
    if keepingTruncatedLists, let tail = source.tail(),
      let (value, steps) = try? LenientJSON.reading(tail.text, keepsTruncatedLists: true),
      steps.contains(.truncatedListKept)
    {
      return AnswerText(value: value, steps: tail.steps.union(steps))
    }
    if let found = search.first(of: candidates.filter { !$0.isWhole }) { return found }
    if let found = search.structured ?? search.plain { return found }
    throw .undecodable(
      search.mistake.map {
        "The answer holds no JSON: \($0.expectation) was expected after \($0.offset) bytes."
      } ?? "The answer holds no JSON.")
  }

  /// The trial of one candidate after the other.
  private struct Search {
    let names: Set<String>
    /// The first value that reads and is or holds an object, but none that was expected.
    var structured: AnswerText?
    /// The first value that reads but neither is nor holds an object.
    var plain: AnswerText?
    /// Why the first candidate that was tried does not read.
    var mistake: JSONMistake?

    mutating func first(of candidates: [AnswerSource.Candidate]) -> AnswerText? {
      for candidate in candidates {
        guard let value = try? JSONValue(parsing: candidate.text) else { continue }
        if let found = kept(AnswerText.unwrapped(value, candidate.steps), candidate) {
          return found
        }
      }
      for candidate in candidates {
        do throws(JSONMistake) {
          let (value, steps) = try LenientJSON.reading(candidate.text)
          let found = AnswerText(value: value, steps: candidate.steps.union(steps))
          if let found = kept(found, candidate) { return found }
        } catch {
          mistake = mistake ?? error
        }
      }
      return nil
    }

    private mutating func kept(
      _ found: AnswerText, _ candidate: AnswerSource.Candidate
    ) -> AnswerText? {
      let isExpected = found.isStructured && (names.isEmpty || found.hasMember(among: names))
      if candidate.isWhole || isExpected { return found }
      if found.isStructured { structured = structured ?? found } else { plain = plain ?? found }
      return nil
    }
  }

  /// Reads JSON that was itself written as a JSON text.
  private static func unwrapped(_ value: JSONValue, _ steps: Set<Step>) -> AnswerText {
    guard case .string(let text) = value, let inner = try? JSONValue(parsing: text),
      AnswerText(value: inner, steps: []).isStructured
    else { return AnswerText(value: value, steps: steps) }
    return AnswerText(value: inner, steps: steps.union([.textUnwrapped]))
  }

  /// Whether the value is an object or a list that holds one.
  private var isStructured: Bool {
    switch value {
    case .object: true
    case .array(let elements):
      elements.contains { if case .object = $0 { true } else { false } }
    default: false
    }
  }

  /// Whether the object, or an object of the list, has a member of one of the names.
  private func hasMember(among names: Set<String>) -> Bool {
    let objects: [JSONValue]
    if case .array(let elements) = value { objects = elements } else { objects = [value] }
    return objects.contains {
      if case .object(let members) = $0 {
        members.contains { names.contains($0.name) }
      } else {
        false
      }
    }
  }
}

/// A text in which no JSON value was found.
package enum AnswerTextFailure: Error, Hashable, Sendable {
  /// There is nothing but white space.
  case empty
  /// Why nothing reads, in one sentence.
  case undecodable(String)
}
