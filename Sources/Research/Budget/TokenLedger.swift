package import Essentials

/// The budget of all calls of language models: told what is wanted and what happened, it says what is
/// allowed and which events follow.
///
/// 1. A call is granted before it is sent, with an upper bound of its prompt and a ceiling of its
///    completion. What is granted counts as used until the call is settled or voided.
/// 2. No grant takes a run, a UTC day or an ISO week beyond a ceiling, in tokens or in money.
/// 3. A call of the exploit lane leaves the explore lane its share of every ceiling.
/// 4. A prompt exceeds its ceiling only by the expansion reserve: after repeated identical errors,
///    once for each idea.
/// 5. A call whose outcome is unknown counts as used in full until it is settled or voided late.
/// 6. Every change is an event, the balances of every account add up to zero after each, and the
///    state is a fold of the events: replayed, they come to the same.
///
/// ```
///            reserve            settle
/// (request) --------> open ----------------> billed
///     |                | \ void              ^   \
///     | refused        |  `------> not billed|    (an excess is an overrun)
///     v                | expire, presume  ^  | settle late
///  (nothing)           `--------> presumed --'
///                                    `---- void late
/// ```
///
/// A call belongs to the day and week in which it was granted. Retries are calls of their own.
/// Reserving and settling take about a microsecond each.
package struct TokenLedger: Sendable {
  package let configuration: BudgetConfiguration
  package let prices: PriceTable
  package private(set) var state: LedgerState
  /// Prices by the names under which they were asked for, with the misses.
  private var askedPrices: [String: ModelPrice?] = [:]
  private let tiers: [Tier]
  private let limits: CheckedLimits

  /// The ceilings of a period with the shares that exploring keeps of them.
  private struct Tier: Sendable {
    let period: BudgetPeriod
    let ceilings: BudgetConfiguration.PeriodCeilings
    let exploreFloor: Spend
    let hasCeiling: Bool
  }

  /// Names that were asked for beyond this many are looked up each time.
  private static let askedPricesMax = 1_024

  /// A ledger in which nothing happened yet, or to which `state` has led.
  package init(
    configuration: BudgetConfiguration, prices: PriceTable, state: LedgerState = LedgerState()
  ) {
    self.configuration = configuration
    self.prices = prices
    self.state = state
    limits = CheckedLimits(configuration)
    let millionths = configuration.exploreMillionths
    tiers = BudgetPeriod.allCases.map { period in
      let ceilings = configuration.ceilings(period)
      return Tier(
        period: period, ceilings: ceilings,
        exploreFloor: Spend(
          tokens: ceilings.exploreFloorTokens(millionths: millionths),
          cost: ceilings.exploreFloorCost(millionths: millionths)),
        hasCeiling: ceilings != BudgetConfiguration.PeriodCeilings())
    }
  }

  /// Replays a history. The calls that were under way at its end are open again.
  package init(
    configuration: BudgetConfiguration, prices: PriceTable,
    replaying events: some Sequence<BudgetEvent>
  ) throws(LedgerFailure) {
    self.init(configuration: configuration, prices: prices)
    for (index, event) in events.enumerated() {
      do throws(LedgerFailure) {
        try state.apply(event)
      } catch {
        throw .contradiction(event: index, reason: error.explanation)
      }
    }
  }

  // MARK: - Asking

  /// What became of a request.
  package enum Verdict: Hashable, Sendable {
    case granted(Reservation)
    case refused(BudgetRefusal)

    /// The reservation, nil where the request was refused.
    package var reservation: Reservation? {
      if case .granted(let reservation) = self { reservation } else { nil }
    }

    /// Why the request was refused, nil where it was granted.
    package var refusal: BudgetRefusal? {
      if case .refused(let refusal) = self { refusal } else { nil }
    }
  }

  /// A verdict with the events that must be kept before anybody acts on it.
  package struct Decision: Sendable {
    package let verdict: Verdict
    package let events: [BudgetEvent]
  }

  /// Holds a request against the ceilings without changing anything. Not to be asked for a request
  /// that has an objection.
  package mutating func check(_ request: CallRequest, at now: Timestamp) -> BudgetCheck {
    let date = now.date
    let run = state.account(.run(request.run))
    let day = state.account(.day(date))
    let week = state.account(.week(ISOWeek(containing: date)))
    let cost =
      price(of: request.model).map {
        CallCost.known(
          $0.costMax(prompt: request.promptTokensMax, completion: request.completionTokensMax))
      } ?? .unknown
    let asked = Spend(tokens: request.tokens, cost: cost.entered)

    var breaches: [CeilingBreach] = []
    let expansion = expansionTokens(request, &breaches)
    checkRequest(request, cost, &breaches)
    check(asked, request.lane, tiers[0], run, &breaches)
    check(asked, request.lane, tiers[1], day, &breaches)
    check(asked, request.lane, tiers[2], week, &breaches)
    return BudgetCheck(
      request: request, cost: cost, batchBefore: run.used, dayBefore: day.used,
      weekBefore: week.used, expansionTokens: expansion, limits: limits, breaches: breaches)
  }

  /// Grants or refuses a call. A request that no journal could hold, or whose counts are no counts,
  /// is an error.
  ///
  /// - Parameter steps: how the prompt was shortened to what is asked for; each is an event with its
  ///   own figures before the verdict.
  package mutating func reserve(
    _ request: CallRequest, after steps: [AppliedFallback] = [], at now: Timestamp
  ) throws(LedgerFailure) -> Decision {
    if let objection = request.objection { throw .unusableRequest(reason: objection) }
    var shortenings: [BudgetFact] = []
    for step in steps {
      var longer = request
      longer.promptTokensMax = step.promptTokensMax
      longer.prompt = step.prompt
      if let objection = longer.objection { throw .unusableRequest(reason: objection) }
      shortenings.append(.shortened(check(longer, at: now), step.cut))
    }
    let check = check(request, at: now)
    guard check.passes else {
      return Decision(
        verdict: .refused(BudgetRefusal(breaches: check.breaches)),
        events: enter(shortenings + [.refused(check), .blocked(check)], at: now))
    }
    let reservation = Reservation(
      id: ReservationID(state.nextNumber), request: request, cost: check.cost,
      expansionTokens: check.expansionTokens, at: now,
      expiresAt: Timestamp(
        millisecondsSinceEpoch: now.millisecondsSinceEpoch
          + Int64(configuration.reservationSeconds) * 1000))
    let granted = BudgetFact.granted(reservation, check)
    let facts =
      request.prompt?.exploreFloorPreserved == true
      ? [granted, .exploreFloorPreserved(check)] : [granted]
    return Decision(verdict: .granted(reservation), events: enter(shortenings + facts, at: now))
  }

  // MARK: - Telling

  /// Enters what a call has used, be it in time or after it expired, and gives the rest back.
  ///
  /// A use beyond the grant is entered in full and marked as an overrun.
  package mutating func settle(
    _ id: ReservationID, _ point: UsagePoint, at now: Timestamp
  ) throws(LedgerFailure) -> [BudgetEvent] {
    let (reservation, isLate) = try find(id)
    let used = point.usage
    let cost: CallCost =
      used.total == 0
      ? .known(.zero)
      : price(of: reservation.request.model).map { .known($0.cost(of: used)) } ?? .unknown
    let held = reservation.held
    let tokens = min(used.total, held.tokens)
    // Where no price was known nothing was held, and so nothing can be exceeded.
    let money = reservation.cost.isKnown ? min(cost.entered, held.cost) : cost.entered
    let within = Spend(tokens: tokens, cost: money)
    let settlement = Settlement(
      reservation: reservation, point: point, cost: cost, within: within,
      beyond: Spend(tokens: used.total, cost: cost.entered) - within, isLate: isLate)
    return enterAndWarn(.settled(settlement), of: reservation, at: now)
  }

  /// Gives back what was held for a call that was not billed, be it in time or after it expired.
  package mutating func void(
    _ id: ReservationID, _ reason: VoidReason, at now: Timestamp
  ) throws(LedgerFailure) -> [BudgetEvent] {
    let (reservation, isLate) = try find(id)
    let fact = BudgetFact.voided(reservation, reason, isLate: isLate)
    return isLate
      ? enterAndWarn(fact, of: reservation, at: now) : enter([fact], at: now)
  }

  /// Takes an open call as billed in full until somebody settles or voids it.
  package mutating func presume(
    _ id: ReservationID, _ reason: PresumptionReason, at now: Timestamp
  ) throws(LedgerFailure) -> [BudgetEvent] {
    let (reservation, isLate) = try find(id)
    guard !isLate else { return [] }
    return enterAndWarn(.presumed(reservation, reason), of: reservation, at: now)
  }

  /// Presumes every open call whose time is over.
  package mutating func expire(at now: Timestamp) -> [BudgetEvent] {
    presumeAll(.deadline, at: now) { $0.expiresAt <= now }
  }

  /// Presumes every open call of a process that is gone.
  package mutating func abandon(owner: String, at now: Timestamp) -> [BudgetEvent] {
    presumeAll(.ownerGone, at: now) { $0.request.owner == owner }
  }

  /// Presumes every open call.
  package mutating func abandonAll(at now: Timestamp) -> [BudgetEvent] {
    presumeAll(.ownerGone, at: now) { _ in true }
  }

  private mutating func presumeAll(
    _ reason: PresumptionReason, at now: Timestamp, where isMeant: (Reservation) -> Bool
  ) -> [BudgetEvent] {
    let meant = state.open.values.filter(isMeant).sorted { $0.id < $1.id }
    return meant.flatMap { enterAndWarn(.presumed($0, reason), of: $0, at: now) }
  }

  private func find(
    _ id: ReservationID
  ) throws(LedgerFailure) -> (reservation: Reservation, isLate: Bool) {
    if let reservation = state.open[id] { return (reservation, false) }
    if let reservation = state.presumed[id] { return (reservation, true) }
    throw id.number >= 1 && id.number < state.nextNumber
      ? .alreadyClosed(id) : .unknownReservation(id)
  }

  // MARK: - Ceilings

  private func checkRequest(
    _ request: CallRequest, _ cost: CallCost, _ breaches: inout [CeilingBreach]
  ) {
    if request.completionTokensMax > configuration.maxCompletionTokens {
      breaches.append(
        CeilingBreach(
          .requestCompletion, limit: configuration.maxCompletionTokens,
          asked: request.completionTokensMax))
    }
    switch cost {
    case .known(let amount):
      if let limit = configuration.maxCostPerRequest, amount > limit {
        breaches.append(
          CeilingBreach(.requestCost, limit: Int(limit.count), asked: Int(amount.count)))
      }
    case .unknown:
      if configuration.hasCostCeiling {
        breaches.append(
          CeilingBreach(.unknownPrice(model: request.model), limit: 0, asked: request.tokens))
      }
    }
  }

  /// The tokens of a prompt beyond its ceiling that the expansion reserve carries.
  private func expansionTokens(
    _ request: CallRequest, _ breaches: inout [CeilingBreach]
  ) -> Int {
    let limit = configuration.maxPromptTokens
    let extra = request.promptTokensMax - limit
    guard extra > 0 else { return 0 }
    guard let claim = request.expansion, extra <= configuration.expansionReserveTokens else {
      let reserve = request.expansion == nil ? 0 : configuration.expansionReserveTokens
      breaches.append(
        CeilingBreach(.requestPrompt, limit: limit + reserve, asked: request.promptTokensMax))
      return 0
    }
    guard claim.repeats >= configuration.repeatedErrorThreshold else {
      breaches.append(
        CeilingBreach(
          .expansionNotEarned, limit: configuration.repeatedErrorThreshold, asked: claim.repeats))
      return 0
    }
    let account = state.account(.expansion(run: request.run, idea: request.idea))
    guard account.counts.granted == account.counts.voided else {
      breaches.append(
        CeilingBreach(
          .expansionSpent, limit: configuration.expansionReserveTokens,
          used: account.consumed.tokens, reserved: account.reserved.tokens, asked: extra))
      return 0
    }
    return extra
  }

  private func check(
    _ asked: Spend, _ lane: Lane, _ tier: Tier, _ account: LedgerAccount,
    _ breaches: inout [CeilingBreach]
  ) {
    let period = tier.period
    let used = account.used
    let explored = account.explore.total
    func breach(_ ceiling: BudgetCeiling, _ limit: Int, _ consumed: Int, _ held: Int, _ ask: Int) {
      breaches.append(
        CeilingBreach(ceiling, limit: limit, used: consumed, reserved: held, asked: ask))
    }
    if let limit = tier.ceilings.tokens {
      let kept = lane == .exploit ? max(0, tier.exploreFloor.tokens - explored.tokens) : 0
      if used.tokens + asked.tokens > limit {
        breach(
          .tokens(period), limit, account.consumed.tokens, account.reserved.tokens, asked.tokens)
      } else if used.tokens + asked.tokens > limit - kept {
        breach(
          .exploreFloorTokens(period), limit - kept, account.consumed.tokens,
          account.reserved.tokens, asked.tokens)
      }
    }
    if let limit = tier.ceilings.cost {
      let kept = lane == .exploit ? max(.zero, tier.exploreFloor.cost - explored.cost) : .zero
      if used.cost + asked.cost > limit {
        breach(
          .cost(period), Int(limit.count), Int(account.consumed.cost.count),
          Int(account.reserved.cost.count), Int(asked.cost.count))
      } else if used.cost + asked.cost > limit - kept {
        breach(
          .exploreFloorCost(period), Int((limit - kept).count), Int(account.consumed.cost.count),
          Int(account.reserved.cost.count), Int(asked.cost.count))
      }
    }
    guard lane == .explore else { return }
    if let limit = tier.ceilings.exploreTokens, explored.tokens + asked.tokens > limit {
      breach(
        .exploreTokens(period), limit, account.explore.consumed.tokens,
        account.explore.reserved.tokens, asked.tokens)
    }
    if let limit = tier.ceilings.exploreCost, explored.cost + asked.cost > limit {
      breach(
        .exploreCost(period), Int(limit.count), Int(account.explore.consumed.cost.count),
        Int(account.explore.reserved.cost.count), Int(asked.cost.count))
    }
  }

  /// The price of a model: that of the table, else the flat one, else nil.
  package mutating func price(of model: String) -> ModelPrice? {
    if let known = askedPrices[model] { return known }
    let price = prices.price(of: model) ?? configuration.flatPrice?.price
    if askedPrices.count < Self.askedPricesMax { askedPrices[model] = .some(price) }
    return price
  }

  // MARK: - Events

  private mutating func enter(_ facts: [BudgetFact], at now: Timestamp) -> [BudgetEvent] {
    facts.map { fact in
      let event = BudgetEvent(at: now, fact)
      enter(event)
      return event
    }
  }

  private mutating func enter(_ event: BudgetEvent) {
    do throws(LedgerFailure) {
      try state.apply(event)
    } catch {
      preconditionFailure("the ledger decided what its state forbids: \(error)")
    }
  }

  /// Enters a fact that changes consumption, and the warnings that follow from it.
  private mutating func enterAndWarn(
    _ fact: BudgetFact, of reservation: Reservation, at now: Timestamp
  ) -> [BudgetEvent] {
    var events = enter([fact], at: now)
    let date = reservation.at.date
    warn(tiers[0], .run(reservation.request.run), &events, at: now)
    warn(tiers[1], .day(date), &events, at: now)
    warn(tiers[2], .week(ISOWeek(containing: date)), &events, at: now)
    return events
  }

  /// Enters the warnings of a scope that consumption has given cause for or taken it from.
  private mutating func warn(
    _ tier: Tier, _ scope: BudgetScope, _ events: inout [BudgetEvent], at now: Timestamp
  ) {
    guard tier.hasCeiling else { return }
    let account = state.account(scope)
    let consumed = account.consumed
    let explored = account.explore.consumed
    func hold(_ kind: CeilingKind, _ amount: Int, _ limit: Int?) {
      guard let limit else { return }
      for level in WarningLevel.all {
        let fact = Self.warning(account, kind, level, consumed: amount, limit: limit)
        if let fact { events += enter([fact], at: now) }
      }
    }
    hold(.tokens, consumed.tokens, tier.ceilings.tokens)
    hold(.cost, Int(consumed.cost.count), tier.ceilings.cost.map { Int($0.count) })
    hold(.exploreTokens, explored.tokens, tier.ceilings.exploreTokens)
    hold(
      .exploreCost, Int(explored.cost.count), tier.ceilings.exploreCost.map { Int($0.count) })
  }

  /// The change that a consumption makes to a warning, nil where there is none.
  private static func warning(
    _ account: LedgerAccount, _ kind: CeilingKind, _ level: WarningLevel, consumed: Int, limit: Int
  ) -> BudgetFact? {
    let isStanding = account.warnings.isStanding(kind, level)
    let percent = isStanding ? level.rawValue - WarningLevel.hysteresis : level.rawValue
    // A ceiling is at most 10^18, so a hundredfold needs more than 64 bits.
    let isReached = Int128(consumed) * 100 >= Int128(limit) * Int128(percent)
    guard isReached != isStanding else { return nil }
    let warning = BudgetWarning(
      scope: account.scope, kind: kind, level: level, consumed: consumed, limit: limit,
      isFirst: isReached && !account.warnings.wasGiven(kind, level))
    return isReached ? .warned(warning) : .warningCleared(warning)
  }
}
