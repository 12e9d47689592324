import Essentials
import Networking
import Storage
import Synchronization
import Worlds

/// Answers about worlds that are made once and sent many times, until something happens in the world.
///
/// Asking costs a look at where the journal ends; where it went on, a second one at whether the world
/// did.
final class ReadyAnswers: Sendable {
  /// What is told of a world.
  enum Part: Hashable, Sendable {
    case decision, activation
  }

  /// What is made of the state of a world.
  struct Content: Sendable {
    /// Equal for equal contents, without quotation marks.
    var tag: String
    var json: JSONValue
  }

  private struct Key: Hashable, Sendable {
    var world: String
    var part: Part
  }

  private struct Ready: Sendable {
    var response: ServerResponse
    var tag: String
    /// The end of the journal up to which nothing else happened in the world.
    var head: Int64
    /// The last event of the world that it was made of.
    var seq: Int64
    /// What else it was made of.
    var mark: Int64
    var roles: RoleRules
  }

  private let desk: WorldDesk
  private let kept = Mutex<[Key: Ready]>([:])

  init(desk: WorldDesk) {
    self.desk = desk
  }

  /// Worlds of which answers are kept; a few hundred kilobytes each for a thousand instances.
  private static let answersMax = 256

  /// Answers from what is ready, or makes it.
  ///
  /// - Parameters:
  ///   - mark: what the answer follows from beside the world.
  ///   - mayRead: throws where the caller may not read a world of such rules.
  func answer(
    _ request: ServerRequest, _ world: String, _ part: Part, mark: Int64 = 0,
    mayRead: (RoleRules) throws -> Void, make: (WorldState) throws -> Content
  ) throws -> ServerResponse {
    let ready = try ready(Key(world: world, part: part), mark: mark, make)
    try mayRead(ready.roles)
    guard !request.has(tag: ready.tag) else {
      var headers = ready.response.headers
      headers["Content-Type"] = nil
      return ServerResponse(status: 304, headers: headers)
    }
    return ready.response
  }

  private func ready(
    _ key: Key, mark: Int64, _ make: (WorldState) throws -> Content
  ) throws -> Ready {
    let head = try desk.journal.head.seq
    if var ready = kept.withLock({ $0[key] }), ready.mark == mark {
      if ready.head == head { return ready }
      let run = JournalFilter(run: WorldBook.run(of: key.world))
      if try desk.journal.events(after: ready.seq, limit: 1, filter: run).isEmpty {
        ready.head = head
        keep(ready, key)
        return ready
      }
    }
    let state = try desk.existing(key.world)
    let content = try make(state)
    let tag = "\"\(content.tag)\""
    let ready = Ready(
      response: ServerResponse.json(
        content.json, headers: ["ETag": tag, "Cache-Control": "private, no-cache"]),
      tag: tag, head: head, seq: state.lastSeq, mark: mark, roles: state.rules.roles)
    keep(ready, key)
    return ready
  }

  private func keep(_ ready: Ready, _ key: Key) {
    kept.withLock { kept in
      if kept[key] == nil, kept.count >= Self.answersMax { kept.removeAll() }
      kept[key] = ready
    }
  }
}
