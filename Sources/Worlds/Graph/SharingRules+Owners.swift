import Essentials

extension SharingRules {
  /// Returns who a node of that kind is computed for where `world` follows these rules.
  ///
  /// A silo computes everything for itself. A world that shares does so for the kinds whose scope
  /// is GLOBAL, as far as everything before them in the flow of values is GLOBAL too: what is
  /// computed from something private is private. A dataset has the scope of the raw fields.
  package func owner(of kind: NodeKind, in world: String) -> NodeOwner {
    guard isolation == .shared, scopes(upTo: kind).allSatisfy({ $0 == .global }) else {
      return .world(world)
    }
    return .everybody
  }

  private func scopes(upTo kind: NodeKind) -> [Scope] {
    switch kind {
    case .dataset, .raw: [raw]
    case .indicator: [raw, indicator]
    case .signal: [raw, indicator, signal]
    case .order: [raw, indicator, signal, order]
    }
  }

  /// What the topics of a world's own values begin with; `w/<world>` where nothing else was chosen.
  package func topicPrefix(of world: String) -> String { topicPrefix ?? "w/\(world)" }

  /// Returns the name under which the values of a computation are published: shared ones below
  /// `shared/`, a world's own below its prefix.
  package func topic(of computation: Computation) -> String {
    switch computation.owner {
    case .everybody: "shared/\(computation.node)"
    case .world(let world): "\(topicPrefix(of: world))/\(computation.node)"
    }
  }

  /// Throws where a value is outside its range, whoever made it.
  package func check(for world: String) throws(GraphMistake) {
    func unusable(_ member: String, _ requirement: String) -> GraphMistake {
      .unusableRules(world: world, member: member, requirement: requirement)
    }
    let prefix = topicPrefix(of: world)
    guard !prefix.isEmpty, !prefix.hasPrefix("/"), !prefix.hasSuffix("/"),
      prefix != "shared", !prefix.hasPrefix("shared/")
    else {
      throw unusable(
        "topic_prefix", "a name without a slash at its ends that does not begin with shared/")
    }
    guard keepVersions >= 1 else { throw unusable("keep_versions", "at least 1") }
    let spans = TimeSpan.zero...GraphNode.longestWindow
    guard spans.contains(pinRollback) else {
      throw unusable("pin_rollback", "a duration from \(spans.lowerBound) to \(spans.upperBound)")
    }
    guard spans.contains(drain ?? .zero) else {
      throw unusable(
        "drain", "auto or a duration from \(spans.lowerBound) to \(spans.upperBound)")
    }
  }
}
