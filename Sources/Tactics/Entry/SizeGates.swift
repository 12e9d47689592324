/// The gates that ask how small and how large an entry is.
enum SizeGates {
  /// The notional is worth an order.
  static func notional(_ entry: EntryCircumstances, _ settings: EntrySettings.Size) -> TacticVerdict
  {
    let reason = EntryGate.notionalMin.rawValue
    guard entry.notional.isFinite else { return .notApplicable(reason) }
    var floor = settings.notionalMin
    let balance = entry.account.balance
    if balance.isFinite {
      floor = min(
        max(floor, settings.notionalShareMin * balance), settings.notionalFloorShareMax * balance)
    }
    floor = max(floor, settings.notionalHardMin)
    return .passing(
      if: entry.notional >= floor, reason, [.init("notional", entry.notional, limit: floor)])
  }

  /// The notional is worth the attention of an account of this size.
  static func exposure(_ entry: EntryCircumstances, _ settings: EntrySettings.Size) -> TacticVerdict
  {
    let reason = EntryGate.exposureMin.rawValue
    let limit = entry.account.equity * settings.exposureShareMin
    guard entry.notional.isFinite, limit.isFinite else { return .notApplicable(reason) }
    return .passing(
      if: entry.notional >= limit, reason, [.init("notional", entry.notional, limit: limit)])
  }

  /// The symbol is among the best.
  static func rank(_ entry: EntryCircumstances, _ settings: EntrySettings.Size) -> TacticVerdict {
    let reason = EntryGate.rank.rawValue
    guard let rank = entry.rank else { return .notApplicable(reason) }
    return .passing(
      if: rank <= settings.rankMax, reason,
      [.init("rank", Double(rank), limit: Double(settings.rankMax))])
  }

  /// The account takes another position of this size.
  static func cap(_ entry: EntryCircumstances, _ settings: EntrySettings.Size) -> TacticVerdict {
    let reason = EntryGate.cap.rawValue
    let account = entry.account
    guard !account.isInSafetyMode else {
      return TacticVerdict(.fail, reason, [.init("safety_mode", 1, limit: 0)])
    }
    let positions = Double(account.openPositions)
    if settings.positionsMax > 0, account.openPositions >= settings.positionsMax {
      return TacticVerdict(
        .fail, reason, [.init("positions", positions, limit: Double(settings.positionsMax))])
    }
    let total = account.openNotional + entry.notional
    let limit = account.equity * settings.exposureMax
    guard total.isFinite, limit.isFinite else {
      return .notApplicable(reason, [.init("positions", positions)])
    }
    return .passing(if: total <= limit, reason, [.init("open_notional", total, limit: limit)])
  }

  /// All positions together, with this one, bear what may happen to them.
  static func portfolio(
    _ entry: EntryCircumstances, _ settings: EntrySettings.Portfolio
  ) -> TacticVerdict {
    let reason = EntryGate.portfolio.rawValue
    guard let outlook = entry.portfolio,
      outlook.expected.isFinite || outlook.shortfall.isFinite
        || outlook.liquidationProbability.isFinite
    else { return .notApplicable(reason) }
    let holds =
      !(outlook.expected < settings.expectedMin) && !(outlook.shortfall < settings.shortfallMin)
      && !(outlook.liquidationProbability > settings.liquidationMax)
    let measures: [TacticVerdict.Measure] = [
      .init("expected", outlook.expected, limit: settings.expectedMin),
      .init("shortfall", outlook.shortfall, limit: settings.shortfallMin),
      .init(
        "liquidation_probability", outlook.liquidationProbability, limit: settings.liquidationMax),
    ]
    guard !holds, !settings.blocks else { return .passing(if: holds, reason, measures) }
    return TacticVerdict(
      .pass, reason, measures + [.init(EntryReview.sizeScale, settings.scaleOnFail)])
  }
}
