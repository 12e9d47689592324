import Essentials

/// All balances, open calls and marks of a ledger: what its events come to.
///
/// Nothing here depends on a configuration, so the same events always come to the same state,
/// whatever the ceilings are today.
package struct LedgerState: Sendable {
  /// In the order in which something first happened in them.
  private var list: [LedgerAccount] = []
  private var places: [BudgetScope: Int] = [:]
  /// The day and week that were asked for last, which are nearly always asked for next.
  private var latestDay: (date: CalendarDate, place: Int)?
  private var latestWeek: (week: ISOWeek, place: Int)?
  /// Calls that were granted and are neither settled nor voided nor presumed.
  package private(set) var open: [ReservationID: Reservation] = [:]
  /// Calls that are presumed to be billed and may still be settled or voided.
  package private(set) var presumed: [ReservationID: Reservation] = [:]
  /// The number that the next granted call gets.
  package private(set) var nextNumber = 1
  package private(set) var calibration = TokenCalibration()

  package init() {}

  /// Puts a state together from what was kept of it.
  init(
    accounts: some Sequence<LedgerAccount>, open: some Sequence<Reservation>,
    presumed: some Sequence<Reservation>, nextNumber: Int, calibration: TokenCalibration
  ) {
    for account in accounts {
      places[account.scope] = list.count
      list.append(account)
    }
    for reservation in open { self.open[reservation.id] = reservation }
    for reservation in presumed { self.presumed[reservation.id] = reservation }
    self.nextNumber = nextNumber
    self.calibration = calibration
  }

  /// The account of a scope, an empty one where nothing happened yet.
  package func account(_ scope: BudgetScope) -> LedgerAccount {
    place(scope).map { list[$0] } ?? LedgerAccount(scope: scope)
  }

  private func place(_ scope: BudgetScope) -> Int? {
    switch scope {
    case .day(let date):
      if let latestDay, latestDay.date == date { return latestDay.place }
    case .week(let week):
      if let latestWeek, latestWeek.week == week { return latestWeek.place }
    case .run, .expansion: break
    }
    return places[scope]
  }

  /// All accounts that something happened in, by the names of their scopes.
  package var accounts: [LedgerAccount] { list.sorted { $0.scope.name < $1.scope.name } }

  /// Whether all balances of all accounts add up to zero.
  package var isBalanced: Bool { list.allSatisfy(\.isBalanced) }

  // MARK: - The fold

  /// Enters an event; one that contradicts the state changes nothing.
  package mutating func apply(_ event: BudgetEvent) throws(LedgerFailure) {
    switch event.fact {
    case .granted(let reservation, _): try grant(reservation)
    case .settled(let settlement): try settle(settlement)
    case .voided(let voided, _, let isLate):
      let reservation = try close(voided.id, isLate: isLate)
      change(reservation) { account, amount, lane in
        account.release(amount, lane, from: isLate ? .unreconciled : .reserved)
        account.counts.voided += 1
      }
    case .presumed(let given, _):
      let reservation = try close(given.id, isLate: false)
      presumed[reservation.id] = reservation
      change(reservation) { account, amount, lane in
        account.presume(amount, lane)
        account.counts.presumed += 1
      }
    case .refused(let check):
      changeEach(run: check.request.run, at: event.at) { $0.counts.refused += 1 }
      change(.run(check.request.run)) { $0.isBlocked = true }
    case .warned(let warning):
      change(warning.scope) { $0.warnings.raise(warning.kind, warning.level) }
    case .warningCleared(let warning):
      change(warning.scope) { $0.warnings.clear(warning.kind, warning.level) }
    case .shortened, .exploreFloorPreserved, .blocked: break
    }
  }

  private mutating func grant(_ reservation: Reservation) throws(LedgerFailure) {
    let number = reservation.id.number
    guard number >= nextNumber else { throw .grantedTwice(reservation.id) }
    nextNumber = number + 1
    open[reservation.id] = reservation
    change(reservation) { account, amount, lane in
      account.hold(amount, lane)
      account.counts.granted += 1
      account.isBlocked = false
    }
  }

  private mutating func settle(_ settlement: Settlement) throws(LedgerFailure) {
    let isLate = settlement.isLate
    let reservation = try close(settlement.reservation.id, isLate: isLate)
    let source = isLate ? LedgerAccount.Source.unreconciled : .reserved
    let tokens = settlement.point.usage.total
    let isUnpriced = !settlement.cost.isKnown && tokens > 0
    changeEach(run: reservation.request.run, at: reservation.at) { account in
      account.post(
        reservation.held, within: settlement.within, beyond: settlement.beyond,
        reservation.request.lane, from: source)
      account.counts.settled += 1
      if isUnpriced {
        account.counts.unpriced += 1
        account.counts.unpricedTokens += tokens
      }
    }
    if reservation.expansionTokens > 0 {
      let drawn = settlement.point.usage.prompt - reservation.ordinaryPromptTokens
      let within = min(max(0, drawn), reservation.expansionTokens)
      change(Self.expansionScope(reservation)) { account in
        account.post(
          Spend(tokens: reservation.expansionTokens), within: Spend(tokens: within), beyond: .zero,
          reservation.request.lane, from: source)
        account.counts.settled += 1
      }
    }
    if settlement.point.source == .provider {
      calibration.learn(
        model: reservation.request.model, basis: reservation.request.promptTokensBasis,
        actual: settlement.point.usage.prompt)
    }
  }

  /// Takes a call out of those that wait and returns it as it was granted.
  private mutating func close(
    _ id: ReservationID, isLate: Bool
  ) throws(LedgerFailure) -> Reservation {
    let closed = isLate ? presumed.removeValue(forKey: id) : open.removeValue(forKey: id)
    guard let closed else {
      throw id.number < nextNumber ? .alreadyClosed(id) : .unknownReservation(id)
    }
    return closed
  }

  /// Changes the accounts that a call is entered in by what it holds there.
  private mutating func change(
    _ reservation: Reservation, _ change: (inout LedgerAccount, Spend, Lane) -> Void
  ) {
    let lane = reservation.request.lane
    changeEach(run: reservation.request.run, at: reservation.at) {
      change(&$0, reservation.held, lane)
    }
    if reservation.expansionTokens > 0 {
      self.change(Self.expansionScope(reservation)) {
        change(&$0, Spend(tokens: reservation.expansionTokens), lane)
      }
    }
  }

  /// Changes the accounts of a run, and of the day and week of an instant.
  private mutating func changeEach(
    run: String, at: Timestamp, _ change: (inout LedgerAccount) -> Void
  ) {
    let date = at.date
    let week = ISOWeek(containing: date)
    change(&list[placeOrNew(.run(run))])
    let dayPlace = placeOrNew(.day(date))
    change(&list[dayPlace])
    latestDay = (date, dayPlace)
    let weekPlace = placeOrNew(.week(week))
    change(&list[weekPlace])
    latestWeek = (week, weekPlace)
  }

  private mutating func change(_ scope: BudgetScope, _ change: (inout LedgerAccount) -> Void) {
    change(&list[placeOrNew(scope)])
  }

  private mutating func placeOrNew(_ scope: BudgetScope) -> Int {
    if let place = place(scope) { return place }
    places[scope] = list.count
    list.append(LedgerAccount(scope: scope))
    return list.count - 1
  }

  /// The run, the day and the week that a call at an instant belongs to.
  static func scopes(run: String, at: Timestamp) -> [BudgetScope] {
    let date = at.date
    return [.run(run), .day(date), .week(ISOWeek(containing: date))]
  }

  /// The accounts that an event changes.
  static func scopes(of event: BudgetEvent) -> [BudgetScope] {
    switch event.fact {
    case .granted(let reservation, _), .voided(let reservation, _, _),
      .presumed(let reservation, _):
      scopes(of: reservation)
    case .settled(let settlement): scopes(of: settlement.reservation)
    case .refused(let check): scopes(run: check.request.run, at: event.at)
    case .warned(let warning), .warningCleared(let warning): [warning.scope]
    case .shortened, .exploreFloorPreserved, .blocked: []
    }
  }

  private static func scopes(of reservation: Reservation) -> [BudgetScope] {
    scopes(run: reservation.request.run, at: reservation.at)
      + (reservation.expansionTokens > 0 ? [expansionScope(reservation)] : [])
  }

  static func expansionScope(_ reservation: Reservation) -> BudgetScope {
    .expansion(run: reservation.request.run, idea: reservation.request.idea)
  }
}

extension LedgerState: Equatable {
  /// Compares what is remembered; in which order accounts came into being makes no difference.
  package static func == (left: Self, right: Self) -> Bool {
    left.nextNumber == right.nextNumber && left.list.count == right.list.count
      && left.list.allSatisfy { $0 == right.account($0.scope) }
      && left.open == right.open && left.presumed == right.presumed
      && left.calibration == right.calibration
  }
}
