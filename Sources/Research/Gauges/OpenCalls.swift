import Essentials

/// The calls of a run that are granted and not settled, and those of which nobody knows whether they
/// were billed.
struct OpenCalls: Hashable, Sendable {
  struct Call: Hashable, Sendable {
    let reservation: Reservation
    /// Whether it counts as used until somebody knows better.
    var isPresumed: Bool

    func isUnderWay(at now: Timestamp) -> Bool { !isPresumed && now < reservation.expiresAt }
  }

  /// More calls than one run ever has under way; the oldest beyond them count as used for good.
  static let callsMax = 1024

  /// By number, which ascends with time.
  private(set) var calls: [Call] = []

  /// Adds a granted call and returns the one that there is no room for.
  mutating func open(_ reservation: Reservation) -> Reservation? {
    let place = self.place(of: reservation.id)
    if place < calls.count, calls[place].reservation.id == reservation.id {
      calls[place] = Call(reservation: reservation, isPresumed: false)
    } else {
      calls.insert(Call(reservation: reservation, isPresumed: false), at: place)
    }
    return calls.count > Self.callsMax ? calls.removeFirst().reservation : nil
  }

  /// Takes a call as used until somebody knows better.
  mutating func presume(_ id: ReservationID) {
    let place = self.place(of: id)
    if place < calls.count, calls[place].reservation.id == id { calls[place].isPresumed = true }
  }

  /// Forgets a call that was settled or voided.
  mutating func close(_ id: ReservationID) {
    let place = self.place(of: id)
    if place < calls.count, calls[place].reservation.id == id { calls.remove(at: place) }
  }

  private func place(of id: ReservationID) -> Int {
    var (low, high) = (0, calls.count)
    while low < high {
      let middle = (low + high) / 2
      if calls[middle].reservation.id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// All that is held for the calls that `isWanted`, as the ledger counts it.
  func held(where isWanted: (Reservation) -> Bool = { _ in true }) -> Spend {
    calls.reduce(.zero) {
      isWanted($1.reservation) ? $0.saturating(plus: $1.reservation.held) : $0
    }
  }

  /// What the calls that `isWanted` are likely to use: a call under way its prompt and the usual
  /// completion, within what was granted, and a call of unknown outcome all that was granted.
  func projected(
    at now: Timestamp, usualCompletion: Double?,
    where isWanted: (Reservation) -> Bool = { _ in true }
  ) -> Spend {
    calls.reduce(.zero) { sum, call in
      guard isWanted(call.reservation) else { return sum }
      guard call.isUnderWay(at: now) else { return sum.saturating(plus: call.reservation.held) }
      let request = call.reservation.request
      let completion = min(request.completionTokensMax, Int(usualCompletion ?? 0))
      let tokens = request.promptTokensMax + completion
      // In proportion to tokens, since the price of a call is not repeated in its events.
      let share = GaugeRules.ratio(Double(tokens), of: Double(request.tokens))
      let cost = Int64(Double(call.reservation.held.cost.count) * min(1, share))
      return sum.saturating(plus: Spend(tokens: tokens, cost: NanoDollars(cost)))
    }
  }

  func isAnyUnderWay(at now: Timestamp) -> Bool { calls.contains { $0.isUnderWay(at: now) } }
}

extension Spend {
  /// More than is ever used; sums stop here, so that a log that lies cannot end the program.
  static let most = Spend(tokens: 1 << 53, cost: NanoDollars(1 << 61))

  /// The sum, at most ``most`` and not below zero.
  func saturating(plus other: Spend) -> Spend {
    let tokens = tokens.addingReportingOverflow(other.tokens)
    let cost = cost.count.addingReportingOverflow(other.cost.count)
    return Spend(
      tokens: tokens.overflow
        ? Self.most.tokens : min(max(0, tokens.partialValue), Self.most.tokens),
      cost: cost.overflow
        ? Self.most.cost : min(max(.zero, NanoDollars(cost.partialValue)), Self.most.cost))
  }
}
