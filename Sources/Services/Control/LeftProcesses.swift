package import Essentials
import Glibc
import Storage

/// The processes that the programs of an earlier desk left behind.
///
/// They are known by the mark in their environment, so that also those are found that were started
/// an instant before the desk was killed, which no event names.
struct LeftProcesses {
  /// The journal whose jobs they work on.
  let journal: JournalBirth
  let grace: Duration
  let effects: JobDeskEffects

  private static let pause = Duration.milliseconds(20)
  /// After they were killed, processes are gone when the system has time for it.
  private static let lastPatience = Duration.seconds(10)

  /// Those that carry the mark of a job of this journal.
  private var all: [ProcessIdentity] {
    let beginning = JobDeskSettings.mark(of: "", in: journal)
    return MarkedProcess.all(with: JobDeskSettings.mark).filter { $0.mark.hasPrefix(beginning) }
      .map(\.process)
  }

  /// Asks them to end, kills those that do not within the grace, and returns when none is left.
  func end() throws(JobDeskFailure) {
    guard signal(SIGTERM, within: grace) else { return }
    guard signal(SIGKILL, within: Self.lastPatience) else { return }
    throw JobDeskFailure(processes: all.map(\.pid))
  }

  /// Sends a signal to each once, also to those that appear meanwhile; true where some are left.
  private func signal(_ number: Int32, within patience: Duration) -> Bool {
    let beginning = effects.elapsed()
    var told: Set<ProcessIdentity> = []
    var wasNone = false
    repeat {
      let left = all
      // A process that is just turning into another program shows no environment, so nobody is gone
      // until two looks agree.
      if left.isEmpty, wasNone { return false }
      wasNone = left.isEmpty
      for process in left where told.insert(process).inserted { kill(process.pid, number) }
      effects.pause(Self.pause)
    } while effects.elapsed() - beginning < patience
    return !all.isEmpty
  }
}

/// Why a desk of jobs cannot be opened.
package struct JobDeskFailure: ExplainedFailure, Hashable {
  /// The numbers of processes of earlier jobs that do not end.
  package let processes: [Int32]

  package var key: String { "processes_remain" }
  package var explanation: String {
    "The processes \(processes.map(String.init).joined(separator: ", ")) of earlier jobs do not end."
  }
  package var remedy: String { "End them by hand and start the server again." }
  package var outcome: FailureOutcome { .refused }
}
