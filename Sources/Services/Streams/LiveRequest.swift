import Essentials
import Research

/// What a subscriber asks for in a message.
enum LiveRequest: Hashable, Sendable {
  case ping
  /// The journal's name of a run, empty for the events that belong to none; nil for all events.
  case watch(run: String?)
  /// How often snapshots are wanted; nil for none.
  case reactor(every: Duration?)

  /// A message that asks for nothing that is known, with the reason.
  struct Defect: Error, Hashable, Sendable {
    let reason: String
  }

  /// The longest message.
  static let bytesMax = 4096
  /// The intervals of snapshots, in seconds.
  static let intervals = 0.1...10.0

  /// Reads a message; members that are not known are passed over.
  init(_ text: String) throws(Defect) {
    guard let message = try? JSONValue(parsing: text), case .object = message else {
      throw Defect(reason: "it is not a JSON object")
    }
    guard case .string(let type)? = message["type"] else {
      throw Defect(reason: "it has no text `type`")
    }
    switch type {
    case "ping": self = .ping
    case "watch":
      switch message["run_id"] {
      case .string(let run)? where run.utf8.count <= 256: self = .watch(run: Self.watched(run))
      case .null?, nil: self = .watch(run: nil)
      default: throw Defect(reason: "`run_id` must be a name of at most 256 bytes, or null")
      }
    case "reactor":
      let seconds: Double
      switch message["interval_sec"] {
      case .null?:
        self = .reactor(every: nil)
        return
      case .integer(let number)?: seconds = Double(number)
      case .number(let number)?: seconds = number
      default: seconds = .nan
      }
      guard Self.intervals.contains(seconds) else {
        throw Defect(
          reason: "`interval_sec` must be a number from \(Self.intervals.lowerBound) to "
            + "\(Self.intervals.upperBound), or null")
      }
      self = .reactor(every: .milliseconds(Int64((seconds * 1000).rounded())))
    default: throw Defect(reason: "its `type` is none of ping, watch, reactor")
    }
  }

  /// The journal's name of a run that a subscriber names; nil, for all, where it names none.
  static func watched(_ run: String?) -> String? {
    guard let run, !run.isEmpty else { return nil }
    return run == EventEnvelope.desk ? "" : run
  }
}
