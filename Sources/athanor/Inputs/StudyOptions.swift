import Essentials
import Foundation
import Services
import Worlds

/// The arguments of commands that study policies.
enum StudyOptions {
  static let policy = Option<String?>.optional(
    "policy", short: "p", .file(), help: "The policy; otherwise the one that is shipped.")
  static let seed = Option(
    "seed", .whole("seed", in: 0...1_000_000_000), default: 1,
    help: "The seed of the study's chance.")

  /// The policy that a new world begins with, among the examples of the program.
  static let shipped = "Worlds/default.yml"
}

/// There is no policy to study.
struct MissingPolicy: ExplainedFailure, Hashable {
  var key: String { "no_policy" }
  var explanation: String { "No policy is named, and the shipped one is not beside the program." }
  var remedy: String { "Name one with --policy." }
  var outcome: FailureOutcome { .badConfiguration }
}

extension Invocation {
  /// The policy at a path, or the shipped one, with the name that it is known by.
  func studiedPolicy(_ path: String?) throws -> (path: String, policy: WorldPolicy) {
    let folders = try? DeskFolders(
      environment: surroundings.environment, executable: surroundings.executable)
    guard let path = path ?? folders?.examples.map({ "\($0)/\(StudyOptions.shipped)" }) else {
      throw MissingPolicy()
    }
    return (path, try policyFile(path).policy())
  }

  /// The policy of `--policy`, or the shipped one.
  func studiedPolicy() throws -> (path: String, policy: WorldPolicy) {
    try studiedPolicy(self[StudyOptions.policy])
  }
}
