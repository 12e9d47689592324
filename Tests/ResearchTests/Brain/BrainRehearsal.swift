import Essentials
import Foundation
import Networking
import Research
import Synchronization
import TestKit
import Twins

/// A twin of BRAIN with a session that talks to it, in a world whose time passes only by waiting.
final class BrainRehearsal: Sendable {
  let twin: BrainTwin
  let session: BrainSession
  let scratch: ScratchFolder
  private let time: RehearsedTime

  init(
    _ setup: BrainTwin.Setup = BrainTwin.Setup(), patience: BrainPatience = BrainPatience(),
    password: String? = nil, keepsCookies: Bool = false,
    person: (@Sendable (BrainPersona) async -> Bool)? = nil
  ) throws {
    let twin = try BrainTwin(setup)
    let scratch = try ScratchFolder()
    let time = RehearsedTime()
    self.twin = twin
    self.scratch = scratch
    self.time = time
    session = try Self.session(
      twin, setup, time, patience: patience, password: password,
      cookieFile: keepsCookies ? scratch.url.path + "/cookies" : nil, person: person)
  }

  static func session(
    _ twin: BrainTwin, _ setup: BrainTwin.Setup, _ time: RehearsedTime,
    patience: BrainPatience = BrainPatience(), password: String? = nil, cookieFile: String? = nil,
    person: (@Sendable (BrainPersona) async -> Bool)? = nil
  ) throws -> BrainSession {
    let credentials = BrainCredentials(
      email: SecretText(setup.email), password: SecretText(password ?? setup.password))
    return try BrainSession(
      base: HTTPAddress(twin.address), client: HTTPClient(), effects: time.effects,
      patience: patience, cookieFile: cookieFile, credentials: { credentials }, person: person)
  }

  /// Another process with the same time and twin.
  func restarted(_ setup: BrainTwin.Setup = BrainTwin.Setup(), cookieFile: String? = nil) throws
    -> BrainSession
  {
    try Self.session(twin, setup, time, cookieFile: cookieFile)
  }

  var waits: [Double] { time.waits }
  func pass(_ duration: Duration) { time.pass(duration) }
}

/// A clock that stands still until somebody waits, and chance that counts.
final class RehearsedTime: Sendable {
  private struct State {
    var milliseconds: Int64 = 1_784_041_639_000
    var waits: [Duration] = []
    var drawn: UInt64 = 0
  }

  private let state = Mutex(State())

  /// The seconds that were waited, one entry for each wait.
  var waits: [Double] { state.withLock { $0.waits.map { $0 / .seconds(1) } } }

  func pass(_ duration: Duration) {
    state.withLock { $0.milliseconds += Int64((duration / .milliseconds(1)).rounded()) }
  }

  var effects: BrainEffects {
    BrainEffects(
      now: { self.state.withLock { Timestamp(millisecondsSinceEpoch: $0.milliseconds) } },
      pause: { duration in
        self.state.withLock {
          $0.waits.append(duration)
          $0.milliseconds += Int64((duration / .milliseconds(1)).rounded())
        }
        await Task.yield()
      },
      chance: {
        self.state.withLock {
          // A thousand at a time, so that nothing is added to a wait and every name is another.
          $0.drawn += 1000
          return $0.drawn
        }
      })
  }
}

/// A record that outlives the simulators of a test.
final class KeptRecord: BrainRecord {
  private struct State {
    var steps: [BrainStep] = []
    /// How many steps can still be noted, nil for any number.
    var room: Int?
  }

  private let state = Mutex(State())

  struct Full: Error {}

  init(room: Int? = nil) { state.withLock { $0.room = room } }

  var steps: [BrainStep] { state.withLock { $0.steps } }
  func makeRoom() { state.withLock { $0.room = nil } }

  func note(_ steps: [BrainStep]) async throws {
    try state.withLock { state in
      if let room = state.room {
        guard room >= steps.count else { throw Full() }
        state.room = room - steps.count
      }
      state.steps += steps
    }
  }

  func history() async throws -> [BrainStep] { steps }
}

/// Makes candidates with the usual settings.
func candidates(_ formulas: String...) -> [CandidateAlpha] {
  formulas.map { CandidateAlpha(ideaID: "idea", formula: $0) }
}
