import Essentials
import Foundation
import Services
import Worlds

/// A policy as it stands in a file, with those that it extends.
struct WorldPolicyFile: Sendable {
  let path: String
  let reading: PolicyReading

  /// Reads a file; what is wrong with its text is part of the reading. A policy that it extends is
  /// looked for beside it, then among the examples of the program, with or without `.yml`.
  init(path: String, examples: String?) throws(TextFailure) {
    self.path = path
    let folders = [(path as NSString).deletingLastPathComponent] + (examples.map { [$0] } ?? [])
    reading = WorldPolicy.read(text: try SourceText.read(path: path), named: path) { name in
      for folder in folders {
        for file in [name, name + ".yml"] {
          let place = folder.isEmpty || file.hasPrefix("/") ? file : "\(folder)/\(file)"
          if let text = try? SourceText.read(path: place) { return text }
        }
      }
      return nil
    }
  }

  /// The policy, or everything that is wrong with it.
  func policy() throws(RefusedPolicy) -> WorldPolicy {
    guard let policy = reading.policy else { throw RefusedPolicy(reading) }
    return policy
  }

  /// Warnings alone where the policy can be used.
  var warnings: [PolicyFinding] {
    reading.findings.filter { $0.diagnostic.severity == .warning }
  }
}

extension Invocation {
  /// Reads the policy of a file.
  func policyFile(_ path: String) throws -> WorldPolicyFile {
    // Without a home there may still be a policy to check, and nothing but `extends` asks for more.
    let folders = try? DeskFolders(
      environment: surroundings.environment, executable: surroundings.executable)
    return try WorldPolicyFile(
      path: path, examples: folders?.examples.map { $0 + "/Worlds" })
  }
}

/// A text that is no policy, told as a compiler tells it.
struct RefusedPolicy: ExplainedFailure, Hashable {
  let findings: [PolicyFinding]

  init(_ reading: PolicyReading) {
    findings = reading.findings
  }

  private var errors: [PolicyFinding] { findings.filter { $0.diagnostic.severity == .error } }

  var key: String { "invalid_policy" }
  var explanation: String {
    let first = errors.first.map {
      " The first stands at \($0.source):\($0.line):\($0.column): \($0.diagnostic.message)"
    }
    let count = errors.count
    return "The policy has \(count == 1 ? "1 error" : "\(count) errors").\(first ?? "")"
  }
  var remedy: String { "Mend it; `athanor world validate` shows every place." }
  var outcome: FailureOutcome { .badConfiguration }
}

extension PolicyFinding {
  /// The finding for a program.
  var json: JSONValue {
    [
      "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
      "message": .string(diagnostic.message), "source": .string(source),
      "line": .integer(line), "column": .integer(column),
      "start": .integer(diagnostic.span.start), "end": .integer(diagnostic.span.end),
      "remedy": diagnostic.remedy.map(JSONValue.string) ?? .null,
    ]
  }
}
