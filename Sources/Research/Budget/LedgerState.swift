import Essentials

/// All balances, open calls and marks of a ledger: what its events come to.
///
/// Nothing here depends on a configuration, so the same events always come to the same state,
/// whatever the ceilings are today.
package struct LedgerState: Hashable, Sendable {
  package private(set) var accounts: [LedgerAccount] = []
  private var places: [BudgetScope: Int] = [:]
  /// Calls that were granted and are neither settled nor voided nor presumed.
  package private(set) var open: [ReservationID: Reservation] = [:]
  /// Calls that are presumed to be billed and may still be settled or voided.
  package private(set) var presumed: [ReservationID: Reservation] = [:]
  /// The number that the next granted call gets.
  package private(set) var nextNumber = 1
  package private(set) var calibration = TokenCalibration()

  package init() {}

  /// The account of a scope, an empty one where nothing happened yet.
  package func account(_ scope: BudgetScope) -> LedgerAccount {
    places[scope].map { accounts[$0] } ?? LedgerAccount(scope: scope)
  }

  /// Whether all balances of all accounts add up to zero.
  package var isBalanced: Bool { accounts.allSatisfy(\.isBalanced) }

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
      for scope in Self.scopes(run: check.request.run, at: event.at) {
        change(scope) { $0.counts.refused += 1 }
      }
      change(.run(check.request.run)) { $0.isBlocked = true }
    case .warned(let warning):
      change(warning.scope) { $0.warnings.raise(warning.kind, warning.level) }
    case .warningCleared(let warning):
      change(warning.scope) { $0.warnings.clear(warning.kind, warning.level) }
    case .exploreFloorPreserved, .blocked: break
    }
  }

  private mutating func grant(_ reservation: Reservation) throws(LedgerFailure) {
    let number = reservation.id.number
    guard number >= nextNumber else {
      throw .contradiction(event: 0, reason: "the call \(reservation.id) is granted twice")
    }
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
    for scope in Self.scopes(run: reservation.request.run, at: reservation.at) {
      change(scope) { account in
        account.post(
          reservation.held, within: settlement.within, beyond: settlement.beyond,
          reservation.request.lane, from: source)
        account.counts.settled += 1
        if !settlement.cost.isKnown, tokens > 0 {
          account.counts.unpriced += 1
          account.counts.unpricedTokens += tokens
        }
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
    for scope in Self.scopes(run: reservation.request.run, at: reservation.at) {
      self.change(scope) { change(&$0, reservation.held, lane) }
    }
    if reservation.expansionTokens > 0 {
      self.change(Self.expansionScope(reservation)) {
        change(&$0, Spend(tokens: reservation.expansionTokens), lane)
      }
    }
  }

  private mutating func change(_ scope: BudgetScope, _ change: (inout LedgerAccount) -> Void) {
    if let place = places[scope] {
      change(&accounts[place])
    } else {
      var account = LedgerAccount(scope: scope)
      change(&account)
      places[scope] = accounts.count
      accounts.append(account)
    }
  }

  /// The run, the day and the week that a call at an instant belongs to.
  static func scopes(run: String, at: Timestamp) -> [BudgetScope] {
    let date = at.date
    return [.run(run), .day(date), .week(ISOWeek(containing: date))]
  }

  static func expansionScope(_ reservation: Reservation) -> BudgetScope {
    .expansion(run: reservation.request.run, idea: reservation.request.idea)
  }
}
