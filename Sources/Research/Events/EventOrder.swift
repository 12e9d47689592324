// The order in which the events of a run must stand, by number; tests cite them.
//
//  O1  A prompt: alpha_started, then any number of fallback_applied, then check_passed, then perhaps
//      explore_floor_preserved, then alpha_generated. The call's usage point stands after
//      check_passed; before alpha_generated where it is written before the answer is read. Each
//      further attempt of the call is checked again. After alpha_generated come the prompts of
//      repairs, which are shortened and checked in the same way.
//  O2  A candidate is generated, or created by mutation, before its validation starts.
//  O3  Validation starts before it passes or fails, and passes or fails once.
//  O4  Each retry_started follows a failure and is followed by one retry_failed or retry_passed; a
//      retry that came to no text is followed by neither, and the candidate is blocked.
//  O5  A simulation is enqueued, starts, makes progress, and completes or fails, in this order. A
//      duplicate is skipped instead of enqueued or afterwards; what is blocked or skipped by option
//      is not simulated.
//  O6  Nothing is simulated that did not pass validation where it was validated, nor in a run that
//      simulates nothing.
//  O7  Evaluation comes after the simulations, and no candidate that was evaluated is validated or
//      simulated again.
//
//              alpha_generated, child_created
//   unknown ─────────────────────────▶ proposed ──started──▶ validating
//                                          │                  │      │ passed
//                                          │           failed ▼      ▼
//                                          │ ┌──────────▶ failed   valid ─enqueued▶ queued
//                                          │ │ retry_failed │        ▲                │ started
//                                          │ └── retrying ◀─┘        │                ▼
//                                          │     │  └──retry_passed──┘            simulating
//                                          │  simulation.blocked, skipped, duplicate  │
//                                          └──────────────────▶ closed ◀──────────────┘

/// A step of a run that stands where it must not.
package struct OrderViolation: Hashable, Sendable, CustomStringConvertible {
  /// The rule, such as `O3`.
  package let rule: String
  /// The event's name.
  package let kind: String
  /// The key of the candidate, or the idea; empty for the run.
  package let subject: String
  /// What was wrong, in one sentence.
  package let explanation: String

  package var description: String { explanation }
}

/// Watches the order of a run's events, told one by one.
///
/// Violations are noted and never stop anything. Memory: one word for each candidate and idea.
package struct EventOrder: Sendable {
  private enum Phase: String {
    case unknown, proposed, validating, failed, retrying, valid, queued, simulating, closed
    case evaluated
  }

  private enum PromptPhase {
    case started, passed, floorPreserved, generated
  }

  /// Whether simulation events are legal in this run.
  private let expectsSimulation: Bool
  private var candidates: [String: Phase] = [:]
  private var prompts: [String: PromptPhase] = [:]
  /// The first ``violationsMax``, in the order of the events.
  package private(set) var violations: [OrderViolation] = []
  /// All violations, also those that are not kept.
  package private(set) var violationCount = 0

  /// More than a person reads.
  package static let violationsMax = 64

  package init(expectsSimulation: Bool = true) {
    self.expectsSimulation = expectsSimulation
  }

  package var isViolated: Bool { violationCount > 0 }

  /// Takes in the event of that name about a candidate and an idea, either empty where it is about
  /// none. Names that no rule speaks of make no difference, nor do steps of a candidate without a
  /// name, as in a sheet of formulas that is simulated without research.
  package mutating func take(_ kind: String, candidate: String = "", idea: String = "") {
    switch ResearchEventKind(name: kind) {
    case .alphaStarted: prompts[idea] = .started
    case .fallbackApplied:
      switch prompts[idea] {
      case .started, .generated: break
      case nil, .passed, .floorPreserved: note("O1", kind, idea, "stands after the check")
      }
    case .alphaGenerated: takeGenerated(kind, candidate, idea)
    case .childCreated: takeNew(kind, candidate)
    case .evaluationCompleted: takeEvaluation(kind)
    case let name?
    where candidate.isEmpty && ["validation", "simulation"].contains(name.stage):
      break
    case let name? where name.stage == "validation" && name != .orderViolated:
      takeValidation(name, candidate)
    case let name? where name.stage == "simulation": takeSimulation(name, candidate)
    case .candidateDropped: candidates[candidate] = .closed
    case nil: takeBudget(kind, idea)
    default: break
    }
  }

  /// Takes in an event of research or of a budget.
  package mutating func take(_ event: RecordedEvent) {
    switch event {
    case .research(let event):
      take(
        event.kind.rawValue, candidate: event.fact.candidate?.key ?? "", idea: event.idea)
    case .budget(let event): take(event.kind, idea: event.idea ?? "")
    case .foreign, .unreadable: break
    }
  }

  /// Notes what was begun and not ended: to be asked when the run is over.
  package mutating func finish() {
    for (candidate, phase) in candidates.sorted(by: { $0.key < $1.key }) {
      switch phase {
      case .validating: note("O3", "", candidate, "was neither found valid nor invalid")
      case .retrying: note("O4", "", candidate, "was repaired without an outcome")
      case .queued, .simulating: note("O5", "", candidate, "was simulated without an outcome")
      case .valid, .failed, .closed: note("O7", "", candidate, "was never evaluated")
      case .unknown, .proposed, .evaluated: break
      }
    }
  }

  // MARK: - The steps

  private mutating func takeBudget(_ kind: String, _ idea: String) {
    switch kind {
    case "budget.check_passed":
      switch prompts[idea] {
      case .started, .passed, .floorPreserved: prompts[idea] = .passed
      case nil, .generated: break
      }
    case "budget.explore_floor_preserved":
      switch prompts[idea] {
      case .passed: prompts[idea] = .floorPreserved
      case nil, .generated: break
      case .started, .floorPreserved: note("O1", kind, idea, "does not follow a passed check")
      }
    case "llm.usage_point":
      if prompts[idea] == .started { note("O1", kind, idea, "stands before the check") }
    default: break
    }
  }

  private mutating func takeGenerated(_ kind: String, _ candidate: String, _ idea: String) {
    if prompts[idea] == .started { note("O1", kind, idea, "stands before the check") }
    if prompts[idea] != nil { prompts[idea] = .generated }
    takeNew(kind, candidate)
  }

  private mutating func takeNew(_ kind: String, _ candidate: String) {
    if let phase = candidates[candidate], phase != .evaluated, phase != .closed {
      note("O2", kind, candidate, "comes again while the candidate is \(phase.rawValue)")
    }
    candidates[candidate] = .proposed
  }

  private mutating func takeValidation(_ name: ResearchEventKind, _ candidate: String) {
    let phase = candidates[candidate] ?? .unknown
    let (rule, allowed, next): (String, [Phase], Phase)
    switch name {
    case .validationHandoff: (rule, allowed, next) = ("O2", [.proposed], .proposed)
    case .validationStarted: (rule, allowed, next) = ("O2", [.proposed], .validating)
    case .validationPassed: (rule, allowed, next) = ("O3", [.validating], .valid)
    case .validationFailed: (rule, allowed, next) = ("O3", [.validating], .failed)
    case .retryStarted: (rule, allowed, next) = ("O4", [.failed], .retrying)
    case .retryPassed: (rule, allowed, next) = ("O4", [.retrying], .valid)
    case .retryFailed: (rule, allowed, next) = ("O4", [.retrying], .failed)
    default: (rule, allowed, next) = ("O4", [.failed], .failed)
    }
    step(name, candidate, from: phase, rule, allowed, next)
  }

  private mutating func takeSimulation(_ name: ResearchEventKind, _ candidate: String) {
    let phase = candidates[candidate] ?? .unknown
    let isSimulated = ![.simulationBlocked, .simulationSkipped].contains(name)
    if isSimulated, !expectsSimulation {
      note("O6", name.rawValue, candidate, "stands in a run that simulates nothing")
    }
    switch name {
    case .simulationEnqueued:
      // Where nothing validates, as in a sheet of formulas, the queue is the beginning.
      step(name, candidate, from: phase, "O6", [.unknown, .proposed, .valid], .queued)
    case .simulationStarted: step(name, candidate, from: phase, "O5", [.queued], .simulating)
    case .simulationProgress:
      step(name, candidate, from: phase, "O5", [.simulating], .simulating)
    case .simulationCompleted: step(name, candidate, from: phase, "O5", [.simulating], .closed)
    case .simulationFailed:
      step(name, candidate, from: phase, "O5", [.queued, .simulating], .closed)
    case .simulationDuplicate:
      step(name, candidate, from: phase, "O5", [.unknown, .proposed, .valid, .queued], .closed)
    case .simulationBlocked:
      step(
        name, candidate, from: phase, "O5", [.unknown, .proposed, .failed, .retrying], .closed)
    case .simulationSkipped:
      step(name, candidate, from: phase, "O5", [.unknown, .proposed, .valid, .failed], .closed)
    default: step(name, candidate, from: phase, "O5", [.simulating, .closed], phase)
    }
  }

  private mutating func step(
    _ name: ResearchEventKind, _ candidate: String, from phase: Phase, _ rule: String,
    _ allowed: [Phase], _ next: Phase
  ) {
    if phase == .evaluated {
      note("O7", name.rawValue, candidate, "comes after the evaluation")
      return
    }
    if !allowed.contains(phase) {
      note(rule, name.rawValue, candidate, "comes while the candidate is \(phase.rawValue)")
    }
    candidates[candidate] = next
  }

  private mutating func takeEvaluation(_ kind: String) {
    for (candidate, phase) in candidates.sorted(by: { $0.key < $1.key }) {
      switch phase {
      case .validating, .retrying, .queued, .simulating:
        note("O7", kind, candidate, "comes while the candidate is \(phase.rawValue)")
        candidates[candidate] = .evaluated
      case .valid, .failed, .closed: candidates[candidate] = .evaluated
      case .unknown, .proposed, .evaluated: break
      }
    }
  }

  private mutating func note(
    _ rule: String, _ kind: String, _ subject: String, _ problem: String
  ) {
    violationCount += 1
    guard violations.count < Self.violationsMax else { return }
    let name = kind.isEmpty ? "A candidate" : kind
    violations.append(
      OrderViolation(
        rule: rule, kind: kind, subject: subject,
        explanation: "\(name) \(problem)" + (subject.isEmpty ? "." : " (\(subject)).")))
  }
}
