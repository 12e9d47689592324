import Essentials
import Networking
import Research
import Storage

/// A stored event as subscribers receive it, encoded once for all of them.
struct LiveFrame: Hashable, Sendable {
  /// The event's number in the journal.
  let seq: Int64
  /// The run under which the journal keeps it, empty where there is none.
  let run: String
  /// What it is about: not everybody may be told of every world.
  let place: EventPlace
  let text: SharedText

  /// A payload of more bytes is left out of the frame, which says so; the event itself is read by its
  /// number. So a frame fits into the queue of every socket.
  static let payloadBytesMax = 256 << 10

  init(seq: Int64, run: String, place: EventPlace = .desk, text: SharedText) {
    self.seq = seq
    self.run = run
    self.place = place
    self.text = text
  }

  /// Encodes an event: the eight members of its envelope and `seq`.
  init(_ event: JournalEvent) {
    var envelope = EventEnvelope(telling: event).json
    let byteCount = event.payloadText.utf8.count
    if byteCount > Self.payloadBytesMax {
      envelope = envelope.replacing(
        "payload", with: ["omitted": .bool(true), "bytes": .integer(byteCount)])
    }
    self.init(
      seq: event.seq, run: event.run, place: EventPlace(event),
      text: SharedText(envelope.adding("seq", .integer(Int(event.seq))).compactText))
  }
}

/// What the stream says of itself, in envelopes without a number.
struct LiveNotice: Hashable, Sendable {
  /// What a notice is about.
  enum Subject: Hashable, Sendable {
    /// The first frame of a socket. `resume` is the cursor after which its events follow.
    case hello(journal: String, head: Int64, resume: Int64)
    /// The socket is alive. `behind` counts the events that were not considered for it yet.
    case heartbeat(head: Int64, behind: Int64)
    /// The subscriber chose another run; every event behind this frame is of that choice.
    case watching(resume: Int64)
    /// Events that were archived are not streamed.
    case archived(after: Int64, through: Int64)
    /// The cursor lies behind the end of the journal, which therefore is not the one it came from.
    case aheadOfJournal(cursor: Int64, head: Int64)
    /// A message that was not understood, with the reason.
    case ignored(reason: String)
  }

  /// The version of what is said over the socket.
  static let protocolVersion = 1

  let subject: Subject
  /// The run that the subscriber watches, nil for all.
  let watch: String?
  let at: Timestamp

  var json: JSONValue {
    [
      "event_type": .string(eventType),
      "run_id": .string(watch.map { $0.isEmpty ? EventEnvelope.desk : $0 } ?? EventEnvelope.desk),
      "idea_id": .string(EventEnvelope.system), "stage": "stream", "message": .string(message),
      "severity": .string(severity.rawValue), "created_at": .string(at.wireText),
      "payload": payload,
    ]
  }

  var text: SharedText { SharedText(json.compactText) }

  private var eventType: String {
    switch subject {
    case .hello: "stream.hello"
    case .heartbeat: "stream.heartbeat"
    default: "stream.notice"
    }
  }

  private var severity: EventSeverity {
    switch subject {
    case .hello, .heartbeat, .watching: .info
    case .archived, .aheadOfJournal, .ignored: .warn
    }
  }

  private var message: String {
    switch subject {
    case .hello: "The stream begins"
    case .heartbeat: "The stream is alive"
    case .watching: "The stream follows another choice of events"
    case .archived(let after, let through):
      "Events \(after + 1) to \(through) were archived and are not streamed"
    case .aheadOfJournal(let cursor, let head):
      "The cursor \(cursor) is beyond the journal's last event \(head); the stream begins there"
    case .ignored(let reason): "The message was ignored: \(reason)"
    }
  }

  private var payload: JSONValue {
    let run = watch.map { JSONValue.string($0.isEmpty ? EventEnvelope.desk : $0) } ?? .null
    switch subject {
    case .hello(let journal, let head, let resume):
      return [
        "protocol": .integer(Self.protocolVersion), "journal": .string(journal),
        "head": .integer(Int(head)), "run_id": run, "resume": .integer(Int(resume)),
      ]
    case .heartbeat(let head, let behind):
      return ["head": .integer(Int(head)), "behind": .integer(Int(behind))]
    case .watching(let resume):
      return ["notice": "watching", "run_id": run, "resume": .integer(Int(resume))]
    case .archived(let after, let through):
      return [
        "notice": "archived", "after": .integer(Int(after)), "through": .integer(Int(through)),
      ]
    case .aheadOfJournal(let cursor, let head):
      return [
        "notice": "ahead_of_journal", "cursor": .integer(Int(cursor)), "head": .integer(Int(head)),
      ]
    case .ignored(let reason): return ["notice": "ignored", "reason": .string(reason)]
    }
  }
}

extension JSONValue {
  fileprivate func adding(_ name: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members + [Member(name, value)])
  }

  fileprivate func replacing(_ name: String, with value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.name == name ? Member(name, value) : $0 })
  }
}
