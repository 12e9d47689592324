import Essentials

/// The loop that takes one candidate from its first text to a formula that may be simulated, or to a
/// reason why there is none.
///
/// A value that is told what happened and returns what is to be done, in order. Each entry point
/// belongs to one state:
///
/// ```
///   start() -> checking -- checked(valid) -------------------------------> finished
///                 |
///                 | checked(invalid)        a repeat, once         expanded()
///                 |------------------------------> expanding ---------------.
///                 |                                                         |
///                 v                                                         v
///              mending -- treeRepaired(nil) --> asking -- modelAnswered() --> checking
///                 '------ treeRepaired(text) -------------------------------> checking
/// ```
///
/// 1. Between two checks stands exactly one `retryStarted`, and after it exactly one check or one
///    `retryAbandoned`.
/// 2. A text is repaired by edits of its tree first; the model is asked only where none is found.
/// 3. A pair of errors and text that returns `repeatsMax` times leads to the expansion of the
///    retrieval, once; the repeats are counted anew after it. The next such pair ends the loop.
/// 4. `attempts` counts the texts that were checked, and nothing else.
///
/// At most `repairsMax + 1` texts are checked.
package struct ValidationMachine: Sendable {
  /// How long the loop may go on.
  package struct Policy: Hashable, Sendable {
    /// How often a text may be mended.
    package var repairsMax = 3
    /// How often a pair of errors and text may be seen before something else is done.
    package var repeatsMax = 2
    /// Whether repeats end the loop once the retrieval was expanded.
    package var stopsOnRepeats = true
    /// Whether the retrieval may be expanded.
    package var expandsOnRepeats = true

    package init() {}
  }

  /// A text that was tried, and what was wrong with it.
  package struct Counterexample: Hashable, Sendable {
    package let formula: String
    /// A line for each error.
    package let findings: [String]
  }

  /// What is to be done.
  package enum Directive: Hashable, Sendable {
    case record(ValidationEvent)
    /// Check the text and tell `checked`.
    case check(String)
    /// Look for a repair of the text's tree and tell `treeRepaired`.
    case repairTree(String)
    /// Ask the model for another text and tell `modelAnswered` or `modelGaveNothing`. The
    /// counterexamples are the earlier texts, oldest first.
    case askModel(findings: [String], counterexamples: [Counterexample])
    /// Retrieve a wider pack out of the reserve and tell `expanded` or `expansionRefused`.
    case expand
    case finish(ValidationVerdict)
  }

  private enum State {
    case created, checking, mending, asking, expanding, finished
  }

  /// What the same errors in the same text look like.
  private struct Sighting: Hashable {
    var signature: String
    var text: Fingerprint
  }

  private let policy: Policy
  private let lane: Lane?
  private var state = State.created
  private var text: String
  /// Texts checked so far.
  private var attempts = 0
  private var sightings: [Sighting: Int] = [:]
  private var wasExpanded = false
  private var edits: [RepairEdit] = []
  private var counterexamples: [Counterexample] = []
  private var lastReport: ValidationReport?
  private var lastRepeatCount = 0

  package init(text: String, lane: Lane? = nil, policy: Policy = Policy()) {
    precondition(policy.repairsMax >= 0 && policy.repeatsMax >= 1, "limits count from one")
    self.text = text
    self.lane = lane
    self.policy = policy
  }

  // MARK: - What happened

  /// Begins with the first text.
  package mutating func start() -> [Directive] {
    enter(.checking, from: .created)
    let started = ValidationEvent.started(
      repairsMax: policy.repairsMax, stopsOnRepeats: policy.stopsOnRepeats, lane: lane)
    return [.record(started), .check(text)]
  }

  /// The text of the last `check` was checked.
  package mutating func checked(_ report: ValidationReport) -> [Directive] {
    precondition(state == .checking, "told of a check while \(state)")
    precondition(report.source == text, "told of a check of another text")
    attempts += 1
    lastReport = report
    if report.isValid {
      let passed: ValidationEvent =
        attempts == 1 ? .passed : .retryPassed(attempt: attempts - 1)
      return [.record(passed)] + finish(nil)
    }
    let sighting = Sighting(
      signature: report.errorSignature,
      text: Fingerprint(of: CandidateFingerprints.normalized(text)))
    sightings[sighting, default: 0] += 1
    lastRepeatCount = sightings[sighting] ?? 1
    let failure = ValidationEvent.Failure(
      attempt: attempts - 1, errorKeys: report.errorKeys, errors: report.errors,
      repeatCount: lastRepeatCount)
    let failed = Directive.record(attempts == 1 ? .failed(failure) : .retryFailed(failure))
    if attempts > policy.repairsMax {
      return [failed] + finish(.attemptsSpent)
    }
    guard lastRepeatCount >= policy.repeatsMax else { return [failed] + mend() }
    if policy.expandsOnRepeats, !wasExpanded {
      wasExpanded = true
      state = .expanding
      return [failed, .expand]
    }
    return [failed] + mendOrStop()
  }

  /// The retrieval was widened from one number of candidates of each kind to another.
  package mutating func expanded(
    before: [String: Int], after: [String: Int]
  ) -> [Directive] {
    precondition(state == .expanding, "told of an expansion while \(state)")
    let expanded = ValidationEvent.retrievalExpanded(
      attempt: attempts, repeatCount: lastRepeatCount, threshold: policy.repeatsMax,
      before: before, after: after)
    // What was hopeless with the old pack need not be with the wider one.
    sightings.removeAll()
    return [.record(expanded)] + mend()
  }

  /// The retrieval could not be widened, for example because the reserve is spent.
  package mutating func expansionRefused(_ reason: String) -> [Directive] {
    precondition(state == .expanding, "told of an expansion while \(state)")
    return [.record(.expansionRefused(attempt: attempts, reason: reason))] + mendOrStop()
  }

  /// A repair of the tree was found, or none.
  package mutating func treeRepaired(_ repaired: RepairedFormula?) -> [Directive] {
    precondition(state == .mending, "told of a repair while \(state)")
    guard let repaired else { return ask() }
    edits += repaired.edits
    text = repaired.text
    state = .checking
    return [.record(.repairedByTree(attempt: attempts, edits: repaired.edits)), .check(text)]
  }

  /// The model gave another text.
  package mutating func modelAnswered(_ answer: String) -> [Directive] {
    enter(.checking, from: .asking)
    text = answer
    // Edits of an earlier text say nothing of this one.
    edits.removeAll()
    return [.record(.answeredByModel(attempt: attempts)), .check(text)]
  }

  /// The model gave no text: the budget refused the call, it failed, or its answer was unreadable.
  package mutating func modelGaveNothing(_ reason: String) -> [Directive] {
    precondition(state == .asking, "told of the model while \(state)")
    return [.record(.retryAbandoned(attempt: attempts, reason: reason))]
      + finish(.noOtherText(reason))
  }

  // MARK: - What is to be done

  private mutating func mendOrStop() -> [Directive] {
    guard policy.stopsOnRepeats else { return mend() }
    let aborted = ValidationEvent.abortedOnRepeats(
      attempt: attempts, repeatCount: lastRepeatCount, threshold: policy.repeatsMax,
      errorKeys: lastReport?.errorKeys ?? [])
    return [.record(aborted)] + finish(.repeatedErrors)
  }

  private mutating func mend() -> [Directive] {
    let instruction = ValidationEvent.Instruction(
      attempt: attempts, errorKeys: lastReport?.errorKeys ?? [],
      findings: lastReport?.findingLines ?? [], repeatCount: lastRepeatCount,
      wasExpanded: wasExpanded, lane: lane)
    let started = Directive.record(.retryStarted(attempt: attempts, instruction: instruction))
    // A tree that was looked at in vain is not looked at again.
    if lastRepeatCount > 1 || counterexamples.contains(where: { $0.formula == text }) {
      return [started] + ask()
    }
    state = .mending
    return [started, .repairTree(text)]
  }

  private mutating func ask() -> [Directive] {
    state = .asking
    let findings = lastReport?.findingLines ?? []
    let earlier = counterexamples
    if !earlier.contains(where: { $0.formula == text }) {
      counterexamples.append(Counterexample(formula: text, findings: findings))
    }
    return [
      .askModel(findings: findings, counterexamples: earlier.filter { $0.formula != text })
    ]
  }

  private mutating func finish(_ reason: ValidationVerdict.StopReason?) -> [Directive] {
    state = .finished
    guard let report = lastReport else { preconditionFailure("finished without a check") }
    return [
      .finish(
        ValidationVerdict(
          text: text, stopReason: reason, attempts: attempts, errorKeys: report.errorKeys,
          usedFields: report.usedFields, usedOperators: report.usedOperators,
          wasExpanded: wasExpanded, edits: edits))
    ]
  }

  private mutating func enter(_ next: State, from expected: State) {
    precondition(state == expected, "entered \(next) from \(state)")
    state = next
  }
}
