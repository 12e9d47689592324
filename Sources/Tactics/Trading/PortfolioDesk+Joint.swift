import Essentials
import Markets
import Models

/// All positions together.
extension PortfolioDesk {
  /// What happens to all positions if this one is added; a refusal holds for an interval.
  mutating func jointly(
    _ plan: EntryPlan, _ size: PositionSize, at now: Timestamp, _ account: PerpetualAccount,
    _ books: AccountReading
  ) -> PortfolioOutlook? {
    let place = plan.candidate.place
    let rules = settings.trading.joint
    if let refused = desks[place].refusedJointly, refused.side == plan.candidate.side,
      now - refused.at < rules.interval
    {
      return refused.outlook
    }
    guard books.equity > 0 else { return nil }
    var positions: [JointPosition] = []
    for other in desks.indices where other != place {
      if let position = jointPosition(other, account, books) { positions.append(position) }
    }
    let circumstances = plan.candidate.circumstances
    positions.append(
      JointPosition(
        place: place,
        exposure: plan.candidate.side.direction * size.notional / books.equity,
        annualDrift: circumstances.market.annualDrift,
        annualVolatility: circumstances.market.annualVolatility,
        exits: plan.candidate.prospect.exits,
        maintenance: contracts[place].tiers.tiers[0].maintenanceRate.value))
    counts.jointSimulations += 1
    let outlook = PortfolioOutlook(
      of: positions, correlations: joint, exitCost: circumstances.bill.side, key: key(place),
      under: rules)
    let isRefused =
      outlook.expected < settings.entry.portfolio.expectedMin
      || outlook.shortfall < settings.entry.portfolio.shortfallMin
      || outlook.liquidationProbability > settings.entry.portfolio.liquidationMax
    desks[place].refusedJointly =
      isRefused
      ? ContractDesk.JointRefusal(side: plan.candidate.side, at: now, outlook: outlook) : nil
    return outlook
  }

  func jointPosition(
    _ place: Int, _ account: PerpetualAccount, _ books: AccountReading
  ) -> JointPosition? {
    let id = ContractID(place: place)
    guard let trade = desks[place].state.trade, let sight = desks[place].sight else {
      return nil
    }
    let lots = account.position(of: id)?.quantity.magnitude ?? trade.quantity
    let mark = account.mark(of: id)?.value ?? sight.price
    let direction = trade.side.direction
    let target = trade.referencePrice * (1 + direction * trade.targetDistance)
    return JointPosition(
      place: place,
      exposure: direction * lots.units(of: contracts[place].rules.lot) * mark / books.equity,
      annualDrift: sight.annualDrift, annualVolatility: sight.annualVolatility,
      exits: ExitPlan(
        takeProfit: max(1e-6, direction * (target / mark - 1)),
        stopLoss: max(1e-6, -direction * (trade.stopPrice.value / mark - 1))),
      maintenance: contracts[place].tiers.tiers[0].maintenanceRate.value)
  }
}
