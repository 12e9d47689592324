import Essentials
import Foundation

/// The processor instructions that this program was built with.
enum InstructionSet: Sendable {
  /// Those of every 64-bit processor.
  case portable
  /// AVX2, FMA and their company: the micro-architecture level 3 of the x86-64 psABI.
  case x86v3

  static var built: InstructionSet {
    #if PORTABLE
      .portable
    #else
      .x86v3
    #endif
  }

  var name: String {
    switch self {
    case .portable: "portable"
    case .x86v3: "x86-64-v3"
    }
  }

  /// Fails where this processor lacks an instruction; otherwise the program would die without a word
  /// at the first one it meets.
  func requirePresence() throws {
    guard self == .x86v3,
      let facts = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    else { return }
    let missing = missingInstructions(in: facts)
    if !missing.isEmpty { throw InstructionsMissing(names: missing) }
  }

  /// Returns what the first processor of a `/proc/cpuinfo` text lacks, none where the text has no
  /// flags.
  func missingInstructions(in facts: String) -> [String] {
    guard self == .x86v3,
      let line = facts.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return [] }
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }))
    return ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
      .filter { !flags.contains(Substring($0)) }
  }
}

/// A processor that this build cannot run on.
struct InstructionsMissing: ExplainedFailure, Hashable {
  let names: [String]

  var key: String { "processor_too_old" }
  var explanation: String {
    "This processor lacks \(names.joined(separator: ", ")), which this build uses."
  }
  var remedy: String { "Build for any 64-bit processor with `PORTABLE=1 make build`." }
  var outcome: FailureOutcome { .badConfiguration }
}
