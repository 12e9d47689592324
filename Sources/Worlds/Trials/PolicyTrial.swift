/// Cases put to a policy, and the same cases put to what it might have been by a slip.
///
/// Cases that a mutant passes like the policy itself say nothing about the difference between the two.
/// The share of mutants that some case notices is the mutation score: how far the cases would have
/// caught a mistake.
package struct PolicyTrial: Hashable, Sendable {
  /// A case and what is not as it should be.
  package struct Failure: Hashable, Sendable {
    package let name: String
    package let objections: [String]
  }

  /// How many cases were put.
  package let cases: Int
  package let failures: [Failure]
  /// How many slips were tried; 0 where a case failed, since then none can be told apart.
  package let mutants: Int
  /// What no case noticed.
  package let survivors: [String]

  /// The share of mutants that were noticed; 1 where there was none.
  package var mutationScore: Double {
    mutants == 0 ? 1 : Double(mutants - survivors.count) / Double(mutants)
  }

  /// Puts cases to a policy; `mutating` also to its mutants. Cost: one decision for each case, and for
  /// each mutant at most one for each case.
  package init(_ cases: [PolicyCase], to policy: WorldPolicy, mutating: Bool = true) {
    self.cases = cases.count
    failures = cases.compactMap { item in
      let objections = item.objections(to: Self.plan(item, policy))
      return objections.isEmpty ? nil : Failure(name: item.name, objections: objections)
    }
    guard failures.isEmpty, mutating else {
      mutants = 0
      survivors = []
      return
    }
    let all = PolicyMutant.all(of: policy)
    mutants = all.count
    survivors = all.filter { mutant in
      cases.allSatisfy { $0.objections(to: Self.plan($0, mutant.policy)).isEmpty }
    }.map(\.change)
  }

  private static func plan(_ item: PolicyCase, _ policy: WorldPolicy) -> WorldPlan {
    // Nobody asks for the identity of these plans, and the digest of a snapshot costs more than a
    // decision.
    WorldDecision.decide(
      item.snapshot, policy, snapshotFingerprint: item.snapshot.policyFingerprint)
  }
}
