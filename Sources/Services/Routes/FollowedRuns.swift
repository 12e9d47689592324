package import Research
package import Storage
import Synchronization

/// A value that follows from the events of one run, told one by one in their order.
package protocol RunFold: Sendable {
  /// The number of the last event that was told, 0 before the first.
  var lastSeq: Int64 { get }
  /// Takes in the next event; one that was told already makes no difference.
  mutating func take(_ event: JournalEvent)
}

extension RunGauges: RunFold {}

/// Folds of the runs that somebody looks at, kept up to date from the journal.
///
/// Asking costs the events that came since the last question. Each run has a lock of its own, so a
/// long run that is being folded delays nobody who asks for another.
///
/// A run of very many events is folded in parts: a question folds at most ``eventsMax`` events and
/// throws ``DeskRefusal/catchingUp(run:folded:events:)`` where more remain, so that it does not keep
/// its thread for long; the next question goes on from there. Who asks for such a run while somebody
/// else folds it is told so at once.
///
/// The board keeps a bounded number of runs; the one that was asked for longest ago goes, and is
/// folded anew when it is wanted again. Events that were archived are not seen.
package final class FollowedRuns<Fold: RunFold>: Sendable {
  private final class Seat: Sendable {
    let fold: Mutex<Fold>
    /// Whether the last question left events behind.
    let isBehind = Atomic<Bool>(false)

    init(_ fold: consuming sending Fold) {
      self.fold = Mutex(fold)
    }
  }

  private struct Seats {
    var byRun: [String: (seat: Seat, askedAt: Int)] = [:]
    var questions = 0
  }

  private let journal: Journal
  private let runsMax: Int
  private let eventsMax: Int
  private let begin: @Sendable (String) -> Fold
  private let seats = Mutex(Seats())

  /// Events that a question folds at most: about half a second of work.
  package static var eventsMax: Int { 20_000 }

  /// - Parameters:
  ///   - runsMax: how many runs are kept.
  ///   - begin: the fold of no event of a run.
  package init(
    _ journal: Journal, runsMax: Int, eventsMax: Int = FollowedRuns.eventsMax,
    begin: @escaping @Sendable (String) -> Fold
  ) {
    precondition(runsMax > 0 && eventsMax > 0, "a board that keeps or folds nothing")
    self.journal = journal
    self.runsMax = runsMax
    self.eventsMax = eventsMax
    self.begin = begin
  }

  /// Hands out the fold of a run with everything that the journal holds of it; that of no event for
  /// a run of which it holds nothing. Nobody else sees the fold meanwhile.
  package func with<Result: Sendable>(
    _ run: String, _ body: (inout Fold) throws -> Result
  ) throws -> Result {
    let seat = self.seat(of: run)
    let attempt = try seat.fold.withLockIfAvailable { fold in
      try ask(&fold, of: run, seat, body)
    }
    if let attempt { return attempt }
    if seat.isBehind.load(ordering: .relaxed) {
      throw DeskRefusal.catchingUp(run: run, folded: nil, events: nil)
    }
    return try seat.fold.withLock { fold in try ask(&fold, of: run, seat, body) }
  }

  /// How many runs are kept at present.
  package var count: Int { seats.withLock { $0.byRun.count } }

  private func ask<Result: Sendable>(
    _ fold: inout Fold, of run: String, _ seat: Seat, _ body: (inout Fold) throws -> Result
  ) throws -> Result {
    defer { settle(seat, of: run, isEmpty: fold.lastSeq == 0) }
    var folded = 0
    var cursor = try JournalCursor(journal, after: fold.lastSeq, filter: JournalFilter(run: run))
    while let events = try cursor.next() {
      for event in events { fold.take(event) }
      folded += events.count
      if folded >= eventsMax, let rest = try rest(of: run, after: fold.lastSeq) {
        seat.isBehind.store(true, ordering: .relaxed)
        throw DeskRefusal.catchingUp(run: run, folded: rest.folded, events: rest.events)
      }
    }
    seat.isBehind.store(false, ordering: .relaxed)
    return try body(&fold)
  }

  /// How much of a run is folded up to an event, nil where it is all of it.
  private func rest(of run: String, after seq: Int64) throws -> (folded: Int64, events: Int64)? {
    let summary = try journal.read { tables throws(JournalFailure) in
      try RunIndex().summary(of: run, in: tables)
    }
    guard let summary, summary.last > seq else { return nil }
    return (seq - summary.first + 1, summary.last - summary.first + 1)
  }

  private func seat(of run: String) -> Seat {
    seats.withLock { seats in
      seats.questions += 1
      let seat = seats.byRun[run]?.seat ?? Seat(begin(run))
      seats.byRun[run] = (seat, seats.questions)
      return seat
    }
  }

  /// Forgets a run of which there is nothing, and otherwise the one that nobody asked for longest
  /// where there are too many. Runs that do not exist thus push out none that does.
  private func settle(_ seat: Seat, of run: String, isEmpty: Bool) {
    seats.withLock { seats in
      if isEmpty {
        if seats.byRun[run]?.seat === seat { seats.byRun[run] = nil }
      } else if seats.byRun.count > runsMax,
        let oldest = seats.byRun.min(by: { $0.value.askedAt < $1.value.askedAt })?.key
      {
        seats.byRun[oldest] = nil
      }
    }
  }
}
