package import Research
package import Storage
import Worlds

/// What worlds do goes over the wire in sentences.
extension EventEnvelope {
  /// Renders an event of any room, those of worlds in their own words.
  package init(telling stored: JournalEvent) {
    guard !stored.world.isEmpty, stored.run == WorldBook.run(of: stored.world),
      let event = try? WorldDesk.entry(stored).event
    else {
      self.init(stored)
      return
    }
    self.init(stored, message: event.summary.english, severity: event.severity)
  }
}

extension WorldEvent {
  /// How much attention it asks for: errors are what stopped trading or could not be done.
  var severity: EventSeverity {
    switch self {
    case .denied, .deleted: .warn
    case .breaker(.tripped): .error
    case .breaker(.cooling): .warn
    case .gatesChanged(let ruling): ruling.hold == .freeze ? .warn : .info
    case .stateDeclared(let state, _): state == .active ? .info : .warn
    case .cutover(let event):
      switch event.outcome?.stage {
      case .aborted, .rolledBack: .error
      default: .info
      }
    case .alerted(let alert):
      switch alert.level {
      case .info: .info
      case .warn: .warn
      case .critical: .error
      }
    default: .info
    }
  }
}
