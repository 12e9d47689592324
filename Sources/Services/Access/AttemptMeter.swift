/// Limits how often somebody may try tokens that are not known to be good: each peer for itself, and
/// all together, so that guessing takes neither the time of others nor the processor.
///
/// Attempts are drawn before they are made and given back where the token was good. A value that is
/// told the time.
struct AttemptMeter: Hashable, Sendable {
  /// A supply of attempts that fills again.
  struct Supply: Hashable, Sendable {
    /// The most that there are.
    let burst: Double
    let perSecond: Double
  }

  private struct Level: Hashable, Sendable {
    var left: Double
    var at: Duration
  }

  let peer: Supply
  let everybody: Supply
  private var peers: [String: Level] = [:]
  private var all: Level

  /// The peers that are remembered; the fullest, which has tried least, goes.
  private static let peersMax = 1024

  init(
    peer: Supply = Supply(burst: 10, perSecond: 0.2),
    everybody: Supply = Supply(burst: 30, perSecond: 4), at now: Duration
  ) {
    self.peer = peer
    self.everybody = everybody
    all = Level(left: everybody.burst, at: now)
  }

  /// Draws an attempt; otherwise returns the seconds after which there is one.
  mutating func draw(_ name: String, at now: Duration) -> Int? {
    all = Self.refilled(all, everybody, at: now)
    let own = Self.refilled(
      peers[name] ?? Level(left: peer.burst, at: now), peer, at: now)
    let missing = max(
      (1 - own.left) / peer.perSecond, (1 - all.left) / everybody.perSecond)
    guard missing <= 0 else { return max(1, Int(missing.rounded(.up))) }
    all.left -= 1
    peers[name] = Level(left: own.left - 1, at: now)
    forgetFullest(at: now)
    return nil
  }

  /// Gives an attempt back.
  mutating func giveBack(_ name: String) {
    all.left = min(everybody.burst, all.left + 1)
    peers[name]?.left += 1
  }

  private mutating func forgetFullest(at now: Duration) {
    guard peers.count > Self.peersMax else { return }
    let fullest = peers.min { left, right in
      let levels = [left, right].map { Self.refilled($0.value, peer, at: now).left }
      return levels[0] == levels[1] ? left.key < right.key : levels[0] > levels[1]
    }
    if let fullest { peers[fullest.key] = nil }
  }

  private static func refilled(_ level: Level, _ supply: Supply, at now: Duration) -> Level {
    let seconds = max(0, (now - level.at) / .seconds(1))
    return Level(
      left: min(supply.burst, level.left + seconds * supply.perSecond), at: max(level.at, now))
  }
}
