package import Essentials
import Foundation
package import Networking
package import Research
package import Storage
import Synchronization

/// Gives every subscriber of the stream the events that it wants, from one journal.
///
/// One thread of its own follows the journal, which another process may be writing, encodes each
/// event once, and hands the texts to sockets that send them in their own time. What is sent to whom
/// is decided by ``LiveBroadcast``; here is the shell that reads, sends and obeys. A journal that
/// cannot be read for a while delays the stream and ends nothing.
package final class LiveHub: Sendable {
  /// The clocks of whoever makes the hub.
  package struct Clocks: Sendable {
    /// The instant by the system's clock.
    package var now: @Sendable () -> Timestamp
    /// The time since some moment, on a clock that never jumps.
    package var elapsed: @Sendable () -> Duration

    package init(
      now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration
    ) {
      self.now = now
      self.elapsed = elapsed
    }
  }

  /// Something that happened on another thread.
  enum Mail: Sendable {
    case opened(LiveBroadcast.ID, LiveWish, any SocketOutlet, DrainFlag)
    case received(LiveBroadcast.ID, String)
    case receivedBytes(LiveBroadcast.ID)
    case drained(LiveBroadcast.ID)
    case closed(LiveBroadcast.ID)
    case unruly(LiveBroadcast.ID)
  }

  private struct Mailbox: Sendable {
    var mails: [Mail] = []
    var isPoked = false
    var isStopped = false
    var isRunning = false
    var nextID = 0
    var subscribers = 0
  }

  /// The most subscribers at once.
  package static let subscribersMax = 4096

  let clocks: Clocks
  private let bell: Doorbell
  private let mailbox = Mutex(Mailbox())
  private let turns: Mutex<LiveTurns>
  private let seen = Mutex(LiveStatistics())
  private let end = NSCondition()

  /// Makes a hub at the end of a journal; it does nothing before ``start()``.
  ///
  /// - Parameter sight: who may be told of which world; without it nobody is told of any.
  package convenience init(
    journal: Journal, configuration: BudgetConfiguration, clocks: Clocks,
    sight: WorldSight = .none
  ) throws {
    try self.init(
      journal: journal, configuration: configuration, clocks: clocks, sight: sight,
      rhythm: LiveBroadcast.Rhythm())
  }

  init(
    journal: Journal, configuration: BudgetConfiguration, clocks: Clocks,
    sight: WorldSight = .none, rhythm: LiveBroadcast.Rhythm
  ) throws {
    guard let bell = Doorbell() else {
      throw FileFailure.unreadable(path: "pipe", reason: "the process has too many open files")
    }
    self.bell = bell
    self.clocks = clocks
    turns = Mutex(
      try LiveTurns(
        journal: journal, configuration: configuration, clocks: clocks, sight: sight,
        rhythm: rhythm))
  }

  // MARK: - Life

  /// Begins to follow the journal on a thread of its own, once.
  package func start() {
    let isFirst = mailbox.withLock { box in
      guard !box.isRunning, !box.isStopped else { return false }
      box.isRunning = true
      return true
    }
    guard isFirst else { return }
    let thread = Thread { [self] in
      while let rest = turn() { bell.wait(atMost: rest) }
      end.lock()
      mailbox.withLock { $0.isRunning = false }
      end.broadcast()
      end.unlock()
    }
    thread.name = "athanor live"
    thread.start()
  }

  /// Closes every socket and returns when the thread has ended.
  package func stop() {
    mailbox.withLock { $0.isStopped = true }
    bell.ring()
    end.lock()
    while mailbox.withLock({ $0.isRunning }) { end.wait() }
    end.unlock()
    _ = turn()
  }

  /// The journal grew, so it is read at once. The hub notices by itself within 50 ms.
  package func poke() {
    mailbox.withLock { $0.isPoked = true }
    bell.ring()
  }

  /// What the stream did, as of its last turn.
  package var statistics: LiveStatistics { seen.withLock { $0 } }

  // MARK: - Subscribers

  /// Takes a subscriber in. Throws where there are too many.
  package func subscribe(
    _ wish: LiveWish, _ outlet: any SocketOutlet
  ) throws(LiveRefusal) -> any SocketSession {
    let flag = DrainFlag()
    let place = mailbox.withLock { box -> Result<LiveBroadcast.ID, LiveRefusal> in
      guard !box.isStopped else { return .failure(.stopped) }
      guard box.subscribers < Self.subscribersMax else {
        return .failure(.full(subscribers: box.subscribers))
      }
      box.nextID += 1
      box.subscribers += 1
      box.mails.append(.opened(box.nextID, wish, outlet, flag))
      return .success(box.nextID)
    }
    let id = try place.get()
    bell.ring()
    return LiveSession(id: id, hub: self, outlet: outlet, flag: flag)
  }

  func post(_ mail: Mail) {
    let isFirst = mailbox.withLock { box in
      if case .closed = mail { box.subscribers -= 1 }
      box.mails.append(mail)
      return box.mails.count == 1
    }
    if isFirst { bell.ring() }
  }

  /// Does everything that there is to do and returns how long nothing will be, nil when the hub has
  /// ended. Called by the hub's thread, and by tests in its stead.
  func turn() -> Duration? {
    let (mails, isPoked, isStopped) = mailbox.withLock { box in
      defer {
        box.mails = []
        box.isPoked = false
      }
      return (box.mails, box.isPoked, box.isStopped)
    }
    let (rest, statistics) = turns.withLock { turns in
      (turns.turn(mails, isPoked: isPoked, isStopped: isStopped), turns.statistics)
    }
    seen.withLock { $0 = statistics }
    return rest
  }
}
