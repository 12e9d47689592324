import Essentials
import Foundation
import Research

/// Records how far one simulation is, each share once, from any thread.
final class ProgressWatch: @unchecked Sendable {
  // Sendable: `last` and `failure` are used only while `lock` is held.
  private let record: ResearchRecord
  private let ticket: SimulationTicket?
  private let idea: String
  private let lock = NSLock()
  private var last: Double?
  private var failure: (any Error)?

  init(_ record: ResearchRecord, _ ticket: SimulationTicket?, idea: String?) {
    self.record = record
    self.ticket = ticket
    self.idea = idea ?? ""
  }

  /// Records a share, unless it is not known or is the last one still.
  func tell(_ share: Double?) {
    guard let share, let ticket else { return }
    lock.withLock {
      guard share != last, failure == nil else { return }
      last = share
      do {
        try record.record(
          .simulationProgress(ticket, progress: share, raw: ["progress": .number(share)]),
          idea: idea, cause: nil)
      } catch {
        failure = error
      }
    }
  }

  /// Throws what kept a share from being recorded.
  func check() throws {
    if let failure = lock.withLock({ failure }) { throw failure }
  }
}
