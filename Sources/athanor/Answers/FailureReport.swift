import Essentials
import Foundation

/// A failure as the front door reports it.
struct FailureReport: Sendable {
  private let failure: any ExplainedFailure

  /// Takes any error; one that does not explain itself is told in the words the system has for it.
  init(_ error: any Error) {
    failure = error as? any ExplainedFailure ?? UnexplainedFailure(error)
  }

  var outcome: FailureOutcome { failure.outcome }

  /// For a person: like a compiler's finding where the failure lies in a text, otherwise what
  /// happened and what to do about it. What the text holds cannot move the cursor.
  func text(_ terminal: TerminalFacts) -> String {
    if let diagnosed = failure as? any DiagnosedFailure {
      return diagnosed.diagnostics.map {
        let rendered = $0.rendered(in: diagnosed.diagnosedText, named: diagnosed.diagnosedName)
        return painted(Self.harmless(rendered), severity: $0.severity, terminal.paint)
      }.joined(separator: "\n\n")
    }
    let text = "error: \(failure.explanation) [\(failure.key)]\n  = help: \(failure.remedy)"
    return painted(Self.harmless(text), severity: .error, terminal.paint)
  }

  /// Keeps the ends of lines and puts a space for each tab, so that an underline stays in its place.
  private static func harmless(_ text: String) -> String {
    text.replacing("\t", with: " ").split(separator: "\n", omittingEmptySubsequences: false)
      .map { DisplayWidth.harmless(String($0)) }.joined(separator: "\n")
  }

  /// For a program: `error` names the failure, `exit` is the exit code.
  var json: JSONValue {
    var members = [
      JSONValue.Member("error", .string(failure.key)),
      JSONValue.Member("message", .string(failure.message)),
      JSONValue.Member("exit", .integer(Int(failure.outcome.rawValue))),
      JSONValue.Member("explanation", .string(failure.explanation)),
      JSONValue.Member("remedy", .string(failure.remedy)),
    ]
    if let demand = failure as? ActionDemand {
      members.append(JSONValue.Member("action_url", .string(demand.actionURL)))
      members.append(JSONValue.Member("hint", .string(demand.hint)))
    }
    if let diagnosed = failure as? any DiagnosedFailure {
      members.append(JSONValue.Member("text", .string(diagnosed.diagnosedText)))
      members.append(
        JSONValue.Member("diagnostics", .array(diagnosed.diagnostics.map(Self.json))))
    }
    return .object(members)
  }

  private static func json(_ diagnostic: Diagnostic) -> JSONValue {
    [
      "severity": .string(diagnostic.severity.rawValue),
      "code": .string(diagnostic.code),
      "message": .string(diagnostic.message),
      "start": .integer(diagnostic.span.start),
      "end": .integer(diagnostic.span.end),
      "remedy": diagnostic.remedy.map(JSONValue.string) ?? .null,
    ]
  }

  private func painted(_ text: String, severity: Diagnostic.Severity, _ paint: Paint) -> String {
    let word = severity.rawValue + ":"
    guard text.hasPrefix(word) else { return text }
    let head = severity == .error ? paint.red(word) : paint.yellow(word)
    return head + text.dropFirst(word.count)
  }
}

/// An error of a library, told in that library's words.
private struct UnexplainedFailure: ExplainedFailure {
  let words: String

  init(_ error: any Error) {
    switch error {
    case OutletFailure.refused(let reason): words = "The answer could not be written: \(reason)."
    default: words = "The system reports: \((error as NSError).localizedDescription)."
    }
  }

  var key: String { "failed" }
  var explanation: String { words }
  var remedy: String { "Mend the cause and run the command again." }
  var outcome: FailureOutcome { .failed }
}
