/// Simulations that go to BRAIN together.
struct SimulationBatch: Sendable {
  /// BRAIN takes arrays of two to ten.
  static let sizeMax = 10

  let simulations: [BrainSimulation]
  /// How often in a row BRAIN had no room for it.
  var refusals = 0

  /// Cuts simulations into arrays of those that BRAIN lets be mixed, in their order; what must go
  /// alone is a batch of one.
  static func batches(
    of simulations: [BrainSimulation], sizeMax: Int = sizeMax
  ) -> [SimulationBatch] {
    var order: [[String]] = []
    var groups: [[String]: [BrainSimulation]] = [:]
    var batches: [SimulationBatch] = []
    for simulation in simulations {
      guard let key = simulation.arrayKey else {
        batches.append(SimulationBatch(simulations: [simulation]))
        continue
      }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(simulation)
    }
    for key in order {
      let group = groups[key] ?? []
      for start in stride(from: 0, to: group.count, by: sizeMax) {
        batches.append(
          SimulationBatch(simulations: Array(group[start..<min(group.count, start + sizeMax)])))
      }
    }
    return batches
  }
}
