package import Essentials

/// One world's view of the graph of all: its roots, by version, and how it shares.
///
/// Versions are immutable, and going back makes a new one with the old content, so that the history
/// only grows, as commits do in a content-addressed store.
package struct WorldView: Hashable, Sendable {
  package let world: String
  package let rules: SharingRules
  /// Ascending: the versions that are pinned, so that they can be brought back, and at the end the
  /// one in force. Empty before the first roots.
  package private(set) var versions: [GraphVersion] = []

  /// A view without roots.
  package init(of world: String, rules: SharingRules) {
    self.world = world
    self.rules = rules
  }

  /// The view with the same versions under other rules.
  package func following(_ rules: SharingRules) -> WorldView {
    var view = WorldView(of: world, rules: rules)
    view.versions = versions
    return view
  }

  /// The version in force.
  package var current: GraphVersion? { versions.last }

  /// The identities of all roots that count, in force or pinned, sorted.
  package var roots: [NodeID] { Set(versions.flatMap(\.roots.values)).sorted() }

  /// Puts other roots in force as a new version; the same roots change nothing.
  package mutating func setRoots(_ roots: [String: NodeID], at now: Timestamp) {
    supersede(roots, rollbackOf: nil, at: now)
  }

  /// Puts the roots of an earlier version in force as a new version with the same content.
  package mutating func rollBack(to number: Int, at now: Timestamp) throws(GraphMistake) {
    guard let version = versions.first(where: { $0.number == number }) else {
      throw .versionNotKept(world: world, version: number, kept: versions.map(\.number))
    }
    supersede(version.roots, rollbackOf: number, at: now)
  }

  private mutating func supersede(
    _ roots: [String: NodeID], rollbackOf: Int?, at now: Timestamp
  ) {
    guard current?.roots != roots else { return }
    let number = (current?.number ?? 0) + 1
    if !versions.isEmpty { versions[versions.count - 1].supersededAt = now }
    versions.append(
      GraphVersion(number: number, roots: roots, since: now, rollbackOf: rollbackOf))
  }

  /// Lets go of versions that are no longer pinned: a version is pinned while it is one of the last
  /// `keep_versions` (the one in force included) and was superseded less than `pin_rollback` ago.
  package mutating func unpin(at now: Timestamp) {
    guard let newest = current?.number else { return }
    versions.removeAll { version in
      guard let supersededAt = version.supersededAt else { return false }
      return version.number <= newest - rules.keepVersions
        || now >= supersededAt + rules.pinRollback
    }
  }
}

extension StrategyPhase {
  /// Whether an instance in this phase is a root of its world's graph: it is being computed.
  package var isRoot: Bool {
    switch self {
    case .backtest, .dryrun, .live: true
    case .submitted, .inactive, .failed, .retired: false
    }
  }
}
