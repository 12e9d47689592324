package import Essentials
package import Worlds

extension WorldDesk {
  /// What publishing a policy came to.
  package struct PolicyReceipt: Sendable {
    package var world: String
    /// The version in force afterwards; the one before where nothing changed.
    package var version: Int
    package var fingerprint: Fingerprint
    package var diff: PolicyDiff
    package var isNew: Bool
    /// Instances that the document declares and that were entered.
    package var submitted: [String]
    /// Instances that the document declares and that could not be entered, why, and what to do.
    package var refused: [(instance: String, reason: String, remedy: String)]
    package var state: WorldState
  }

  /// Lets a policy come into force; the first one creates its world. The same policy again changes
  /// nothing. Instances that the document declares are entered where the journal knows them.
  ///
  /// - Parameter world: the world that it must be of, nil for whichever it names.
  package func publish(
    _ policy: WorldPolicy, in world: String? = nil, reason: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> PolicyReceipt {
    let world = world ?? policy.world
    var diff = PolicyDiff(from: WorldPolicy(world: world), to: policy)
    var before: WorldState?
    let receipt = try deciding(world, by: actor) { state throws(WorldDeskFailure) in
      before = state
      diff = PolicyDiff(
        from: state.policy?.publication.policy ?? WorldPolicy(world: world), to: policy)
      let proposal = PolicyProposal(
        policy: policy, fingerprint: policy.fingerprint, diff: diff.json, reason: reason)
      return try self.events(state, .publish(proposal), by: actor)
    }
    var answer = PolicyReceipt(
      world: world, version: receipt.state.policies.count, fingerprint: policy.fingerprint,
      diff: diff, isNew: !receipt.entries.isEmpty, submitted: [], refused: [],
      state: receipt.state)
    for declaration in policy.instances {
      do throws(WorldDeskFailure) {
        let entered = try submit(declaration, in: world, by: actor)
        if !entered.entries.isEmpty { answer.submitted.append(entered.instance) }
      } catch {
        answer.refused.append(
          (
            "\(declaration.strategy).\(declaration.side.rawValue)", error.explanation,
            error.remedy
          ))
      }
    }
    answer.state = try state(of: world)
    graphFollows(answer.state, since: before ?? answer.state)
    return answer
  }

  /// Brings an earlier version of the policy into force again, as a version of its own.
  package func rollBack(
    _ world: String, to version: Int, reason: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> Receipt {
    try carryOut(.rollBack(version: version, reason: reason), in: world, by: actor)
  }
}
