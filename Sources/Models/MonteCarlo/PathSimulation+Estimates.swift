import Markets
import Mathematics

extension PathSimulation {
  /// Returns what the first `paths` walked paths say, a whole number of chunks. Every sum runs in the
  /// order of the paths, whoever walked them.
  package func estimate(from workspace: PathWorkspace, paths: Int) -> TradeEstimate {
    precondition(
      paths > 0 && paths <= workspace.paths && paths % PathWorkspace.chunkPaths == 0,
      "\(paths) of \(workspace.paths) paths")
    func side(_ side: PositionSide) -> [HorizonEstimate] {
      plan.horizons.indices.map { estimate(side, $0, workspace, paths) }
    }
    return TradeEstimate(long: side(.long), short: side(.short))
  }

  /// Walks and judges so many paths at once: ``walk(chunks:into:by:)`` and
  /// ``estimate(from:paths:)``.
  package func estimate(
    paths: Int, using workspace: PathWorkspace, by crew: PathCrew = .caller
  ) -> TradeEstimate {
    walk(chunks: 0..<(paths / PathWorkspace.chunkPaths), into: workspace, by: crew)
    return estimate(from: workspace, paths: paths)
  }

  private func estimate(
    _ side: PositionSide, _ horizon: Int, _ workspace: PathWorkspace, _ paths: Int
  ) -> HorizonEstimate {
    let gross = UnsafePointer(workspace.results(horizon, side.index, .gross))
    let net = UnsafePointer(workspace.results(horizon, side.index, .net))
    let grossMoments = ResultMoments(gross, paths: paths)
    let netMoments = ResultMoments(net, paths: paths)
    var counts = [Int](repeating: 0, count: PathWorkspace.counters)
    for chunk in 0..<(paths / PathWorkspace.chunkPaths) {
      let counters = workspace.counts(chunk, horizon, side.index)
      for counter in counts.indices { counts[counter] += Int(counters[counter].wrappedSum()) }
    }
    func expectation(_ moments: ResultMoments, _ results: UnsafePointer<Float>) -> Estimate {
      guard plan.control == .price else { return moments.estimate(paths: paths) }
      return moments.estimate(
        results, controlledBy: workspace.moves(horizon),
        expecting: expectedGrowth(steps: plan.horizons[horizon]) - 1, paths: paths)
    }
    func tail(_ results: UnsafePointer<Float>) -> Estimate {
      ResultTail(results, paths: paths, share: plan.tailShare, scratch: workspace.scratch).estimate
    }
    let grossTail = tail(gross)
    let netTail =
      plan.costs.isOneExitRate && plan.funding.isEmpty
      ? Self.charged(grossTail, side, plan.costs) : tail(net)
    return HorizonEstimate(
      seconds: plan.seconds(ofHorizon: horizon), gross: expectation(grossMoments, gross),
      net: expectation(netMoments, net), grossTail: grossTail, netTail: netTail,
      gain: Estimate(share: netMoments.gains, pairs: netMoments.gainPairs, paths: paths),
      target: Estimate(share: counts[0], pairs: counts[1], paths: paths),
      stop: Estimate(share: counts[2], pairs: counts[3], paths: paths),
      timeOut: Estimate(share: counts[4], pairs: counts[5], paths: paths),
      holding: Double(counts[6]) / Double(paths) * plan.stepSeconds)
  }

  /// What remains of a gross tail where every exit costs the same: the net result is the gross one
  /// times 1 - r for a long position, 1 + r for a short one, less the costs at the entry price, and
  /// the same results are the worst.
  private static func charged(
    _ gross: Estimate, _ side: PositionSide, _ costs: TradeCosts
  ) -> Estimate {
    let rate = costs.atTimeOut
    return gross.scaled(
      by: side == .long ? 1 - rate : 1 + rate, plus: -costs.entry - rate)
  }
}
