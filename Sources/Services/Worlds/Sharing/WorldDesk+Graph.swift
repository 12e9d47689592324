import Essentials
import Storage
import Synchronization
import Worlds

/// What decides what of a world is computed, and with whom.
struct GraphStanding: Hashable, Sendable {
  var isDeleted: Bool
  var rules: SharingRules
  /// The instances that count, in order.
  var roots: [String]

  init(_ state: WorldState) {
    isDeleted = state.isDeleted
    rules = state.rules.sharing
    roots = state.records.filter(\.phase.isRoot).map(\.id)
  }
}

extension WorldDesk {
  /// Lets the graph follow where a world computes something else than when it followed last, or than
  /// it did `before` where that is not known.
  func graphFollows(_ state: WorldState, since before: WorldState) {
    guard setup.graph != nil else { return }
    let last = standings.withLock { $0[state.world] } ?? GraphStanding(before)
    if last != GraphStanding(state) { graphFollows() }
  }

  /// Lets the strategy graph follow all worlds as they stand, and time pass in it.
  ///
  /// What a world decided is recorded by then and holds in any case; what fails here is reported, and
  /// the next evaluation of any world catches up.
  func graphFollows() {
    guard let log = setup.graph else { return }
    do {
      var followed: [String: GraphStanding] = [:]
      _ = try log.follow(at: setup.now()) { graph in
        followed = [:]
        return try self.roots(graph, &followed)
      }
      standings.withLock { $0 = followed }
    } catch JournalFailure.claimed {
      // Another process goes on changing the graph.
    } catch {
      let reason = (error as? any ExplainedFailure)?.explanation ?? "\(error)"
      log.tell("the strategy graph does not follow: \(reason)")
    }
  }

  /// What all worlds compute. An instance whose panel is not at hand counts as the graph knows it.
  private func roots(
    _ graph: SharedGraph, _ standings: inout [String: GraphStanding]
  ) throws(WorldDeskFailure) -> WorldRoots {
    var roots = WorldRoots()
    for world in try worlds() {
      let state = try state(of: world)
      standings[world] = GraphStanding(state)
      guard !state.isDeleted else {
        roots.addGone(world)
        continue
      }
      guard state.isCreated else { continue }
      roots.add(world, rules: state.rules.sharing)
      let known = graph.worlds[world]?.current?.roots ?? [:]
      for record in state.records where record.phase.isRoot {
        if let nodes = setup.evidence.nodes(of: record.submission) {
          roots.add(record.id, nodes)
        } else if let root = known[record.id] {
          roots.add(record.id, root: root)
        }
      }
    }
    return roots
  }

  /// Tells the source of evidence which worlds are going to be evaluated, so that what they share may
  /// be computed once for all of them.
  func foresee() throws(WorldDeskFailure) {
    var states: [WorldState] = []
    for world in try worlds() {
      let state = try state(of: world)
      if state.policy != nil, !state.isDeleted, state.declared != .paused { states.append(state) }
    }
    setup.evidence.foresee(states)
  }
}
