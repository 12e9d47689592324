package import Essentials

/// An answer of a model that nobody could read.
package struct ParseDefect: Hashable, Sendable, ReadableDocument {
  /// A stable name of what is wrong, such as `bad_document`.
  package var code: String
  package var detail: String
  /// 1 for the first answer.
  package var attempt: Int

  package init(code: String, detail: String, attempt: Int) {
    self.code = code
    self.detail = detail
    self.attempt = attempt
  }

  package init(reading reader: inout DocumentReader) {
    code = reader.line("code") ?? ""
    detail = reader.line("detail") ?? ""
    attempt = reader.whole("attempt", in: 0...1_000_000) ?? 0
  }

  package var json: JSONValue {
    ["code": .string(code), "detail": .string(detail), "attempt": .integer(attempt)]
  }
}

/// The terms on which a candidate is validated.
package struct ValidationTerms: Hashable, Sendable, ReadableDocument {
  package var maxRepairAttempts: Int
  package var stopsOnRepeatedError: Bool

  package init(maxRepairAttempts: Int, stopsOnRepeatedError: Bool) {
    self.maxRepairAttempts = maxRepairAttempts
    self.stopsOnRepeatedError = stopsOnRepeatedError
  }

  package init(reading reader: inout DocumentReader) {
    maxRepairAttempts = reader.whole("max_repair_attempts", in: 0...1_000_000) ?? 0
    stopsOnRepeatedError = reader.flag("stop_on_repeated_error") ?? false
  }

  package var json: JSONValue {
    [
      "max_repair_attempts": .integer(maxRepairAttempts),
      "stop_on_repeated_error": .bool(stopsOnRepeatedError),
    ]
  }
}

/// A text of a formula that did not check.
package struct ValidationDefeat: Hashable, Sendable, ReadableDocument {
  /// 0 for the text that was proposed, then one more for each repair.
  package var attempt: Int
  package var errorCodes: [String]
  /// A sentence for each error.
  package var errors: [String]
  /// How many texts in a row had these errors, this one included.
  package var repeatCount: Int

  package init(attempt: Int, errorCodes: [String], errors: [String], repeatCount: Int) {
    self.attempt = attempt
    self.errorCodes = errorCodes
    self.errors = errors
    self.repeatCount = repeatCount
  }

  package init(reading reader: inout DocumentReader) {
    attempt = reader.whole("attempt", in: 0...1_000_000) ?? 0
    errorCodes = reader.texts("error_codes") ?? []
    errors = reader.texts("errors") ?? []
    repeatCount = reader.whole("repeat_count", in: 0...1_000_000) ?? 0
  }

  package var json: JSONValue {
    [
      "attempt": .integer(attempt), "error_codes": .strings(errorCodes),
      "errors": .strings(errors), "repeat_count": .integer(repeatCount),
    ]
  }
}

/// What a repair was told.
package struct RepairOrder: Hashable, Sendable, ReadableDocument {
  /// 1 for the first repair.
  package var attempt: Int
  /// For a person, in one sentence or more.
  package var instruction: String
  /// For a program.
  package var instructionJSON: JSONValue

  package init(attempt: Int, instruction: String, instructionJSON: JSONValue = .null) {
    self.attempt = attempt
    self.instruction = instruction
    self.instructionJSON = instructionJSON
  }

  package init(reading reader: inout DocumentReader) {
    attempt = reader.whole("attempt", in: 0...1_000_000) ?? 0
    instruction = reader.line("instruction") ?? ""
    instructionJSON = reader.value("instruction_json") ?? .null
  }

  package var json: JSONValue {
    [
      "attempt": .integer(attempt), "instruction": .string(instruction),
      "instruction_json": instructionJSON,
    ]
  }
}

/// That the lists of candidates grew, because the same error came again.
package struct RetrievalExpansion: Hashable, Sendable, ReadableDocument {
  package var attempt: Int
  package var repeatCount: Int
  package var threshold: Int
  package var before: CandidateCounts
  package var after: CandidateCounts

  package init(
    attempt: Int, repeatCount: Int, threshold: Int, before: CandidateCounts, after: CandidateCounts
  ) {
    self.attempt = attempt
    self.repeatCount = repeatCount
    self.threshold = threshold
    self.before = before
    self.after = after
  }

  package init(reading reader: inout DocumentReader) {
    attempt = reader.whole("attempt", in: 0...1_000_000) ?? 0
    repeatCount = reader.whole("repeat_count", in: 0...1_000_000) ?? 0
    threshold = reader.whole("threshold", in: 0...1_000_000) ?? 0
    before = reader.object("topk_before", CandidateCounts.init(reading:)) ?? CandidateCounts()
    after = reader.object("topk_after", CandidateCounts.init(reading:)) ?? CandidateCounts()
  }

  package var json: JSONValue {
    [
      "attempt": .integer(attempt), "repeat_count": .integer(repeatCount),
      "threshold": .integer(threshold), "topk_before": before.json, "topk_after": after.json,
    ]
  }
}

/// That a candidate was given up, because the same error came again.
package struct RepairSurrender: Hashable, Sendable, ReadableDocument {
  package var attempt: Int
  package var repeatCount: Int
  package var threshold: Int
  package var errorCodes: [String]

  package init(attempt: Int, repeatCount: Int, threshold: Int, errorCodes: [String]) {
    self.attempt = attempt
    self.repeatCount = repeatCount
    self.threshold = threshold
    self.errorCodes = errorCodes
  }

  package init(reading reader: inout DocumentReader) {
    attempt = reader.whole("attempt", in: 0...1_000_000) ?? 0
    repeatCount = reader.whole("repeat_count", in: 0...1_000_000) ?? 0
    threshold = reader.whole("threshold", in: 0...1_000_000) ?? 0
    errorCodes = reader.texts("error_codes") ?? []
  }

  package var json: JSONValue {
    [
      "attempt": .integer(attempt), "repeat_count": .integer(repeatCount),
      "threshold": .integer(threshold), "error_codes": .strings(errorCodes),
    ]
  }
}
