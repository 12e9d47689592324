package import Essentials
package import Storage

/// An event as it goes over the wire: eight members that every consumer knows, and beside them the
/// number by which a consumer resumes.
package struct EventEnvelope: Hashable, Sendable {
  /// The event's number in the journal, nil for what is not stored.
  package let seq: Int64?
  package let eventType: String
  /// ``desk`` for an event that belongs to no run.
  package let run: String
  /// ``system`` for an event that belongs to no idea.
  package let idea: String
  package let stage: String
  package let message: String
  package let severity: EventSeverity
  package let at: Timestamp
  package let payload: JSONValue

  /// Stands for the run of what belongs to no run.
  package static let desk = "desk"
  /// Stands for the idea of what belongs to no idea.
  package static let system = "system"

  /// Renders an event, also one that is foreign or unreadable: then the stage is the first word of
  /// its name and the message the name itself.
  package init(_ stored: JournalEvent) {
    seq = stored.seq
    at = stored.at
    payload = stored.payload ?? .null
    var idea = ""
    if case .string(let name)? = payload["idea_id"] { idea = name }
    var run = stored.run
    switch RecordedEvent(stored, payload: payload) {
    case .research(let event):
      eventType = event.kind.rawValue
      stage = event.stage
      message = event.message
      severity = event.severity
      idea = event.idea
    case .budget(let event):
      eventType = stored.kind
      stage = event.stage
      message = event.message
      severity = EventSeverity(rawValue: event.severity) ?? .info
      idea = event.idea ?? idea
      if run.isEmpty { run = event.run ?? "" }
    case .foreign:
      eventType = stored.kind
      stage = Self.firstWord(stored.kind)
      message = stored.kind
      severity = .info
    case .unreadable(let reason):
      eventType = ResearchEventKind(name: stored.kind)?.rawValue ?? stored.kind
      stage = ResearchEventKind(name: stored.kind)?.stage ?? Self.firstWord(stored.kind)
      message = reason
      severity = .warn
    }
    self.run = run.isEmpty ? Self.desk : run
    self.idea = idea.isEmpty ? Self.system : idea
  }

  /// Renders an event of another room in that room's words; the stage is the first word of its name.
  package init(_ stored: JournalEvent, message: String, severity: EventSeverity) {
    seq = stored.seq
    eventType = stored.kind
    run = stored.run.isEmpty ? Self.desk : stored.run
    idea = Self.system
    stage = Self.firstWord(stored.kind)
    self.message = message
    self.severity = severity
    at = stored.at
    payload = stored.payload ?? .null
  }

  /// A snapshot of a run's gauges, `reactor.status`, which is sent and not stored.
  package init(reactorStatus payload: JSONValue, run: String, at now: Timestamp) {
    seq = nil
    eventType = "reactor.status"
    self.run = run
    idea = Self.system
    stage = "budget"
    message = "Reactor status snapshot"
    severity = .info
    at = now
    self.payload = payload
  }

  private static func firstWord(_ kind: String) -> String {
    String(kind.prefix { $0 != "." })
  }

  /// The eight members.
  package var json: JSONValue {
    [
      "event_type": .string(eventType), "run_id": .string(run), "idea_id": .string(idea),
      "stage": .string(stage), "message": .string(message),
      "severity": .string(severity.rawValue), "created_at": .string(at.wireText),
      "payload": payload,
    ]
  }
}

extension Timestamp {
  /// `YYYY-MM-DDThh:mm:ss.ffffff+00:00`, the form of instants in envelopes and series. Pages ask for
  /// thousands of them, so the digits are written in place.
  package var wireText: String {
    let (year, month, day) = date.civil
    let inDay = millisecondsSinceEpoch - Timestamp(startOf: date).millisecondsSinceEpoch
    guard (0...9999).contains(year) else {
      return "\(date)" + Timestamp(millisecondsSinceEpoch: inDay).wireText.dropFirst(10)
    }
    let milliseconds = Int(inDay)
    return String(unsafeUninitializedCapacity: 32) { buffer in
      var count = 0
      func write(_ value: Int, _ width: Int, _ mark: Unicode.Scalar) {
        var rest = value
        for place in stride(from: count + width - 1, through: count, by: -1) {
          buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        buffer[count + width] = UInt8(ascii: mark)
        count += width + 1
      }
      write(year, 4, "-")
      write(month, 2, "-")
      write(day, 2, "T")
      write(milliseconds / 3_600_000, 2, ":")
      write(milliseconds / 60_000 % 60, 2, ":")
      write(milliseconds / 1000 % 60, 2, ".")
      write(milliseconds % 1000 * 1000, 6, "+")
      write(0, 2, ":")
      // The last number has no mark behind it.
      buffer[count] = UInt8(ascii: "0")
      buffer[count + 1] = UInt8(ascii: "0")
      return count + 2
    }
  }
}
