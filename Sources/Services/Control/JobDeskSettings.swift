package import Essentials
import Foundation
import Storage

/// Where a desk of jobs works, with what, and how much of it at once.
package struct JobDeskSettings: Sendable {
  /// The path of the program that does the work.
  package var executable: String
  /// The folder under which every job has one of its own; like all paths here it is absolute.
  package var jobs: String
  /// The folder of knowledge packs, one for each panel; they are made where they are missing.
  package var knowledge: String
  /// The journal that the programs write.
  package var journal: String
  /// The environment of the server. Programs get the part of it that they may need.
  package var environment: [String: String]
  /// The folder of panels, nil for where the program looks by itself.
  package var store: String?
  /// The file of the budget, nil for what the program takes by itself in the folder of a job.
  package var budget: String?
  /// Jobs that wait; one more is refused.
  package var waitingMax = 32
  /// Jobs that ask no model and run at once.
  package var othersMax = 2
  /// What a program has left after it was asked to end, before it is killed.
  package var grace = Duration.seconds(5)

  package init(
    executable: String, jobs: String, knowledge: String, journal: String,
    environment: [String: String]
  ) {
    self.executable = executable
    self.jobs = jobs
    self.knowledge = knowledge
    self.journal = journal
    self.environment = environment
  }

  /// What marks every process of a job: the journal, which has no double, and the job.
  static func mark(of job: String, in journal: JournalBirth) -> String { "\(journal.id)/\(job)" }

  /// The variable that carries the mark.
  static let mark = "ATHANOR_JOB"
  /// The variable that lets a program tell its progress in documents.
  static let progress = "ATHANOR_PROGRESS"

  private static let names: Set<String> = [
    "PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME",
    "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "HTTPS_PROXY",
    "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy",
    "LLVM_PROFILE_FILE",
  ]
  private static let modelBeginnings = ["BRAIN_LLM_", "OPENAI_", "ANTHROPIC_", "OLLAMA_"]

  /// Whether a variable holds a path, which means another place in the folder of a job.
  private static func isPath(_ name: String) -> Bool {
    name.hasSuffix("_FILE")
      || ["BRAIN_LLM_CACHE", "BRAIN_LLM_RECORDING", "ATHANOR_EXAMPLES"].contains(name)
  }

  /// The environment of the programs of a job. Keys of models are for those that ask one.
  func environment(mark: String, asksModel: Bool) -> [String: String] {
    var handed = environment.filter { name, _ in
      if Self.names.contains(name) || name.hasPrefix("LC_") { return true }
      if Self.modelBeginnings.contains(where: { name.hasPrefix($0) }) {
        return asksModel
      }
      return name.hasPrefix("ATHANOR_") && !SecretWords.isSecret(name)
    }
    let here = FileManager.default.currentDirectoryPath
    for (name, value) in handed where Self.isPath(name) && !value.isEmpty && !value.hasPrefix("/") {
      handed[name] = "\(here)/\(value)"
    }
    handed["ATHANOR_JOURNAL"] = journal
    handed["NO_COLOR"] = "1"
    handed[Self.progress] = "json"
    handed[Self.mark] = mark
    return handed
  }
}

/// What a desk of jobs may touch of the world beside programs and files.
package struct JobDeskEffects: Sendable {
  package var now: @Sendable () -> Timestamp
  /// The time since some instant, on a clock that never jumps.
  package var elapsed: @Sendable () -> Duration
  package var chance: @Sendable () -> UInt64
  /// Returns after about so long.
  package var pause: @Sendable (Duration) -> Void
  /// Takes a sentence about something that went wrong behind the scenes.
  package var report: @Sendable (String) -> Void

  package init(
    now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration,
    chance: @escaping @Sendable () -> UInt64, pause: @escaping @Sendable (Duration) -> Void,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.now = now
    self.elapsed = elapsed
    self.chance = chance
    self.pause = pause
    self.report = report
  }
}
