package import Essentials
package import Storage
import Synchronization

/// A recording from which exchanges are taken by the content of their requests.
///
/// A request that was recorded several times, as after a failure, gives its exchanges one after the
/// other in the order of the recording, each once.
package final class TrafficReplay: Sendable {
  private let exchanges: [TrafficExchange]
  private let places: [Fingerprint: [Int]]
  private let taken = Mutex<[Fingerprint: Int]>([:])

  package init(_ exchanges: [TrafficExchange]) {
    self.exchanges = exchanges
    places = Dictionary(grouping: exchanges.indices) { exchanges[$0].fingerprint }
  }

  /// Reads a recording of JSON Lines.
  package convenience init(path: String) throws(TrafficReplayFailure) {
    let bytes: [UInt8]?
    do throws(FileFailure) {
      bytes = try WholeFile.read(path)
    } catch {
      throw .file(error)
    }
    guard let bytes else {
      throw .file(.unreadable(path: path, reason: "there is no such file"))
    }
    try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
  }

  /// Reads the text of a recording.
  package convenience init(text: String, path: String) throws(TrafficReplayFailure) {
    var exchanges: [TrafficExchange] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
      do throws(DocumentFailure) {
        exchanges.append(
          try TrafficExchange(text: String(line), document: "\(path) line \(index + 1)"))
      } catch {
        throw .line(error)
      }
    }
    guard !exchanges.isEmpty else { throw .empty(path: path) }
    self.init(exchanges)
  }

  /// The models whose traffic was recorded, in the order in which they first occur.
  package var models: [ServedModel] {
    var seen: Set<ServedModel> = []
    return exchanges.map(\.served).filter { seen.insert($0).inserted }
  }

  /// What a recording has for a request.
  enum Find {
    case exchange(TrafficExchange)
    /// Nothing; what differs from the recorded request that is most like it.
    case nothing(differences: [String])
  }

  /// Takes the next exchange of a request.
  func take(_ served: ServedModel, request: JSONValue) -> Find {
    let fingerprint = TrafficExchange.fingerprint(served, request: request)
    guard let places = places[fingerprint] else {
      return .nothing(differences: differences(served, request))
    }
    let turn = taken.withLock { taken in
      defer { taken[fingerprint, default: 0] += 1 }
      return taken[fingerprint, default: 0]
    }
    guard turn < places.count else {
      let times = places.count == 1 ? "once" : "\(places.count) times"
      return .nothing(
        differences: ["it was recorded \(times), and this is request number \(turn + 1) of it"])
    }
    return .exchange(exchanges[places[turn]])
  }

  /// Compares with the recorded request that differs in the fewest places, the earliest of several.
  private func differences(_ served: ServedModel, _ request: JSONValue) -> [String] {
    let candidates = exchanges.map { exchange -> [String] in
      let speakers: [JSONDifference] =
        exchange.served.provider == served.provider && exchange.served.dialect == served.dialect
        ? []
        : [
          JSONDifference(
            keyPath: "provider",
            recorded: "\(exchange.served.provider.rawValue) (\(exchange.served.dialect.rawValue))",
            asked: "\(served.provider.rawValue) (\(served.dialect.rawValue))")
        ]
      return (speakers + JSONDifference.between(exchange.request, request)).map(\.description)
    }
    let closest = candidates.min { $0.count < $1.count } ?? ["it is empty"]
    let shown = 4
    return closest.count <= shown
      ? closest : closest.prefix(shown) + ["and \(closest.count - shown) more"]
  }
}

/// A recording that cannot be replayed.
package enum TrafficReplayFailure: ExplainedFailure, Hashable {
  case file(FileFailure)
  case line(DocumentFailure)
  case empty(path: String)

  package var key: String { "unusable_recording" }

  package var explanation: String {
    switch self {
    case .file(let failure): failure.explanation
    case .line(let failure): failure.explanation
    case .empty(let path): "The recording \(path) holds no exchange."
    }
  }

  package var remedy: String {
    switch self {
    case .file(let failure): failure.remedy
    case .line: "Remove the line where the recording was cut off, or record the run anew."
    case .empty: "Record a run first, or name the file that holds one."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
