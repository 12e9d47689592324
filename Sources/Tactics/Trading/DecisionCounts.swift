package import Essentials

/// How many decisions ended in what, cheap enough to count every one.
package struct DecisionCounts: Hashable, Sendable {
  /// Cycles in which decisions were made.
  package var cycles = 0
  /// Markets that were looked at for an entry.
  package var looks = 0
  /// Entries that were ordered.
  package var entries = 0
  /// Times that a position was added to.
  package var additions = 0
  /// Positions that were closed.
  package var closes = 0
  /// Simulations that were made because a closed form came near a decision.
  package var simulations = 0
  /// Joint simulations of all positions.
  package var jointSimulations = 0
  /// Reports of orders that the desk did not know.
  package var unknownReports = 0
  /// Orders whose end was never heard and that were given up.
  package var forgottenOrders = 0
  /// Times that it was not known what is held.
  package var unknowns = 0
  private var refusals: [String: Int] = [:]

  package init() {}

  /// Counts an entry that was not made.
  package mutating func refuse(_ reason: String) {
    refusals[reason, default: 0] += 1
  }

  /// How often no entry was made for each reason, by reason.
  package var refusalsByReason: [(reason: String, count: Int)] {
    refusals.sorted { $0.key < $1.key }.map { (reason: $0.key, count: $0.value) }
  }

  /// How often no entry was made for a reason.
  package func refusals(for reason: String) -> Int { refusals[reason] ?? 0 }

  package var json: JSONValue {
    [
      "cycles": .integer(cycles), "looks": .integer(looks), "entries": .integer(entries),
      "additions": .integer(additions), "closes": .integer(closes),
      "simulations": .integer(simulations),
      "joint_simulations": .integer(jointSimulations),
      "unknown_reports": .integer(unknownReports),
      "forgotten_orders": .integer(forgottenOrders), "unknowns": .integer(unknowns),
      "refusals": .object(
        refusalsByReason.map { JSONValue.Member($0.reason, .integer($0.count)) }),
    ]
  }

  /// Reads counts back; nil where the document has none.
  package init?(json: JSONValue) {
    func count(_ name: String) -> Int? {
      if case .integer(let number)? = json[name], number >= 0 { number } else { nil }
    }
    guard let cycles = count("cycles"), let looks = count("looks"),
      let entries = count("entries"), let additions = count("additions"),
      let closes = count("closes"),
      let simulations = count("simulations"), let jointSimulations = count("joint_simulations"),
      let unknownReports = count("unknown_reports"),
      let forgottenOrders = count("forgotten_orders"), let unknowns = count("unknowns"),
      case .object(let members)? = json["refusals"]
    else { return nil }
    self.cycles = cycles
    self.looks = looks
    self.entries = entries
    self.additions = additions
    self.closes = closes
    self.simulations = simulations
    self.jointSimulations = jointSimulations
    self.unknownReports = unknownReports
    self.forgottenOrders = forgottenOrders
    self.unknowns = unknowns
    for member in members {
      guard case .integer(let number) = member.value, number >= 0 else { return nil }
      refusals[member.name] = number
    }
  }
}
