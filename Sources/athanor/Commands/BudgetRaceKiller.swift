import Essentials
import Foundation
import Glibc
import Mathematics
import Research
import Services

/// Runs a race in processes of this program and kills each while it is under way.
struct BudgetRaceKiller {
  private let program: String
  private let arguments: [String]
  private let environment: [String: String]
  private let bills: String
  private let kills: Int
  private var chance: SplitMix64
  /// About how many bytes of bills a process writes before it is killed.
  private let bytesPerLife: Int
  private let elapsed: @Sendable () -> Duration

  /// A bill of the race is about so long.
  private static let bytesPerBill = 50
  /// A process that writes no bill for so long is stuck.
  private static let patience = Duration.seconds(60)
  private static let pauseMicroseconds: UInt32 = 2_000

  init(_ invocation: Invocation, race: BudgetRace, journal: String, kills: Int) throws {
    guard !invocation.surroundings.executable.isEmpty else { throw RaceKillFailure.noProgram }
    program = invocation.surroundings.executable
    environment = invocation.surroundings.environment
    bills = BudgetRace.billsPath(journal: journal)
    self.kills = kills
    chance = SplitMix64(seed: race.seed)
    bytesPerLife = max(1, race.attempts / 2 / (kills + 1)) * Self.bytesPerBill
    elapsed = invocation.surroundings.elapsed
    var arguments = [
      "budget", "race", "--threads", String(race.threads), "--reservations",
      String(race.attempts), "--seed", String(race.seed), "--journal", journal,
    ]
    if let path = invocation[BudgetFiles.budget] { arguments += ["--budget", path] }
    self.arguments = arguments
  }

  /// Returns how many processes were killed; fewer than asked for where one comes to the end.
  func run() throws -> Int {
    var chance = chance
    for killed in 0..<kills {
      let goal = size + Int.random(in: 1...(2 * bytesPerLife), using: &chance)
      let child = try ChildProgram(
        ChildProgram.Order(program: program, arguments: arguments, environment: environment))
      try watch(child, until: goal)
      child.signal(SIGKILL)
      switch child.waitUntilExit() {
      case .signal(SIGKILL): continue
      case .code(0): return killed
      case let exit: throw RaceKillFailure.ended(code: Int32(exit.returnCode))
      }
    }
    return kills
  }

  /// Waits until the bills have grown to a size or the process has ended.
  private func watch(_ child: ChildProgram, until goal: Int) throws {
    var latest = (size: size, at: elapsed())
    while child.exit() == nil, latest.size < goal {
      usleep(Self.pauseMicroseconds)
      let now = (size: size, at: elapsed())
      if now.size > latest.size {
        latest = now
      } else if now.at - latest.at > Self.patience {
        child.signal(SIGKILL)
        _ = child.waitUntilExit()
        throw RaceKillFailure.stuck
      }
    }
  }

  private var size: Int {
    var status = stat()
    return stat(bills, &status) == 0 ? Int(status.st_size) : 0
  }
}

/// Why a race in processes that are killed did not come to its end.
enum RaceKillFailure: ExplainedFailure, Hashable {
  case noProgram
  case ended(code: Int32)
  case stuck

  var key: String { "race_not_run" }
  var explanation: String {
    switch self {
    case .noProgram: "The file of this program is not known, so it cannot be started again."
    case .ended(let code): "A process of the race ended by itself with code \(code)."
    case .stuck: "A process of the race was killed because it had come to a stop."
    }
  }
  var remedy: String { "Run the race without --crashes on the same journal to see why." }
  var outcome: FailureOutcome { .failed }
}
