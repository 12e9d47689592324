package import Essentials

/// A place in the queue of a simulator.
package struct SimulationTicket: Hashable, Sendable, ReadableDocument {
  package var candidate: CandidateFacts
  /// Nil where nobody checked the formula.
  package var validationPassed: Bool?
  package var validationAttempts: Int
  /// The fingerprint of settings and formula together, by which simulations are told apart.
  package var fingerprint: String
  /// `single` or `multi`, nil before the simulator is asked.
  package var mode: String?
  /// How many candidates are simulated at once, nil before the simulator is asked.
  package var candidateCount: Int?

  package init(
    candidate: CandidateFacts, validationPassed: Bool?, validationAttempts: Int,
    fingerprint: String, mode: String? = nil, candidateCount: Int? = nil
  ) {
    self.candidate = candidate
    self.validationPassed = validationPassed
    self.validationAttempts = validationAttempts
    self.fingerprint = fingerprint
    self.mode = mode
    self.candidateCount = candidateCount
  }

  package init(reading reader: inout DocumentReader) {
    candidate = CandidateFacts(reading: &reader)
    validationPassed = reader.flag("validation_passed")
    validationAttempts = reader.whole("validation_attempts", in: 0...1_000_000) ?? 0
    fingerprint = reader.line("fingerprint") ?? ""
    mode = reader.line("mode")
    candidateCount = reader.whole("candidate_count", in: 0...1_000_000)
  }

  package var json: JSONValue {
    var members =
      candidate.members + [
        .init("validation_passed", .orNull(validationPassed)),
        .init("validation_attempts", .integer(validationAttempts)),
        .init("fingerprint", .string(fingerprint)),
      ]
    if let mode { members.append(.init("mode", .string(mode))) }
    if let candidateCount { members.append(.init("candidate_count", .integer(candidateCount))) }
    return .object(members)
  }
}

/// The figures of a simulation that every judgment reads, each nil where the simulator said nothing.
package struct RecordedMetrics: Hashable, Sendable {
  package var sharpe: Double?
  package var fitness: Double?
  /// A fraction of the book traded each day, not a percentage.
  package var turnover: Double?
  package var drawdown: Double?
  package var coverage: Double?
  /// What else the simulator said, as it came.
  package var others: [JSONValue.Member] = []

  package init() {}

  /// Reads the members of an object; one that is missing, null or no number is nil.
  package init(_ json: JSONValue) {
    for member in json.memberList {
      let number: Double?
      switch member.value {
      case .integer(let whole): number = Double(whole)
      case .number(let value): number = value.isFinite ? value : nil
      default: number = nil
      }
      switch member.name {
      case "sharpe": sharpe = number
      case "fitness": fitness = number
      case "turnover": turnover = number
      case "drawdown": drawdown = number
      case "coverage": coverage = number
      default: others.append(member)
      }
    }
  }

  package var json: JSONValue {
    .object(
      [
        .init("sharpe", .optional(sharpe)), .init("fitness", .optional(fitness)),
        .init("turnover", .optional(turnover)), .init("drawdown", .optional(drawdown)),
        .init("coverage", .optional(coverage)),
      ] + others)
  }
}

/// The end of a simulation. The name that the simulator gave is the candidate's `alpha_id`.
package struct SimulationResultFacts: Hashable, Sendable, ReadableDocument {
  package var ticket: SimulationTicket
  package var metrics: RecordedMetrics
  /// What was simulated on, with the members `name` and `fingerprint`; null on a remote simulator.
  package var panel: JSONValue
  package var settings: JSONValue
  /// The record sets that were saved, by name.
  package var recordsets: [String]

  package init(
    ticket: SimulationTicket, metrics: RecordedMetrics, panel: JSONValue = .null,
    settings: JSONValue = .null, recordsets: [String] = []
  ) {
    self.ticket = ticket
    self.metrics = metrics
    self.panel = panel
    self.settings = settings
    self.recordsets = recordsets
  }

  package init(reading reader: inout DocumentReader) {
    ticket = SimulationTicket(reading: &reader)
    metrics = RecordedMetrics(reader.value("metrics") ?? .null)
    panel = reader.value("panel") ?? .null
    settings = reader.value("settings") ?? .null
    recordsets = reader.texts("recordsets_saved") ?? []
  }

  package var json: JSONValue {
    .object(
      ticket.json.memberList + [
        .init("metrics", metrics.json), .init("panel", panel), .init("settings", settings),
        .init("recordsets_saved", .strings(recordsets)),
      ])
  }
}
