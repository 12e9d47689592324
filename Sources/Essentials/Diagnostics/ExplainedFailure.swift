/// An error that tells a person what happened, where, and how to mend it.
///
/// The front door turns `outcome` into the exit code and, with `--json`, `key` into the `error`
/// member of the object on standard error.
package protocol ExplainedFailure: Error, CustomStringConvertible {
  /// A stable snake_case name that programs branch on, such as `unreadable_file`.
  var key: String { get }
  /// What happened and to what, in one sentence with the values concerned.
  var explanation: String { get }
  /// What to do about it, in one sentence.
  var remedy: String { get }
  /// What programs read under `message`: the explanation, unless a fixed wording is agreed upon.
  var message: String { get }
  var outcome: FailureOutcome { get }
}

extension ExplainedFailure {
  package var message: String { explanation }
  package var description: String { "\(explanation) \(remedy)" }
}

/// The class of a failure. The raw value is the exit code of the command line.
package enum FailureOutcome: Int32, Sendable {
  /// Something outside failed: a disk, a connection.
  case failed = 1
  /// The desk refused: an invalid formula, a blocked budget, a failed gate.
  case refused = 2
  /// A person must act before the command can go on.
  case personMustAct = 3
  /// What was configured or handed in cannot be used: a file, a header, an option.
  case badConfiguration = 4
  case timedOut = 5
  /// Stored bytes are not what was written.
  case integrityViolated = 6
}
