import Glibc

/// The processes that the programs of an earlier desk left behind.
///
/// They are known by the mark in their environment, so that also those are found that were started
/// an instant before the desk was killed, which no event names.
struct LeftProcesses {
  let settings: JobDeskSettings
  let effects: JobDeskEffects

  private static let pause = Duration.milliseconds(20)
  /// After they were killed, processes are gone when the system has time for it.
  private static let lastPatience = Duration.seconds(10)

  /// Those that carry the mark of a job of this folder.
  private var all: [ProcessIdentity] {
    let folder = settings.mark(of: "")
    return MarkedProcess.all(with: JobDeskSettings.mark).filter { $0.mark.hasPrefix(folder) }
      .map(\.process)
  }

  /// Asks them to end, kills those that do not within the grace, and returns when none is left.
  func end() throws(JobDeskFailure) {
    guard signal(SIGTERM, within: settings.grace) else { return }
    guard signal(SIGKILL, within: Self.lastPatience) else { return }
    throw .processesRemain(all.map(\.pid))
  }

  /// Sends a signal to each once, also to those that appear meanwhile; true where some are left.
  private func signal(_ number: Int32, within patience: Duration) -> Bool {
    let beginning = effects.elapsed()
    var told: Set<ProcessIdentity> = []
    repeat {
      let left = all
      if left.isEmpty { return false }
      for process in left where told.insert(process).inserted { kill(process.pid, number) }
      effects.pause(Self.pause)
    } while effects.elapsed() - beginning < patience
    return !all.isEmpty
  }
}
