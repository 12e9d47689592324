import Essentials
import Foundation
import Glibc
import Mathematics
import Research
import Services
import Storage
import Synchronization
import TestKit

/// A desk of jobs in a folder of its own, whose programs are shell scripts.
final class DeskBench: Sendable {
  /// Nil where the folder is somebody else's.
  private let folder: ScratchFolder?
  let path: String
  let journal: Journal
  private let chance: Mutex<SplitMix64>
  private let reports = Mutex<[String]>([])
  private let start = ContinuousClock.now
  /// Added to the clock that limits how long jobs run.
  private let skipped = Mutex(Duration.zero)

  /// A secret of the environment.
  static let key = "sk-live-0123456789abcdef"

  init(seed: UInt64 = 1, in path: String? = nil) throws {
    folder = try path == nil ? ScratchFolder() : nil
    self.path = path ?? folder?.url.path ?? ""
    chance = Mutex(SplitMix64(seed: seed))
    journal = try Journal.open(
      path: self.path + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(
          id: UUID().uuidString, at: Timestamp(millisecondsSinceEpoch: SteppingClock.friday)),
        patienceMilliseconds: 0))
  }

  var jobs: String { path + "/jobs" }
  var told: [String] { reports.withLock { $0 } }

  /// Lets the clock that limits jobs jump.
  func skip(_ duration: Duration) { skipped.withLock { $0 += duration } }

  func settings(_ script: String, grace: Duration = .seconds(5)) throws -> JobDeskSettings {
    let program = path + "/program"
    try Data("#!/bin/sh\nhome='\(path)'\n\(script)\n".utf8).write(to: URL(fileURLWithPath: program))
    chmod(program, 0o755)
    var settings = JobDeskSettings(
      executable: program, jobs: jobs, knowledge: path + "/knowledge",
      journal: path + "/other.sqlite",
      environment: [
        "PATH": "/usr/bin:/bin", "OPENAI_API_KEY": Self.key, "ATHANOR_HOME": path,
        "ATHANOR_SERVER_TOKEN": "t0ken-of-the-server", "UNRELATED": "1",
      ])
    settings.grace = grace
    return settings
  }

  var effects: JobDeskEffects {
    JobDeskEffects(
      now: { Timestamp(millisecondsSinceEpoch: SteppingClock.friday) },
      elapsed: { [self] in ContinuousClock.now - start + skipped.withLock { $0 } },
      chance: { [self] in chance.withLock { $0.next() } },
      pause: { duration in
        usleep(UInt32(duration / .microseconds(1)))
      },
      report: { [self] text in reports.withLock { $0.append(text) } })
  }

  func desk(_ script: String, grace: Duration = .seconds(5)) throws -> JobDesk {
    try JobDesk.open(journal: journal, settings: settings(script, grace: grace), effects: effects)
  }

  /// The events about jobs that the journal has.
  var events: [JournalEvent] {
    get throws {
      try journal.events(limit: 10_000).filter { $0.kind.hasPrefix("control.") }
    }
  }

  /// Makes an empty file, which a script may wait for.
  func create(_ name: String) {
    _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: nil)
  }

  /// A file that a script left in the folder.
  func text(_ name: String) -> String? {
    try? String(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"), encoding: .utf8)
  }
}

extension JSONValue {
  /// A request that a desk carries out with one program.
  static func idea(
    hypothesis: String = "Surprises drift.", key: String? = nil, params: [Member] = []
  ) -> JSONValue {
    .object(
      [
        .init("action", "run-idea-agent"),
        .init(
          "params",
          .object([.init("input", ["hypothesis": .string(hypothesis)])] + params)),
      ] + (key.map { [.init("idempotency_key", .string($0))] } ?? []))
  }

  /// A request that asks no model.
  static let knowledge: JSONValue = ["action": "build-knowledge-pack"]

  /// A request for a campaign.
  static func campaign(_ run: String) -> JSONValue {
    ["action": "research-run", "params": ["run_id": .string(run)]]
  }
}

extension JSONValue {
  /// The elements of an array, none where this is none.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}

extension DeskBench {
  /// Does something on so many threads at once.
  func together<Value: Sendable>(
    _ count: Int, _ work: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { place in
      let result = Result { try work(place) }
      results.withLock { $0[place] = result }
    }
    return try results.withLock { found in
      try (0..<count).map { place in
        guard let result = found[place] else { throw CocoaError(.featureUnsupported) }
        return try result.get()
      }
    }
  }

  /// The living processes that work in a folder below this bench's.
  var processes: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      guard
        let folder = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(pid)/cwd"),
        ProcessIdentity(of: pid) != nil
      else { return false }
      return folder.hasPrefix(path)
    }
  }
}
