import Essentials
package import Storage

/// An event of the journal as this room understands it.
package enum RecordedEvent: Hashable, Sendable {
  case research(ResearchEvent)
  case budget(BudgetEvent)
  /// Of another room, or of a later version.
  case foreign
  /// Under a name of this room, but with a payload that cannot be read, and why.
  case unreadable(reason: String)

  /// Reads an event; whatever it is, reading does not fail. Cost: one parsing of the payload.
  package init(_ stored: JournalEvent) {
    self.init(stored, payload: stored.payload)
  }

  /// Reads an event whose payload was parsed before.
  init(_ stored: JournalEvent, payload: @autoclosure () -> JSONValue?) {
    if BudgetEvent.kinds.contains(stored.kind) {
      do throws(BudgetEventFailure) {
        self = .budget(
          try BudgetEvent(kind: stored.kind, at: stored.at, payload: payload() ?? .null))
      } catch {
        self = .unreadable(reason: error.explanation)
      }
      return
    }
    do throws(DocumentFailure) {
      self = try ResearchEvent(stored, payload: payload()).map(RecordedEvent.research) ?? .foreign
    } catch {
      self = .unreadable(reason: error.explanation)
    }
  }
}
