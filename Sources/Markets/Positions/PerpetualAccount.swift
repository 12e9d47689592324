package import Essentials

/// The books of an account that trades perpetual contracts, one position for each.
///
/// 1. Every event makes one entry whose postings add up to zero, so all accounts always do.
/// 2. An event that is refused changes nothing.
/// 3. The profit of a position that was opened and closed is what its closing fills were worth minus
///    what its opening fills were worth, to the hundred-millionth, however it was divided.
/// 4. An isolated position loses at a liquidation its margin and no more; the cross positions
///    together lose the wallet and no more.
///
/// Entering an event costs a few dozen integer operations; marking a price one store.
package struct PerpetualAccount: Sendable {
  package let contracts: [PerpetualContract]
  /// Coins that are set aside for nothing; below zero only until a due liquidation is entered.
  package private(set) var wallet = CoinAmount.zero
  private var deposits = CoinAmount.zero
  private var insurance = CoinAmount.zero
  private var books: [ContractBooks]
  /// Hundred-millionths that the cross positions have at least above their maintenance margin, or
  /// nothing above zero where that is not known.
  private var crossSlack = -1.0

  private struct ContractBooks: Sendable {
    var position: PerpetualPosition?
    var mark: Price?
    var realized = CoinAmount.zero
    var fees = CoinAmount.zero
    var funding = CoinAmount.zero
    var reserved = CoinAmount.zero
    /// As the cross positions', of an isolated one.
    var slack = -1.0
  }

  /// An account without money that may trade the contracts.
  package init(_ contracts: [PerpetualContract]) {
    self.contracts = contracts
    books = Array(repeating: ContractBooks(), count: contracts.count)
  }

  /// The contract of a symbol; nil where the account may not trade it.
  package func contract(_ symbol: String) -> ContractID? {
    contracts.firstIndex { $0.symbol == symbol }.map(ContractID.init)
  }

  /// What is held of a contract; nil where nothing is.
  package func position(of id: ContractID) -> PerpetualPosition? { books[id.place].position }

  /// The mark price that was given last.
  package func mark(of id: ContractID) -> Price? { books[id.place].mark }

  /// The profit of what was closed of a contract, before fees and funding.
  package func realized(of id: ContractID) -> CoinAmount { books[id.place].realized }

  /// Fees paid for a contract.
  package func fees(of id: ContractID) -> CoinAmount { books[id.place].fees }

  /// Funding received for a contract minus funding paid.
  package func funding(of id: ContractID) -> CoinAmount { books[id.place].funding }

  /// What the open orders of a contract hold back of ``available``; no posting, as nothing is paid.
  package func reserved(of id: ContractID) -> CoinAmount { books[id.place].reserved }

  /// Holds back an amount for the open orders of a contract, in place of what was held back before.
  package mutating func reserve(_ amount: CoinAmount, for id: ContractID) {
    books[id.place].reserved = amount
  }

  /// Takes in a mark price.
  package mutating func mark(_ id: ContractID, at price: Price) {
    if let position = books[id.place].position {
      let loss = mostLoss(of: position, id, at: price)
      if position.mode == .cross {
        crossSlack -= loss
      } else {
        books[id.place].slack -= loss
      }
    }
    books[id.place].mark = price
  }

  /// The balance of an account of the books.
  package func balance(of account: CoinAccount) -> CoinAmount {
    switch account {
    case .deposits: -deposits
    case .wallet: wallet
    case .margin(let id): books[id.place].position?.margin ?? .zero
    case .realized(let id): -books[id.place].realized
    case .fees(let id): books[id.place].fees
    case .funding(let id): -books[id.place].funding
    case .insurance: insurance
    }
  }

  /// Every account of the books, in a fixed order.
  package var coinAccounts: [CoinAccount] {
    contracts.indices.map(ContractID.init).reduce(into: [.deposits, .wallet, .insurance]) {
      $0 += [.margin($1), .realized($1), .fees($1), .funding($1)]
    }
  }
}

// MARK: - Events

extension PerpetualAccount {
  /// Enters coins that were put in.
  package mutating func deposit(
    _ amount: CoinAmount, at instant: Timestamp
  ) throws(EntryRefusal) -> CoinEntry {
    guard amount > .zero else { throw .amountNotAboveZero(amount) }
    guard wallet + amount < .largest, deposits + amount < .largest else {
      throw .amountTooLarge(symbol: "the wallet")
    }
    return enter(
      CoinEntry(
        at: instant, .deposit,
        [
          CoinPosting(account: .wallet, amount: amount),
          CoinPosting(account: .deposits, amount: -amount),
        ]))
  }

  /// Enters coins that were taken out of the wallet.
  package mutating func withdraw(
    _ amount: CoinAmount, at instant: Timestamp
  ) throws(EntryRefusal) -> CoinEntry {
    guard amount > .zero else { throw .amountNotAboveZero(amount) }
    guard amount <= wallet else { throw .exceedsWallet(wanted: amount, wallet: wallet) }
    return enter(
      CoinEntry(
        at: instant, .withdrawal,
        [
          CoinPosting(account: .wallet, amount: -amount),
          CoinPosting(account: .deposits, amount: amount),
        ]))
  }

  /// Enters a fill as ``apply(_:of:)`` does and returns the entry.
  package mutating func fill(
    _ fill: PerpetualFill, of id: ContractID
  ) throws(EntryRefusal) -> CoinEntry {
    let outcome = try apply(fill, of: id)
    return CoinEntry(
      at: fill.instant, .fill(id),
      [
        CoinPosting(account: .realized(id), amount: -outcome.profit),
        CoinPosting(account: .fees(id), amount: outcome.fee),
        CoinPosting(account: .margin(id), amount: outcome.margin),
        CoinPosting(account: .wallet, amount: outcome.profit - outcome.fee - outcome.margin),
      ])
  }

  /// Enters a fill without writing down its entry, which allocates nothing: it closes what is held
  /// against it first and opens the rest.
  ///
  /// The books record what the venue did; whether the account can afford an order is asked before, with
  /// ``available`` and ``initialMargin(of:leverage:)``. An isolated position sets aside the worth that
  /// it opens over its leverage, rounded up, and gives back a share of its margin with what it closes.
  package mutating func apply(
    _ fill: PerpetualFill, of id: ContractID
  ) throws(EntryRefusal) -> FillOutcome {
    guard fill.quantity > .zero else { throw .noQuantity(symbol: contracts[id.place].symbol) }
    let change = Quantity(lots: fill.side.sign * fill.quantity.lots)
    let held = books[id.place].position
    if let held, held.mode != fill.mode || held.leverage != fill.leverage {
      throw .marginModeDiffers(symbol: contracts[id.place].symbol)
    }
    let closedLots =
      held.map { held in
        (held.quantity > .zero) == (change > .zero)
          ? 0 : min(held.quantity.magnitude.lots, change.magnitude.lots)
      } ?? 0
    // Signed as the position that is closed, and as the fill that opens.
    let closed = Quantity(lots: -fill.side.sign * closedLots)
    let opened = change + closed
    guard let worth = contracts[id.place].worth(of: change, at: fill.price),
      let closedWorth = contracts[id.place].worth(of: closed, at: fill.price),
      let fee = contracts[id.place].fees.fee(on: worth, as: fill.role),
      change.magnitude < .largest, (held?.quantity ?? .zero) + change < .largest,
      -((held?.quantity ?? .zero) + change) < .largest
    else { throw .amountTooLarge(symbol: contracts[id.place].symbol) }
    let openedWorth = worth + closedWorth

    var profit = CoinAmount.zero
    var released = CoinAmount.zero
    var rest = held
    if let held, closed != .zero {
      let cost = held.cost(of: closed)
      profit = closedWorth - cost
      released = held.margin(of: closed)
      rest?.quantity = held.quantity - closed
      rest?.cost = held.cost - cost
      rest?.margin = held.margin - released
      if rest?.quantity == .zero { rest = nil }
    }
    var setAside = CoinAmount.zero
    if opened != .zero {
      if fill.mode == .isolated {
        setAside = Self.margin(worth: openedWorth.magnitude, leverage: fill.leverage)
      }
      var position =
        rest
        ?? PerpetualPosition(
          quantity: .zero, cost: .zero, mode: fill.mode, leverage: fill.leverage)
      position.quantity = position.quantity + opened
      position.cost = position.cost + openedWorth
      position.margin = position.margin + setAside
      rest = position
    }
    guard isCounted(rest, profit: profit, fee: fee, of: id) else {
      throw .amountTooLarge(symbol: contracts[id.place].symbol)
    }
    let outcome = FillOutcome(profit: profit, fee: fee, margin: setAside - released)
    forgetSlack(id.place)
    books[id.place].position = rest
    books[id.place].realized = books[id.place].realized + profit
    books[id.place].fees = books[id.place].fees + fee
    wallet = wallet + profit - fee - outcome.margin
    return outcome
  }

  /// Enters a payment of funding as ``settle(_:mark:of:)`` does and returns the entry.
  package mutating func pay(
    _ payment: FundingPayment, mark: Price, of id: ContractID
  ) throws(EntryRefusal) -> CoinEntry {
    let isFromMargin = takesFundingFromMargin(id)
    let received = try settle(payment, mark: mark, of: id)
    return CoinEntry(
      at: payment.instant, .funding(id),
      [
        CoinPosting(account: .funding(id), amount: -received),
        CoinPosting(account: isFromMargin ? .margin(id) : .wallet, amount: received),
      ])
  }

  /// Enters a payment of funding for the position that is held of a contract at its instant, without
  /// writing down its entry, and returns what was received, below zero where it was paid.
  ///
  /// Binance takes it from the margin of an isolated position, Bybit from the wallet.
  @discardableResult
  package mutating func settle(
    _ payment: FundingPayment, mark: Price, of id: ContractID
  ) throws(EntryRefusal) -> CoinAmount {
    guard let position = books[id.place].position else {
      throw .noPosition(symbol: contracts[id.place].symbol)
    }
    guard
      let received = payment.received(
        by: position.quantity, mark: mark, lot: contracts[id.place].rules.lot),
      isCounted(position, profit: received, fee: .zero, of: id)
    else { throw .amountTooLarge(symbol: contracts[id.place].symbol) }
    forgetSlack(id.place)
    if takesFundingFromMargin(id) {
      books[id.place].position?.margin = position.margin + received
    } else {
      wallet = wallet + received
    }
    books[id.place].funding = books[id.place].funding + received
    return received
  }

  private func takesFundingFromMargin(_ id: ContractID) -> Bool {
    books[id.place].position?.mode == .isolated && contracts[id.place].venue == .binance
  }

  /// Moves coins from the wallet to the margin of an isolated position, or back where below zero.
  package mutating func addMargin(
    _ amount: CoinAmount, to id: ContractID, at instant: Timestamp
  ) throws(EntryRefusal) -> CoinEntry {
    guard let position = books[id.place].position, position.mode == .isolated else {
      throw .noIsolatedPosition(symbol: contracts[id.place].symbol)
    }
    guard amount <= wallet else { throw .exceedsWallet(wanted: amount, wallet: wallet) }
    guard position.margin + amount > .zero else {
      throw .amountNotAboveZero(position.margin + amount)
    }
    return enter(
      CoinEntry(
        at: instant, .marginTransfer(id),
        [
          CoinPosting(account: .margin(id), amount: amount),
          CoinPosting(account: .wallet, amount: -amount),
        ]))
  }

  /// Enters another leverage of the position that is held of a contract.
  ///
  /// A cross position only claims another part of what is available. An isolated one sets aside what
  /// its cost asks for at the new leverage beyond what it asked for at the old one, or gives it back,
  /// unless it would be liquidated then.
  @discardableResult
  package mutating func adopt(
    _ leverage: Leverage, of id: ContractID, at instant: Timestamp
  ) throws(EntryRefusal) -> CoinEntry {
    let symbol = contracts[id.place].symbol
    guard let position = books[id.place].position else { throw .noPosition(symbol: symbol) }
    guard let available, let worth = worth(at: id.place) else { throw .noMark(symbol: symbol) }
    let basis = position.mode == .cross ? worth : position.cost
    let more =
      Self.margin(worth: basis.magnitude, leverage: leverage)
      - Self.margin(worth: basis.magnitude, leverage: position.leverage)
    guard more <= max(.zero, available) else {
      throw .exceedsWallet(wanted: more, wallet: available)
    }
    var postings: [CoinPosting] = []
    if position.mode == .isolated {
      guard position.margin + more > .zero,
        let excess = excess(behind: position, id), more > .zero || excess + more > .zero
      else { throw .marginTooSmall(symbol: symbol) }
      postings = [
        CoinPosting(account: .margin(id), amount: more),
        CoinPosting(account: .wallet, amount: -more),
      ]
    }
    books[id.place].position?.leverage = leverage
    return enter(CoinEntry(at: instant, .marginTransfer(id), postings))
  }

  /// Enters one step of a liquidation as Bybit makes it: a position in a higher tier of maintenance
  /// margin is reduced to the most that the tier below it takes, in the hope that the margin of that
  /// tier is there. Nil, and nothing changes, where it is in the lowest tier, or at another venue.
  ///
  /// The lots of an isolated position go at the price that its margin just pays for, so they lose their
  /// share of the margin. Those of a cross position go at the mark, and pay the fee of one who takes.
  package mutating func reduceTier(
    of id: ContractID, at instant: Timestamp
  ) throws(EntryRefusal) -> CoinEntry? {
    let contract = contracts[id.place]
    guard contract.venue == .bybit, let position = books[id.place].position,
      let mark = books[id.place].mark, let worth = worth(at: id.place)
    else { return nil }
    let tiers = contract.tiers.tiers
    let number = tiers.firstIndex { worth.magnitude <= $0.notionalCap } ?? tiers.count - 1
    guard number > 0 else { return nil }
    let perLot = Int128(mark.nanos) * Int128(contract.rules.lot.nanos)
    // Hundred-millionths of the coin, and a price times a lot in billionths of billionths.
    let kept = Int64(Int128(tiers[number - 1].notionalCap.atoms) * 10_000_000_000 / perLot)
    let held = position.quantity.magnitude.lots
    guard kept > 0, kept < held else { return nil }
    let closed = Quantity(lots: position.quantity.lots.signum() * (held - kept))
    let cost = position.cost(of: closed)
    var rest = position
    rest.quantity = position.quantity - closed
    rest.cost = position.cost - cost
    if position.mode == .isolated {
      let lost = position.margin(of: closed)
      books[id.place].position = rest
      return enter(
        CoinEntry(
          at: instant, .liquidation(id),
          [
            CoinPosting(account: .margin(id), amount: -lost),
            CoinPosting(account: .realized(id), amount: lost),
          ]))
    }
    guard let value = contract.worth(of: closed, at: mark),
      let fee = contract.fees.fee(on: value, as: .taker),
      isCounted(rest, profit: value - cost, fee: fee, of: id)
    else { throw .amountTooLarge(symbol: contract.symbol) }
    books[id.place].position = rest
    return enter(
      CoinEntry(
        at: instant, .liquidation(id),
        [
          CoinPosting(account: .realized(id), amount: cost - value),
          CoinPosting(account: .fees(id), amount: fee),
          CoinPosting(account: .wallet, amount: value - cost - fee),
        ]))
  }

  /// Enters the liquidation of an isolated position, or of all cross positions where one is named.
  ///
  /// The venue takes an isolated position over at the price that its margin just pays for, so what is
  /// lost is the margin. Cross positions are closed at their marks, and insurance takes what is left
  /// of the wallet or pays what it lacks. What ``reduceTier(of:at:)`` does is done before.
  package mutating func liquidate(
    _ id: ContractID, at instant: Timestamp
  ) throws(EntryRefusal) -> CoinEntry {
    guard let position = books[id.place].position else {
      throw .noPosition(symbol: contracts[id.place].symbol)
    }
    guard position.mode == .cross else {
      let postings = [
        CoinPosting(account: .margin(id), amount: -position.margin),
        CoinPosting(account: .realized(id), amount: position.margin),
      ]
      books[id.place].position = nil
      return enterBesidesMargin(CoinEntry(at: instant, .liquidation(id), postings))
    }
    var postings: [CoinPosting] = []
    var left = wallet
    for (place, book) in books.enumerated() {
      guard let held = book.position, held.mode == .cross else { continue }
      guard let mark = book.mark else { throw .noMark(symbol: contracts[place].symbol) }
      guard let profit = held.unrealized(at: mark, lot: contracts[place].rules.lot) else {
        throw .amountTooLarge(symbol: contracts[place].symbol)
      }
      left = left + profit
      postings.append(
        CoinPosting(account: .realized(ContractID(place: place)), amount: -profit))
    }
    postings.append(CoinPosting(account: .insurance, amount: left))
    postings.append(CoinPosting(account: .wallet, amount: -wallet))
    for place in books.indices where books[place].position?.mode == .cross {
      books[place].position = nil
    }
    return enterBesidesMargin(CoinEntry(at: instant, .liquidation(id), postings))
  }
}

// MARK: - What the books say

extension PerpetualAccount {
  /// What the account would be worth if all were closed at the marks, before fees; nil where a held
  /// contract has no mark.
  package var equity: CoinAmount? { worth?.equity }

  /// What stands behind the cross positions: the wallet and their unrealized profits.
  package var crossBalance: CoinAmount? {
    sumOverCross(from: wallet) { unrealized(at: $0) }
  }

  /// The margin that the cross positions must have together.
  package var crossMaintenance: CoinAmount? {
    sumOverCross(from: .zero) { maintenance(at: $0) }
  }

  /// What the wallet has left for another position: its balance and the unrealized profits of the
  /// cross positions, less their initial margins and less what open orders hold back. Nil where a held
  /// contract has no mark.
  package var available: CoinAmount? {
    guard let balance = crossBalance,
      let bound = sumOverCross(
        from: .zero,
        {
          guard let position = books[$0].position, let worth = worth(at: $0) else { return nil }
          return Self.margin(worth: worth.magnitude, leverage: position.leverage)
        })
    else { return nil }
    return balance - bound - reservedMargin
  }

  /// What the open orders of all contracts hold back.
  package var reservedMargin: CoinAmount {
    var sum = CoinAmount.zero
    for book in books { sum = sum + book.reserved }
    return sum
  }

  /// The ``equity``, and what all that is held is worth at the marks, long and short added up without
  /// sign, in one pass; nil where a held contract has no mark.
  package var worth: (equity: CoinAmount, exposure: CoinAmount)? {
    var equity = wallet
    var exposure = CoinAmount.zero
    for place in books.indices {
      guard let position = books[place].position else { continue }
      guard let worth = worth(at: place) else { return nil }
      equity = equity + position.margin + (worth - position.cost)
      exposure = exposure + worth.magnitude
    }
    return (equity, exposure)
  }

  /// What an order of so much worth sets aside at a leverage, rounded up.
  package func initialMargin(of worth: CoinAmount, leverage: Leverage) -> CoinAmount {
    Self.margin(worth: worth.magnitude, leverage: leverage)
  }

  /// The contracts whose positions no longer have the margin that their venue demands, at the marks:
  /// isolated ones each by itself, the cross ones all together.
  package var dueLiquidations: [ContractID] {
    contracts.indices.map(ContractID.init).filter(isDue)
  }

  /// Whether a contract's position no longer has the margin that its venue demands, by itself or with
  /// all other cross positions.
  private func isDue(_ id: ContractID) -> Bool {
    guard let position = books[id.place].position else { return false }
    return excess(behind: position, id).map { $0 <= .zero } ?? false
  }

  /// Whether a contract's position would be due for liquidation if its mark were a price. Allocates
  /// nothing, and most often costs a multiplication: positions are reckoned anew only where the marks
  /// may have moved by as much as was left when they last were.
  package mutating func isDue(_ id: ContractID, at price: Price) -> Bool {
    guard let position = books[id.place].position else { return false }
    let loss = mostLoss(of: position, id, at: price)
    if slack(behind: position, id) > loss { return false }
    let excess = excess(behind: position, id).map { Double($0.atoms) } ?? -1
    if position.mode == .cross { crossSlack = excess } else { books[id.place].slack = excess }
    if excess > loss { return false }
    let mark = books[id.place].mark
    books[id.place].mark = price
    defer { books[id.place].mark = mark }
    return isDue(id)
  }

  private func slack(behind position: PerpetualPosition, _ id: ContractID) -> Double {
    position.mode == .cross ? crossSlack : books[id.place].slack
  }

  /// What stands behind a position above the margin that its venue demands; nil where a mark is
  /// missing.
  private func excess(behind position: PerpetualPosition, _ id: ContractID) -> CoinAmount? {
    if position.mode == .cross {
      guard let balance = crossBalance, let needed = crossMaintenance else { return nil }
      return balance - needed
    }
    guard let profit = unrealized(at: id.place), let needed = maintenance(at: id.place) else {
      return nil
    }
    return position.margin + profit - needed
  }

  /// Hundred-millionths that a position's excess loses at most where its mark goes to a price.
  ///
  /// The profit changes by the change of the worth, the margin demanded by less than that, as rates are
  /// below 1; the rest is for rounding.
  private func mostLoss(
    of position: PerpetualPosition, _ id: ContractID, at price: Price
  ) -> Double {
    guard let mark = books[id.place].mark else { return .infinity }
    let change = Double(abs(price.nanos - mark.nanos)) * 2.000_001e-10
    let units =
      Double(position.quantity.magnitude.lots)
      * Double(contracts[id.place].rules.lot.nanos)
    return change * units + 8
  }

  /// Forgets what is known of the margins, as an entry has changed them.
  private mutating func forgetSlack(_ place: Int) {
    crossSlack = -1
    books[place].slack = -1
  }

  /// The mark price at which a position is liquidated while all other marks stay; nil where there is
  /// no position, no price reaches it, or another cross position has no mark.
  package func liquidationPrice(of id: ContractID) -> Price? {
    guard let position = books[id.place].position else { return nil }
    var balance = position.margin
    if position.mode == .cross {
      balance = wallet
      for place in books.indices
      where place != id.place && books[place].position?.mode == .cross {
        guard let profit = unrealized(at: place), let needed = maintenance(at: place) else {
          return nil
        }
        balance = balance + profit - needed
      }
    }
    return contracts[id.place].tiers.liquidationPrice(
      of: position.quantity, cost: position.cost, balance: balance,
      lot: contracts[id.place].rules.lot)
  }

  private func worth(at place: Int) -> CoinAmount? {
    guard let position = books[place].position, let mark = books[place].mark else { return nil }
    return contracts[place].worth(of: position.quantity, at: mark)
  }

  private func unrealized(at place: Int) -> CoinAmount? {
    guard let position = books[place].position else { return nil }
    return worth(at: place).map { $0 - position.cost }
  }

  private func maintenance(at place: Int) -> CoinAmount? {
    worth(at: place).map(contracts[place].tiers.maintenance)
  }

  private func sumOverCross(
    from start: CoinAmount, _ amount: (Int) -> CoinAmount?
  ) -> CoinAmount? {
    var sum = start
    for place in books.indices where books[place].position?.mode == .cross {
      guard let part = amount(place) else { return nil }
      sum = sum + part
    }
    return sum
  }
}

// MARK: - Entries

extension PerpetualAccount {
  private mutating func enter(_ entry: CoinEntry) -> CoinEntry {
    for posting in entry.postings {
      if case .margin(let id) = posting.account, var position = books[id.place].position {
        position.margin = position.margin + posting.amount
        books[id.place].position = position
      }
    }
    return enterBesidesMargin(entry)
  }

  /// Posts an entry whose margin already stands in the position.
  private mutating func enterBesidesMargin(_ entry: CoinEntry) -> CoinEntry {
    for place in books.indices { forgetSlack(place) }
    for posting in entry.postings {
      switch posting.account {
      case .deposits: deposits = deposits - posting.amount
      case .wallet: wallet = wallet + posting.amount
      case .margin: break
      case .realized(let id): books[id.place].realized = books[id.place].realized - posting.amount
      case .fees(let id): books[id.place].fees = books[id.place].fees + posting.amount
      case .funding(let id): books[id.place].funding = books[id.place].funding - posting.amount
      case .insurance: insurance = insurance + posting.amount
      }
    }
    return entry
  }

  /// Whether all sums stay far from the largest amount, at which they would no longer be exact.
  private func isCounted(
    _ position: PerpetualPosition?, profit: CoinAmount, fee: CoinAmount, of id: ContractID
  ) -> Bool {
    let margin = position?.margin ?? .zero
    let held = books[id.place].position?.margin ?? .zero
    func isSmall(_ amount: CoinAmount) -> Bool { amount.magnitude < .largest }
    return isSmall(position?.cost ?? .zero) && isSmall(margin) && isSmall(profit) && isSmall(fee)
      && isSmall(wallet + profit - fee - margin) && isSmall(wallet + held)
      && isSmall(books[id.place].realized + profit) && isSmall(books[id.place].fees + fee)
      && isSmall(books[id.place].funding + profit)
  }

  static func margin(worth: CoinAmount, leverage: Leverage) -> CoinAmount {
    let (quotient, rest) = (Int128(worth.atoms) * 100)
      .quotientAndRemainder(dividingBy: Int128(leverage.hundredths))
    // A leverage is at least 1, so the quotient is no larger than the worth.
    return CoinAmount(atoms: Int64(quotient + (rest > 0 ? 1 : 0)))
  }
}

extension PerpetualPosition {
  /// The share of the margin that closing so many lots sets free, rounded down; the last lot frees
  /// the rest.
  fileprivate func margin(of closed: Quantity) -> CoinAmount {
    guard closed.magnitude != quantity.magnitude else { return margin }
    return CoinAmount(
      atoms: Int64(
        Int128(margin.atoms) * Int128(closed.magnitude.lots) / Int128(quantity.magnitude.lots)))
  }
}
