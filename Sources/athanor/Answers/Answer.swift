import Essentials

/// What a command has to say: one content, as text for a person and as a value for a program.
struct Answer: Sendable {
  /// Sets the text for the place it goes to.
  let text: @Sendable (TerminalFacts) -> String
  let json: JSONValue
  /// What speaks against success although there is something to say, such as data that was read but
  /// found wanting. It goes to standard error and decides the exit code.
  let failure: (any ExplainedFailure)?

  /// Of a command that has written everything already, part by part.
  static let said = Answer(json: .null, isSaid: true)
  /// Whether there is nothing left to be written.
  let isSaid: Bool

  private init(json: JSONValue, isSaid: Bool) {
    text = { _ in "" }
    self.json = json
    failure = nil
    self.isSaid = isSaid
  }

  init(
    json: JSONValue, failure: (any ExplainedFailure)? = nil,
    text: @escaping @Sendable (TerminalFacts) -> String
  ) {
    self.text = text
    self.json = json
    self.failure = failure
    isSaid = false
  }

  /// Of a command that speaks to programs: the value on one line, whoever reads it.
  init(document: JSONValue, failure: (any ExplainedFailure)? = nil) {
    self.init(json: document, failure: failure) { _ in document.compactText }
  }
}
