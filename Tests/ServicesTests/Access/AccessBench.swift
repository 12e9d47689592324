import Essentials
import Foundation
import Mathematics
import Networking
import Synchronization
import TestKit

@testable import Services

/// A file of tokens, a clock that a test moves, and chance with a seed.
final class AccessBench: Sendable {
  private struct Hands: Sendable {
    var chance = SplitMix64(seed: 0xACCE55)
    var elapsed = Duration.zero
  }

  private let folder: ScratchFolder
  private let hands = Mutex(Hands())
  let file: AccessFile

  static let start = Timestamp(millisecondsSinceEpoch: 1_763_000_000_000)

  init() throws {
    folder = try ScratchFolder()
    file = AccessFile(path: folder.url.path + "/desk/access.json")
  }

  func chance() -> UInt64 { hands.withLock { $0.chance.next() } }

  func pass(_ duration: Duration) { hands.withLock { $0.elapsed += duration } }

  var elapsed: Duration { hands.withLock { $0.elapsed } }

  var now: Timestamp {
    Timestamp(
      millisecondsSinceEpoch: Self.start.millisecondsSinceEpoch
        + Int64(elapsed / .milliseconds(1)))
  }

  var salt: [UInt8] {
    (0..<PasswordHash.saltBytes).map { _ in UInt8(truncatingIfNeeded: chance()) }
  }

  /// Makes a token and enters it.
  @discardableResult
  func grant(
    _ name: String, _ role: CallerRole = .viewer, expiresAfter seconds: Int64? = nil
  ) throws -> AccessToken {
    let token = AccessToken(chance: chance)
    let (salt, now) = (salt, now)
    try file.change { book throws(AccessFailure) in
      _ = try book.enter(
        token,
        for: AccessBook.Grant(
          name: name, role: role,
          expiresAt: seconds.map {
            Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch + $0 * 1000)
          }), salt: salt, cost: .least, at: now)
    }
    return token
  }

  func revoke(_ label: String) throws {
    let now = now
    try file.change { book throws(AccessFailure) in _ = try book.revoke(label, at: now) }
  }

  func desk() -> TokenDesk {
    TokenDesk(
      file: file, cost: .least, chance: chance, now: { self.now }, elapsed: { self.elapsed })
  }
}
