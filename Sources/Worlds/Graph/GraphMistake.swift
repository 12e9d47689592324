package import Essentials

/// Why a strategy graph, or a change of it, is refused; nothing has changed then.
package enum GraphMistake: ExplainedFailure, Hashable {
  /// Nodes depend on one another in a circle; the path begins and ends with one name.
  case cycle(path: [String])
  case unknownDependency(node: String, dependency: String, nearest: String?)
  case duplicateNode(name: String)
  case unusableNode(code: String, reason: String)
  /// A value would flow backwards, as from a signal to an indicator.
  case backwardFlow(code: String, kind: NodeKind, dependency: NodeKind)
  /// A node is named that the graph does not have.
  case missingNode(NodeID, neededBy: String)
  case unknownWorld(String)
  case topicPrefixTaken(prefix: String, by: String)
  case unusableRules(world: String, member: String, requirement: String)
  /// A version to go back to whose nodes are no longer pinned.
  case versionNotKept(world: String, version: Int, kept: [Int])
  /// A stored event cannot be understood.
  case unreadableEvent(member: String)

  package var key: String {
    switch self {
    case .cycle: "graph_cycle"
    case .unknownDependency: "unknown_dependency"
    case .duplicateNode: "duplicate_node"
    case .unusableNode: "unusable_node"
    case .backwardFlow: "backward_flow"
    case .missingNode: "missing_node"
    case .unknownWorld: "unknown_world"
    case .topicPrefixTaken: "topic_prefix_taken"
    case .unusableRules: "unusable_sharing_rules"
    case .versionNotKept: "version_not_kept"
    case .unreadableEvent: "bad_graph_event"
    }
  }

  package var explanation: String {
    switch self {
    case .cycle(let path): "Nodes depend on one another: \(path.joined(separator: " -> "))."
    case .unknownDependency(let node, let dependency, _):
      "The node \(node) depends on \(dependency), which is not in the graph."
    case .duplicateNode(let name): "The graph has two nodes named \(name)."
    case .unusableNode(let code, let reason): "The node \(code) cannot be used: \(reason)."
    case .backwardFlow(let code, let kind, let dependency):
      "The node \(code) of kind \(kind.rawValue) depends on one of kind \(dependency.rawValue)."
    case .missingNode(let id, let reader):
      "\(reader) needs the node \(id.short), which is not known."
    case .unknownWorld(let world): "No world \(world) has joined the graph."
    case .topicPrefixTaken(let prefix, let world):
      "The topic prefix \(prefix) belongs to the world \(world)."
    case .unusableRules(let world, let member, _):
      "The sharing rules of the world \(world) have an unusable \(member)."
    case .versionNotKept(let world, let version, _):
      "Version \(version) of the graph of the world \(world) is not kept."
    case .unreadableEvent(let member):
      "A stored event of the strategy graph has no usable member \(member)."
    }
  }

  package var remedy: String {
    switch self {
    case .cycle: "Remove one of these dependencies."
    case .unknownDependency(_, _, let nearest?): "Write \(nearest)."
    case .unknownDependency: "Add that node, or remove the dependency."
    case .duplicateNode: "Give each node a name of its own."
    case .unusableNode: "Correct the description of the node."
    case .backwardFlow:
      "Let values flow from \(NodeKind.allCases.map(\.rawValue).joined(separator: " to "))."
    case .missingNode: "Hand the node in together with what depends on it."
    case .unknownWorld: "Let the world join with its sharing rules first."
    case .topicPrefixTaken: "Give each world a topic prefix of its own."
    case .unusableRules(_, _, let requirement): "Give \(requirement)."
    case .versionNotKept(_, _, let kept):
      kept.isEmpty
        ? "No version is kept." : "Choose one of \(kept.map(String.init).joined(separator: ", "))."
    case .unreadableEvent: "Verify the journal and restore a copy."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .unreadableEvent: .integrityViolated
    case .versionNotKept, .unknownWorld: .refused
    default: .badConfiguration
    }
  }
}
