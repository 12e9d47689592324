/// A situation and what a policy should say of it.
package struct PolicyCase: Hashable, Sendable {
  /// A sentence that could be false.
  package var name: String
  package var snapshot: WorldSnapshot
  package var expected: Expectation

  package init(name: String, snapshot: WorldSnapshot, expected: Expectation) {
    self.name = name
    self.snapshot = snapshot
    self.expected = expected
  }

  /// What is asked of a plan; what is nil is not asked.
  package struct Expectation: Hashable, Sendable {
    package var mode: WorldMode?
    package var standing: DataCurrency.Standing?
    /// In the order of the document.
    package var instances: [Instance] = []
    /// The steps in their order, as `PROMOTE a`.
    package var steps: [String]?
    /// What every weight is multiplied by, within ``scaleTolerance``.
    package var scale: Double?

    /// Half of the digits of a figure that people write down.
    package static let scaleTolerance = 1e-6

    package init() {}
  }

  /// What is asked of an instance's row.
  package struct Instance: Hashable, Sendable {
    package var id: String
    package var verdict: WorldPlan.Verdict?
    package var action: WorldPlan.Action?
    /// Why it was held or not admitted, as `min_dwell` or `corr:a`.
    package var reason: String?
    package var rank: Int?
    package var isAdmitted: Bool?
    package var passes: Int?
    package var fails: Int?
    /// The weight that it is given, within a relative 1e-6; 0 where it is given none.
    package var weight: Double?

    package init(id: String) {
      self.id = id
    }
  }

  /// What of a plan is not as it should be, each as a sentence; empty where all is.
  package func objections(to plan: WorldPlan) -> [String] {
    var objections: [String] = []
    func compare<Value: Equatable>(_ what: String, _ wanted: Value?, _ found: Value?) {
      guard let wanted, wanted != found else { return }
      let shown = found.map { "\($0)" } ?? "nothing"
      objections.append("\(what) should be \(wanted) and is \(shown).")
    }
    func near(_ what: String, _ wanted: Double?, _ found: Double) {
      guard let wanted else { return }
      let room = Expectation.scaleTolerance * Swift.max(1, wanted.magnitude)
      guard !((wanted - found).magnitude <= room) else { return }
      objections.append("\(what) should be \(wanted) and is \(found).")
    }
    compare("The mode", expected.mode?.rawValue, plan.mode.rawValue)
    compare("The data", expected.standing?.rawValue, plan.currency.standing.rawValue)
    compare(
      "The list of steps", expected.steps, plan.steps.map { "\($0.kind.rawValue) \($0.instance)" })
    near("The scale", expected.scale, plan.risk.scale)
    for wanted in expected.instances {
      let name = wanted.id
      guard let row = plan.rows.first(where: { $0.instance == name }) else {
        objections.append("\(name) has no row.")
        continue
      }
      compare("The verdict on \(name)", wanted.verdict?.rawValue, row.verdict.rawValue)
      compare("The action on \(name)", wanted.action?.rawValue, row.action.rawValue)
      compare("The rank of \(name)", wanted.rank, row.rank)
      compare("Whether \(name) is admitted", wanted.isAdmitted, row.isAdmitted)
      compare("The passes of \(name)", wanted.passes, row.passes)
      compare("The fails of \(name)", wanted.fails, row.fails)
      let reasons = [row.hold?.description, row.rejection?.description].compactMap { $0 }
      if let reason = wanted.reason, !reasons.contains(reason) {
        let shown = reasons.isEmpty ? "nothing" : reasons.joined(separator: " and ")
        objections.append("The reason of \(name) should be \(reason) and is \(shown).")
      }
      let weight = plan.allocations.first { $0.instance == name }?.weight ?? 0
      near("The weight of \(name)", wanted.weight, weight)
    }
    return objections
  }
}
