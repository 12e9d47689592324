import Markets

/// The books of a paper account: money by double entry, and lots by who holds them.
///
/// Each owner is an instance, or the pool of what no instance has. It has these accounts, in
/// millionths of the currency, what is owned or spent above zero and where it came from below:
///
/// - `cash`: money.
/// - `holding(symbol)`: what the lots held cost when they were opened; below zero for short ones.
/// - `fees`: fees paid.
/// - `capital`: minus what was put in.
/// - `realized`: minus the profit of what was closed, before fees.
///
/// 1. Every event changes accounts by amounts that add up to zero, so all accounts always do.
/// 2. The lots of all owners in a symbol add up to the venue's position, which is counted apart.
/// 3. A holding without lots costs nothing.
/// 4. An event that would make any amount too large to count changes nothing at all.
///
/// A trade against a position closes first. What was closed takes its share of the cost with it,
/// rounded to the millionth, and the last lot takes the rest.
struct PaperLedger: Hashable {
  enum Account: Hashable, Comparable {
    case capital
    case cash
    case fees
    case realized
    case holding(String)
  }

  /// What an owner has.
  struct Books: Hashable {
    var balances: [Account: Money] = [:]
    /// Lots by symbol, none that are zero.
    var lots: [String: Quantity] = [:]
  }

  /// The owner of what no instance has; no instance is named so.
  static let pool = ""

  private(set) var books: [String: Books]
  /// The venue's lots by symbol, none that are zero.
  private(set) var venueLots: [String: Quantity]

  /// The books of an account with so much cash.
  init(balance: Money) {
    books = [Self.pool: Books(balances: [.cash: balance, .capital: -balance])]
    venueLots = [:]
  }

  /// Books as they were recorded; nil where they break one of the invariants.
  init?(books: [String: Books], venueLots: [String: Quantity]) {
    self.books = books
    self.venueLots = venueLots
    let isWhole = books.values.allSatisfy { books in
      books.balances.allSatisfy { account, amount in
        if case .holding(let symbol) = account {
          amount == .zero || books.lots[symbol] != nil
        } else {
          true
        }
      }
    }
    guard isWhole, total == 0, positions.discrepancies.isEmpty else { return nil }
  }

  /// The sum of all accounts of all owners in millionths: zero.
  var total: Int128 {
    books.values.reduce(0) { $0 + $1.balances.values.reduce(0) { $0 + Int128($1.micros) } }
  }

  var positions: PositionBook {
    PositionBook(
      venue: venueLots.map { VenuePosition(symbol: $0.key, quantity: $0.value) },
      parts: books.flatMap { owner, books in
        books.lots.map { InstancePosition(instance: owner, symbol: $0.key, quantity: $0.value) }
      })
  }

  func lots(of symbol: String, heldBy owner: String) -> Quantity {
    books[owner]?.lots[symbol] ?? .zero
  }

  func balance(_ account: Account, of owner: String) -> Money {
    books[owner]?.balances[account] ?? .zero
  }

  /// Moves capital from the pool to an instance; false where an amount would be too large.
  mutating func moveCapital(_ amount: Money, to instance: String) -> Bool {
    post([
      Entry(owner: Self.pool, account: .cash, micros: -Int128(amount.micros)),
      Entry(owner: Self.pool, account: .capital, micros: Int128(amount.micros)),
      Entry(owner: instance, account: .cash, micros: Int128(amount.micros)),
      Entry(owner: instance, account: .capital, micros: -Int128(amount.micros)),
    ])
  }

  /// Books a trade of an instance and its fee; false where an amount would be too large.
  mutating func book(
    _ change: Quantity, of symbol: String, at price: Price, lot: LotSize, fee: Money,
    for instance: String
  ) -> Bool {
    let held = lots(of: symbol, heldBy: instance)
    let holds = Int128(held.lots) + Int128(change.lots)
    let venueHolds = Int128(venueLots[symbol, default: .zero].lots) + Int128(change.lots)
    let most = UInt128(Quantity.largest.lots)
    guard holds.magnitude <= most, venueHolds.magnitude <= most,
      let worth = Money(worthOf: change, at: price, lot: lot),
      let closing = closing(change, of: held, costing: balance(.holding(symbol), of: instance)),
      let closedWorth = closing.lots == change
        ? worth : Money(worthOf: closing.lots, at: price, lot: lot)
    else { return false }
    let isPosted = post([
      Entry(owner: instance, account: .cash, micros: -Int128(worth.micros) - Int128(fee.micros)),
      Entry(owner: instance, account: .fees, micros: Int128(fee.micros)),
      Entry(
        owner: instance, account: .holding(symbol),
        micros: Int128(worth.micros) - Int128(closedWorth.micros) - Int128(closing.cost.micros)),
      Entry(
        owner: instance, account: .realized,
        micros: Int128(closedWorth.micros) + Int128(closing.cost.micros)),
    ])
    guard isPosted else { return false }
    books[instance]?.lots[symbol] = holds == 0 ? nil : Quantity(lots: Int64(holds))
    venueLots[symbol] = venueHolds == 0 ? nil : Quantity(lots: Int64(venueHolds))
    return true
  }

  /// The worth of an owner's books, or of all, at prices by symbol.
  func statement(of owner: String?, at marks: [String: Price], lot: (String) -> LotSize?)
    -> EquityStatement
  {
    var sums: [Account: Int128] = [:]
    var cost: Int128 = 0
    var worth: Int128 = 0
    for books in owner.map({ [self.books[$0] ?? Books()] }) ?? Array(self.books.values) {
      for (account, amount) in books.balances {
        if case .holding = account {
          cost += Int128(amount.micros)
        } else {
          sums[account, default: 0] += Int128(amount.micros)
        }
      }
      for (symbol, lots) in books.lots {
        guard let mark = marks[symbol], let lot = lot(symbol) else { continue }
        let bound = lots < .zero ? -Money.largest : Money.largest
        worth += Int128((Money(worthOf: lots, at: mark, lot: lot) ?? bound).micros)
      }
    }
    func money(_ account: Account, sign: Int128 = 1) -> Money {
      Money(clamping: sign * sums[account, default: 0])
    }
    return EquityStatement(
      capital: money(.capital, sign: -1), cash: money(.cash), positions: Money(clamping: worth),
      realized: money(.realized, sign: -1), unrealized: Money(clamping: worth - cost),
      fees: money(.fees))
  }
}

extension PaperLedger {
  private struct Entry {
    let owner: String
    let account: Account
    let micros: Int128
  }

  /// Changes all accounts or none. Each account stands in the entries once.
  private mutating func post(_ entries: [Entry]) -> Bool {
    precondition(entries.reduce(0) { $0 + $1.micros } == 0, "entries that do not add up to zero")
    let balances = entries.map {
      Money(exactly: Int128(balance($0.account, of: $0.owner).micros) + $0.micros)
    }
    for balance in balances where balance == nil { return false }
    for (entry, balance) in zip(entries, balances) {
      books[entry.owner, default: Books()].balances[entry.account] =
        balance == .zero ? nil : balance
    }
    return true
  }

  /// The part of a change that closes lots held, and the cost that leaves with it.
  private func closing(
    _ change: Quantity, of held: Quantity, costing cost: Money
  ) -> (lots: Quantity, cost: Money)? {
    guard held != .zero, change.side != held.side else { return (.zero, .zero) }
    guard change.magnitude < held.magnitude else { return (-held, cost) }
    let share = roundedQuotient(
      Int128(cost.micros) * Int128(change.magnitude.lots), by: Int128(held.magnitude.lots))
    return Money(exactly: share).map { (change, $0) }
  }
}
