package import Essentials
import Foundation
import Glibc

/// The one ledger of a process, for any number of threads: nothing is granted before the grant is kept
/// in the log.
///
/// Decisions are made one after the other under a lock, in memory. Their events are then written by
/// whichever thread comes first, together with those of all threads that wait (group commit), so the
/// number of callers does not lower the number of grants in a second.
///
/// When the log fails, memory is ahead of what is kept, and the book is closed: every later call is
/// refused with the same failure. What was granted durably stays granted, so nothing is overspent.
///
/// A log has one book; two books on one log would overspend. The log of a journal's budget claims it
/// against all other logs, also those of other processes.
///
/// `@unchecked Sendable`: every stored property that changes is read and written between `lock` and
/// `unlock` of `gate`.
package final class BudgetBook: @unchecked Sendable {
  private let gate = NSCondition()
  private let log: any BudgetLog
  private var ledger: TokenLedger
  /// Events that are decided and not yet handed to the log.
  private var pending: [BudgetEvent] = []
  /// How many changes were decided, and how many of them are kept.
  private var decided = 0
  private var kept = 0
  private var isWriting = false
  /// How many changes were written together last.
  private var latestGroup = 0
  private var failure: (any Error)?

  /// Opens a book on a ledger that stands where the log's events have led.
  package init(ledger: TokenLedger, log: any BudgetLog) {
    self.ledger = ledger
    self.log = log
  }

  /// The ledger as it stands, with changes that are not yet kept.
  package var snapshot: TokenLedger {
    gate.lock()
    defer { gate.unlock() }
    return ledger
  }

  /// Holds a request against the ceilings without reserving anything.
  package func check(_ request: CallRequest, at now: Timestamp) -> BudgetCheck {
    gate.lock()
    defer { gate.unlock() }
    return ledger.check(request, at: now)
  }

  /// Grants or refuses a call; returns when the verdict is kept, with the steps that shortened its
  /// prompt before it.
  package func reserve(
    _ request: CallRequest, after steps: [AppliedFallback] = [], at now: Timestamp
  ) throws -> TokenLedger.Verdict {
    try change { ledger in
      let decision = try ledger.reserve(request, after: steps, at: now)
      return (decision.verdict, decision.events)
    }
  }

  /// Enters what a call has used; see ``TokenLedger/settle(_:_:at:)``. Returns the events.
  @discardableResult
  package func settle(
    _ id: ReservationID, _ point: UsagePoint, at now: Timestamp
  ) throws -> [BudgetEvent] {
    try tell { ledger throws(LedgerFailure) in try ledger.settle(id, point, at: now) }
  }

  /// Gives back what was held for a call that was not billed.
  @discardableResult
  package func void(
    _ id: ReservationID, _ reason: VoidReason, at now: Timestamp
  ) throws -> [BudgetEvent] {
    try tell { ledger throws(LedgerFailure) in try ledger.void(id, reason, at: now) }
  }

  /// Takes a call as billed in full until somebody knows better.
  @discardableResult
  package func presume(
    _ id: ReservationID, _ reason: PresumptionReason, at now: Timestamp
  ) throws -> [BudgetEvent] {
    try tell { ledger throws(LedgerFailure) in try ledger.presume(id, reason, at: now) }
  }

  /// Presumes every open call whose time is over.
  @discardableResult
  package func expire(at now: Timestamp) throws -> [BudgetEvent] {
    try tell { ledger throws(LedgerFailure) in ledger.expire(at: now) }
  }

  /// Presumes every open call of a process that is gone.
  @discardableResult
  package func abandon(owner: String, at now: Timestamp) throws -> [BudgetEvent] {
    try tell { ledger throws(LedgerFailure) in ledger.abandon(owner: owner, at: now) }
  }

  /// Presumes every open call, where all processes that made one are gone.
  @discardableResult
  package func abandonAll(at now: Timestamp) throws -> [BudgetEvent] {
    try tell { ledger throws(LedgerFailure) in ledger.abandonAll(at: now) }
  }

  private func tell(
    _ work: (inout TokenLedger) throws(LedgerFailure) -> [BudgetEvent]
  ) throws -> [BudgetEvent] {
    try change { ledger in
      let events = try work(&ledger)
      return (events, events)
    }
  }

  // MARK: - Group commit

  private func change<Result>(
    _ work: (inout TokenLedger) throws -> (Result, [BudgetEvent])
  ) throws -> Result {
    gate.lock()
    defer { gate.unlock() }
    if let failure { throw failure }
    let (result, events) = try work(&ledger)
    guard !events.isEmpty else { return result }
    pending += events
    decided += 1
    try keep(decided)
    return result
  }

  /// Waits until a change is kept, writing what is pending where nobody else does. The gate is held on
  /// entry and on return.
  private func keep(_ change: Int) throws {
    while kept < change {
      if let failure { throw failure }
      if isWriting {
        gate.wait()
        continue
      }
      isWriting = true
      if latestGroup > 1 {
        // Those who were waiting with us have just been woken and are about to decide: without a
        // pause for them every second group would hold a single change.
        gate.unlock()
        sched_yield()
        gate.lock()
      }
      let batch = pending
      let last = decided
      latestGroup = last - kept
      pending = []
      gate.unlock()
      let outcome = Swift.Result { try log.append(batch) }
      gate.lock()
      isWriting = false
      switch outcome {
      case .success: kept = last
      case .failure(let error): failure = error
      }
      gate.broadcast()
    }
  }
}
