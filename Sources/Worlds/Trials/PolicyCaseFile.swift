package import Essentials

/// Cases for a policy as people write them down: situations with what nobody needs to repeat.
///
/// ```yaml
/// schema: world-cases/v1
/// policy: world.yml
/// defaults: {lag: 1h, instance: {since: 90d, metrics: {sharpe@long: 1.5}}}
/// cases:
///   - name: Who shows too little stays on paper
///     given: {instances: {a: {metrics: {sharpe@long: 0.1}}}}
///     expect: {instances: {a: {verdict: fail}}}
/// ```
package struct PolicyCaseFile: Hashable, Sendable {
  /// The policy that the cases are meant for, by the name of its text; nil where the document leaves
  /// that to whoever puts the cases.
  package var policy: String?
  var defaults = Situation()
  var entries: [Entry] = []

  /// A case as it is written.
  struct Entry: Hashable, Sendable {
    var name = ""
    var given = Situation()
    var expected = PolicyCase.Expectation()
  }

  /// What a snapshot is made from.
  struct Situation: Hashable, Sendable {
    /// How far data lies behind the decision; nil where there is no data.
    var lag: TimeSpan? = .zero
    /// How far data lies ahead of the decision, which it never should.
    var lead = TimeSpan.zero
    var declared = DeclaredState.active
    var breaker = Breaker.armed
    /// Whether the cycle was decided before.
    var isCounted = false
    var equity = 1.0
    var marginUsed = 0.0
    /// Of pairs that are not named; nil where it is unknown.
    var correlation: Double? = 0
    /// The days that every pair shares.
    var overlap = TimeSpan.days(1000)
    var pairs: [Pair] = []
    /// What instances are unless they say otherwise.
    var template = Candidate()
    var instances: [Candidate] = []
  }

  enum Breaker: String, Hashable, Sendable, CaseIterable {
    case armed, tripped
  }

  /// The correlation of two instances.
  struct Pair: Hashable, Sendable {
    var between: [String] = []
    /// Nil where it is unknown.
    var value: Double?
  }

  /// An instance as it is written.
  struct Candidate: Hashable, Sendable {
    var id = ""
    var strategy: String?
    var phase = StrategyPhase.dryrun
    /// How long it has been in its phase.
    var age = TimeSpan.days(365)
    var side = TradingSide.long
    var passes = 0
    var fails = 0
    var history = TimeSpan.days(3650)
    var isWarm = true
    /// Shares by symbol; empty for a symbol of its own.
    var symbols: [NamedShare] = []
    var sector: String?
    var venue: String?
    var broker: String?
    var volatility: Double? = 0.01
    var isApproved = false
    var isGateClosed = false
    /// Nil for the place of its side where it is live, for 0 elsewhere.
    var weight: Double?
    var days: Double? = 10_000
    var trades: Double? = 10_000
    var bars: Double? = 10_000
    var metrics: [NamedMeasure] = []

    /// The candidate with the measures that only the other has.
    func completed(by other: Candidate) -> Candidate {
      var copy = self
      let own = Set(metrics.compactMap { MetricName($0.name) })
      copy.metrics += other.metrics.filter { measure in
        MetricName(measure.name).map { !own.contains($0) } ?? false
      }
      return copy
    }
  }

  struct NamedShare: Hashable, Sendable {
    var name = ""
    var share = 1.0
  }

  struct NamedMeasure: Hashable, Sendable {
    var name = ""
    /// Nil where it is unknown.
    var value: Double?
    /// What it rests on, nil for what all measures of the instance rest on.
    var days: Double?
    var trades: Double?
    var bars: Double?
  }
}

/// What a text says as cases, and everything that was found in it.
package struct PolicyCaseReading: Sendable {
  /// Nil where anything found is an error.
  package var file: PolicyCaseFile?
  /// Errors in the order of the text.
  package var findings: [PolicyFinding]
}

/// A text that holds no cases.
package struct PolicyCaseFailure: ExplainedFailure, Hashable {
  /// Everything that was found, in the order of the text.
  package var findings: [PolicyFinding]

  package var key: String { "invalid_cases" }
  package var explanation: String {
    "The cases have \(findings.count == 1 ? "1 error" : "\(findings.count) errors"):\n\n"
      + findings.map(\.rendered).joined(separator: "\n\n") + "\n"
  }
  /// The first error with its place, on one line.
  package var message: String {
    findings.first.map { "\($0.source):\($0.line):\($0.column): \($0.diagnostic.message)" }
      ?? "The cases have errors."
  }
  package var remedy: String { "Mend the places shown." }
  package var outcome: FailureOutcome { .badConfiguration }
}
