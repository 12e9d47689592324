import Mathematics

/// What a joint simulation says about an account.
package struct PortfolioEstimate: Hashable, Sendable {
  /// The expected profit as a share of the equity.
  package let profit: Estimate
  /// The profit that is undercut with the probability of the plan's tail: value at risk, negative
  /// for a loss.
  package let valueAtRisk: Double
  /// The mean of the profits in the tail.
  package let tail: Estimate
  /// The probability that the account is liquidated.
  package let liquidation: Estimate
  /// For each position the probability that its take-profit closes it.
  package let targets: [Estimate]
  /// For each position the probability that its stop closes it.
  package let stops: [Estimate]
}

/// The results of a thousand paths of a joint simulation.
package struct PortfolioChunk: Sendable {
  fileprivate var profits: [Float]
  fileprivate var counts: [Int]
}

/// A simulation of all positions of an account on common paths.
///
/// Steps are watched at their ends: a position whose barrier lies at or behind the price found there
/// is closed at that price, less the cost of leaving. What hits nothing is valued at the last price,
/// without that cost: nobody left. The account is liquidated at the first step at whose end its equity
/// is below what its open positions must keep; everything is then closed at the prices of that step,
/// and no more than the equity is lost.
package struct PortfolioSimulation: Sendable {
  /// What is simulated.
  package let plan: PortfolioPlan
  /// Which numbers of chance it gets.
  package let key: SimulationKey
  /// What drives each price: the history's steps, or a row of the factor of the covariance.
  private let rows: [[Float]]
  /// The constant part of each price's step, by place in a block.
  private let shifts: [[Float]]
  private let barriers: [BarrierLanes]

  /// Prepares a simulation.
  package init(_ plan: PortfolioPlan, key: SimulationKey) {
    self.plan = plan
    self.key = key
    let years = plan.stepSeconds / Annual.seconds
    let days = plan.stepSeconds / PortfolioPlan.daySeconds
    // The expected factors of the falls, which the drift makes up for.
    let falls = [plan.marketFalls, plan.ownFalls].reduce(0.0) { sum, law in
      let size = 0.5 * (law.sizes.lowerBound + law.sizes.upperBound)
      return sum + Elementary.log(onePlus: -min(1, law.daily * days) * size)
    }
    var rows: [[Float]] = []
    var shifts: [[Float]] = []
    for (number, position) in plan.positions.enumerated() {
      let centers: [Double]
      switch plan.law {
      case .history(let history):
        let steps = history.steps(of: number)
        centers = BlockGrowth.logarithms(steps, block: history.block)
        rows.append(steps.map { Float($0) })
      case .gaussianCopula(let volatilities, let correlation):
        let deviation = volatilities[number] * years.squareRoot()
        centers = [0.5 * deviation * deviation]
        let row = correlation.lower[(number * correlation.order)...].prefix(number + 1)
        rows.append(row.map { Float($0 * deviation) })
      }
      shifts.append(centers.map { Float(position.annualDrift * years - $0 - falls) })
    }
    self.rows = rows
    self.shifts = shifts
    barriers = plan.positions.map {
      BarrierLanes($0.exposure < 0 ? $0.exits.shortCorridor : $0.exits.longCorridor)
    }
  }

  /// Walks the paths of one chunk: a function of the plan, the key and the chunk's number, which any
  /// thread may call.
  package func walk(chunk: Int) -> PortfolioChunk {
    var result = PortfolioChunk(
      profits: [], counts: [Int](repeating: 0, count: 2 * plan.positions.count + 1))
    result.profits.reserveCapacity(PathWorkspace.chunkPaths)
    var account = AccountLanes(plan.positions.count)
    for group in 0..<(PathWorkspace.chunkPaths / 8) {
      let first = UInt32(truncatingIfNeeded: chunk * PathWorkspace.chunkPaths + group * 8)
      account.reset()
      walk(WordLanes(repeating: first) &+ WordLanes(0, 1, 2, 3, 4, 5, 6, 7), &account)
      for lane in 0..<8 { result.profits.append(account.profit[lane]) }
      for position in plan.positions.indices {
        let closed = account.positions[position]
        let isLong = plan.positions[position].exposure >= 0
        let above = -Int(closed.above.wrappedSum())
        let below = -Int(closed.below.wrappedSum())
        result.counts[2 * position] += isLong ? above : below
        result.counts[2 * position + 1] += isLong ? below : above
      }
      result.counts[2 * plan.positions.count] += -Int(account.liquidated.wrappedSum())
    }
    return result
  }

  /// Returns what the chunks say, in the order of their numbers.
  package func estimate(_ chunks: [PortfolioChunk]) -> PortfolioEstimate {
    let profits = chunks.flatMap(\.profits)
    let paths = profits.count
    precondition(paths > 0, "no chunk was walked")
    func share(_ counter: Int) -> Estimate {
      let hits = chunks.reduce(0) { $0 + $1.counts[counter] }
      let share = Double(hits) / Double(paths)
      return Estimate(
        value: share, standardError: (share * (1 - share) / Double(paths)).squareRoot(),
        count: paths, effectiveCount: Double(paths))
    }
    let moments = profits.withUnsafeBufferPointer { buffer -> ResultMoments in
      guard let first = buffer.baseAddress else { preconditionFailure("no path was walked") }
      return ResultMoments(first, paths: paths)
    }
    var scratch = profits
    let tail = profits.withUnsafeBufferPointer { buffer in
      scratch.withUnsafeMutableBufferPointer { scratch -> ResultTail in
        guard let first = buffer.baseAddress, let room = scratch.baseAddress else {
          preconditionFailure("no path was walked")
        }
        return ResultTail(first, paths: paths, share: plan.tailShare, scratch: room)
      }
    }
    return PortfolioEstimate(
      profit: moments.estimate(paths: paths), valueAtRisk: tail.edge, tail: tail.estimate,
      liquidation: share(2 * plan.positions.count),
      targets: plan.positions.indices.map { share(2 * $0) },
      stops: plan.positions.indices.map { share(2 * $0 + 1) })
  }

  // MARK: - Steps

  private func walk(_ lanes: WordLanes, _ account: inout AccountLanes) {
    let count = plan.positions.count
    let blocks = UInt32(truncatingIfNeeded: count + 1)
    let days = plan.stepSeconds / PortfolioPlan.daySeconds
    let marketFall = FallThreshold(plan.marketFalls, days)
    let ownFall = FallThreshold(plan.ownFalls, days)
    let costs = Float(plan.exitCost)
    let fallCosts = Float(plan.exitCost * plan.fallCostFactor)
    for step in 0..<plan.steps {
      let base = UInt32(truncatingIfNeeded: step) &* blocks
      let common = PhiloxLanes.blocks(lanes, base, key.stream, key: key.key)
      let (market, fell) = marketFall.draw(common.first, common.second)
      if case .history(let history) = plan.law, step % history.block == 0 {
        for lane in 0..<8 {
          account.places[lane] =
            common.third[lane].multipliedFullWidth(by: UInt32(history.factor.count)).high
        }
      }
      for number in 0..<count {
        let block = PhiloxLanes.blocks(
          lanes, base &+ UInt32(truncatingIfNeeded: number + 1), key.stream, key: key.key)
        account.normals[number] = LaneVariates.normals(block.first, block.second).0
        let (own, ownFell) = ownFall.draw(block.third, block.fourth)
        let move =
          move(number, account) + .all(shifts[number][step % shifts[number].count]) + market + own
        account.positions[number].price += move
        let cost = FloatLanes.all(fallCosts).chosen(
          where: fell | ownFell, otherwise: .all(costs))
        account.close(
          number, barriers[number], Float(plan.positions[number].exposure), cost)
      }
      if case .history(let history) = plan.law { account.advance(history.factor.count) }
      account.checkMargin(
        plan.positions, cost: FloatLanes.all(fallCosts).chosen(where: fell, otherwise: .all(costs)))
    }
    account.settle(plan.positions)
  }

  /// What the joint law adds to a log price.
  private func move(_ number: Int, _ account: AccountLanes) -> FloatLanes {
    let row = rows[number]
    var sum = FloatLanes.zero
    switch plan.law {
    case .history:
      for lane in 0..<8 { sum[lane] = row[Int(account.places[lane])] }
    case .gaussianCopula:
      for (factor, weight) in row.enumerated() {
        sum = account.normals[factor].fused(times: .all(weight), plus: sum)
      }
    }
    return sum
  }
}

/// Where a word tells a fall.
private struct FallThreshold {
  private let words: UInt32
  private let least: Float
  private let width: Float

  init(_ law: FallLaw, _ days: Double) {
    words = UInt32(min(4_294_967_295, (min(1, law.daily * days) * 0x1p32).rounded()))
    least = Float(law.sizes.lowerBound)
    width = Float(law.sizes.upperBound - law.sizes.lowerBound)
  }

  /// The change of the log price, and where there was a fall.
  func draw(_ chance: WordLanes, _ size: WordLanes) -> (FloatLanes, FlagLanes) {
    let spared = chance.isAtLeast(WordLanes(repeating: words))
    guard (~spared).holdSomewhere else { return (.zero, .zero) }
    let uniform =
      FloatLanes(rounding: FlagLanes(truncatingIfNeeded: size &>> WordLanes(repeating: 1)))
      * .all(0x1p-31)
    let share = uniform.fused(times: .all(width), plus: .all(least))
    let change = (FloatLanes.all(1) - share).naturalLogarithm
    return (FloatLanes.zero.chosen(where: spared, otherwise: change), ~spared)
  }
}

/// Eight accounts.
private struct AccountLanes {
  struct Position {
    /// The log price from the entry.
    var price = FloatLanes.zero
    var open = FlagLanes(repeating: -1)
    var above = FlagLanes.zero
    var below = FlagLanes.zero
  }

  var positions: [Position]
  var normals: [FloatLanes]
  var places = WordLanes.zero
  /// What closed positions have earned.
  var realized = FloatLanes.zero
  var liquidated = FlagLanes.zero
  var profit = FloatLanes.zero

  init(_ count: Int) {
    positions = [Position](repeating: Position(), count: count)
    normals = [FloatLanes](repeating: .zero, count: count)
  }

  mutating func reset() {
    for number in positions.indices { positions[number] = Position() }
    places = .zero
    realized = .zero
    liquidated = .zero
    profit = .zero
  }

  /// Moves to the next step of the past, round its end.
  mutating func advance(_ count: Int) {
    for lane in 0..<8 {
      places[lane] = Int(places[lane]) + 1 == count ? 0 : places[lane] + 1
    }
  }

  /// Closes a position whose barrier was reached.
  mutating func close(
    _ number: Int, _ barriers: BarrierLanes, _ exposure: Float, _ cost: FloatLanes
  ) {
    var position = positions[number]
    let above = barriers.upper.isAtMost(position.price) & position.open
    let below = position.price.isAtMost(-barriers.lower) & position.open
    let left = above | below
    guard left.holdSomewhere else { return }
    realized += Self.leaving(position.price, exposure, cost).chosen(where: left, otherwise: .zero)
    position.above |= above
    position.below |= below
    position.open &= ~left
    positions[number] = position
  }

  /// What closing at a price earns.
  private static func leaving(
    _ price: FloatLanes, _ exposure: Float, _ cost: FloatLanes
  ) -> FloatLanes {
    let move = price.exponentialMinusOne
    return move * .all(exposure) - (move + .all(1)) * .all(exposure.magnitude) * cost
  }

  /// Liquidates accounts whose equity is below what they must keep.
  mutating func checkMargin(_ plan: [PortfolioPosition], cost: FloatLanes) {
    var equity = realized + .all(1)
    var needed = FloatLanes.zero
    for (number, position) in plan.enumerated() {
      let move = positions[number].price.exponentialMinusOne
      let value = (move + .all(1)) * .all(Float(position.exposure.magnitude * position.maintenance))
      equity += (move * .all(Float(position.exposure))).chosen(
        where: positions[number].open, otherwise: .zero)
      needed += value.chosen(where: positions[number].open, otherwise: .zero)
    }
    // Nothing is needed where nothing is open.
    let short = equity.isBelow(needed)
    guard short.holdSomewhere else { return }
    for (number, position) in plan.enumerated() {
      let closed = short & positions[number].open
      realized += Self.leaving(positions[number].price, Float(position.exposure), cost).chosen(
        where: closed, otherwise: .zero)
      positions[number].open &= ~short
    }
    liquidated |= short
    realized = realized.larger(.all(-1)).chosen(where: short, otherwise: realized)
  }

  /// Values what is still open at the last prices.
  mutating func settle(_ plan: [PortfolioPosition]) {
    profit = realized
    for (number, position) in plan.enumerated() {
      let gain = positions[number].price.exponentialMinusOne * .all(Float(position.exposure))
      profit += gain.chosen(where: positions[number].open, otherwise: .zero)
    }
  }
}
