import Essentials
import Foundation
import Mathematics
import TestKit
import Testing

@testable import Markets

private func fill(
  _ side: OrderSide, _ lots: Int64, at price: Double, mode: MarginMode = .cross,
  leverage: Leverage = .one, role: FillRole = .taker
) throws -> PerpetualFill {
  PerpetualFill(
    instant: Timestamp(millisecondsSinceEpoch: 0), side: side, quantity: Quantity(lots: lots),
    price: try #require(Price(price)), role: role, mode: mode, leverage: leverage)
}

extension PerpetualAccount {
  /// What all accounts of the books hold together.
  fileprivate var trialBalance: Int64 { coinAccounts.map { balance(of: $0).atoms }.reduce(0, +) }
}

@Suite("Perpetual account")
struct PerpetualAccountTests {
  private let now = Timestamp(millisecondsSinceEpoch: 0)

  private func account(_ coins: Double, venue: Venue = .binance) throws -> (
    PerpetualAccount, ContractID
  ) {
    var account = PerpetualAccount([try testContract(venue: venue)])
    _ = try account.deposit(try #require(CoinAmount(coins)), at: now)
    return (account, try #require(account.contract("BTCUSDT")))
  }

  @Test("a round trip earns the difference of worths less both fees")
  func roundTrip() throws {
    var (account, id) = try account(10_000)
    _ = try account.fill(fill(.buy, 100, at: 60_000), of: id)
    account.mark(id, at: try #require(Price(61_000.0)))
    #expect(account.equity?.description == "10097")
    #expect(account.position(of: id)?.entryPrice(lot: account.contracts[0].rules.lot) == 60_000)
    _ = try account.fill(fill(.sell, 100, at: 61_000, role: .maker), of: id)
    #expect(account.position(of: id) == nil)
    #expect(account.wallet.description == "10095.78")
    #expect(account.realized(of: id).description == "100")
    #expect(account.fees(of: id).description == "4.22")
  }

  @Test("a fill larger than the position closes it and opens the other side at the fill's price")
  func flip() throws {
    var (account, id) = try account(10_000)
    _ = try account.fill(fill(.buy, 100, at: 60_000), of: id)
    _ = try account.fill(fill(.buy, 100, at: 62_000), of: id)
    _ = try account.fill(fill(.sell, 300, at: 61_500), of: id)
    let position = try #require(account.position(of: id))
    #expect(position.side == .short)
    #expect(position.quantity == Quantity(lots: -100))
    #expect(position.cost.description == "-6150")
    #expect(account.realized(of: id).description == "100")
  }

  @Test("an isolated position sets margin aside, frees its share, and loses no more at liquidation")
  func isolated() throws {
    var (account, id) = try account(1000)
    let ten = try #require(Leverage(10.0))
    let open = try fill(.buy, 100, at: 60_000, mode: .isolated, leverage: ten)
    _ = try account.fill(open, of: id)
    #expect(account.position(of: id)?.margin.description == "600")
    #expect(account.wallet.description == "397")
    _ = try account.addMargin(try #require(CoinAmount(100.0)), to: id, at: now)
    _ = try account.fill(
      fill(.sell, 50, at: 60_000, mode: .isolated, leverage: ten), of: id)
    #expect(account.position(of: id)?.margin.description == "350")
    #expect(account.wallet.description == "645.5")
    let price = try #require(account.liquidationPrice(of: id))
    // (350 + 0 − 3000)/(0.05·(0.004 − 1))
    #expect(agree(price.value, 2650 / (0.05 * 0.996), absolute: 1e-8))
    account.mark(id, at: try #require(Price(price.value + 0.01)))
    #expect(account.dueLiquidations.isEmpty)
    account.mark(id, at: price)
    #expect(account.dueLiquidations == [id])
    let entry = try account.liquidate(id, at: now)
    #expect(entry.postings.map(\.amount.atoms).reduce(0, +) == 0)
    #expect(account.position(of: id) == nil)
    #expect(account.equity?.description == "645.5")
    #expect(account.realized(of: id).description == "-350")
    #expect(account.trialBalance == 0)
  }

  @Test("cross positions are liquidated together and lose the wallet and no more")
  func cross() throws {
    var account = PerpetualAccount([try testContract("A"), try testContract("B")])
    _ = try account.deposit(try #require(CoinAmount(1000.0)), at: now)
    let (first, second) = (
      try #require(account.contract("A")), try #require(account.contract("B"))
    )
    _ = try account.fill(fill(.buy, 100, at: 60_000), of: first)
    _ = try account.fill(fill(.sell, 1000, at: 3000), of: second)
    #expect(account.equity == nil)
    account.mark(first, at: try #require(Price(60_000.0)))
    #expect(account.liquidationPrice(of: first) == nil)
    account.mark(second, at: try #require(Price(3000.0)))
    #expect(account.dueLiquidations.isEmpty)
    #expect(account.available?.description == "\(1000 - 4.5 - 9000)")
    let price = try #require(account.liquidationPrice(of: first))
    account.mark(first, at: price)
    #expect(account.dueLiquidations == [first, second])
    account.mark(first, at: try #require(Price(price.value + 0.01)))
    #expect(account.dueLiquidations.isEmpty)
    account.mark(first, at: try #require(Price(price.value - 1000)))
    _ = try account.liquidate(second, at: now)
    #expect(account.wallet == .zero)
    #expect(account.equity == .zero)
    #expect(account.trialBalance == 0)
    #expect(account.balance(of: .insurance) < .zero)
  }

  @Test(
    "what is known to be safe is never due: the quick answer is that of the margins reckoned anew")
  func quickAnswer() throws {
    var due = 0
    for seed in 0..<30 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var account = PerpetualAccount(try ["A", "B", "C"].map { try testContract($0) })
      _ = try account.deposit(try #require(CoinAmount(600.0)), at: now)
      let mode: MarginMode = seed % 3 == 0 ? .isolated : .cross
      let leverage = try #require(Leverage(20.0))
      var prices = [60_000.0, 3000, 100]
      for place in prices.indices {
        account.mark(ContractID(place: place), at: try #require(Price(prices[place])))
      }
      for step in 0..<120 {
        let place = Int.random(in: 0..<3, using: &generator)
        let id = ContractID(place: place)
        if step % 20 == 0 {
          let lots = Int64(20_000 / prices[place]) * 200
          _ = try? account.fill(
            fill(
              Bool.random(using: &generator) ? .buy : .sell, max(1, lots), at: prices[place],
              mode: mode, leverage: leverage), of: id)
        }
        prices[place] *= 1 + Double.random(in: -0.02...0.02, using: &generator)
        let price = try #require(Price(prices[place]))
        let before = account.mark(of: id)
        var naive = account
        naive.mark(id, at: price)
        let expected = naive.dueLiquidations.contains(id)
        let answers = [account.isDue(id, at: price), account.mark(of: id) == before]
        account.mark(id, at: price)
        if answers != [expected, true] || account.isDue(id, at: price) != expected {
          Issue.record("seed \(seed), step \(step), expected \(expected)")
        }
        if expected {
          due += 1
          _ = try account.liquidate(id, at: now)
          break
        }
      }
    }
    #expect(due > 10)
  }

  @Test("funding is taken from an isolated position's margin at Binance, from the wallet at Bybit")
  func funding() throws {
    let payment = FundingPayment(instant: now, rate: try #require(SignedRate(text: "0.0001")))
    let mark = try #require(Price(60_000.0))
    for (venue, margin, wallet) in [
      (Venue.binance, "599.4", "397"), (.bybit, "600", "396.4"),
    ] {
      var (account, id) = try account(1000, venue: venue)
      _ = try account.fill(
        fill(.buy, 100, at: 60_000, mode: .isolated, leverage: try #require(Leverage(10.0))),
        of: id)
      _ = try account.pay(payment, mark: mark, of: id)
      #expect(account.position(of: id)?.margin.description == margin)
      #expect(account.wallet.description == wallet)
      #expect(account.funding(of: id).description == "-0.6")
    }
  }

  @Test("what is refused changes nothing")
  func refusals() throws {
    var (account, id) = try account(1000)
    _ = try account.fill(fill(.buy, 1, at: 60_000), of: id)
    let accounts = account.coinAccounts
    let before = accounts.map(account.balance)
    let huge = try #require(CoinAmount(4e10))
    let cases: [(inout PerpetualAccount) throws -> CoinEntry] = [
      { try $0.deposit(.zero, at: self.now) },
      { try $0.deposit(.largest, at: self.now) },
      { try $0.withdraw(huge, at: self.now) },
      { try $0.withdraw(-huge, at: self.now) },
      { try $0.fill(fill(.buy, 0, at: 1), of: id) },
      { try $0.fill(fill(.sell, 1_000_000_000_000, at: 9e9), of: id) },
      { try $0.fill(fill(.sell, 600_000_000_000, at: 60_000), of: id) },
      { try $0.fill(fill(.buy, 1, at: 1, mode: .isolated), of: id) },
      { try $0.addMargin(.zero, to: id, at: self.now) },
      { try $0.liquidate(id, at: self.now) },
    ]
    for (number, attempt) in cases.enumerated() {
      let refusal = #expect(throws: EntryRefusal.self, "case \(number)") {
        _ = try attempt(&account)
      }
      #expect(refusal?.explanation.isEmpty == false && refusal?.remedy.isEmpty == false)
      #expect(accounts.map(account.balance) == before, "case \(number)")
    }
  }

  @Test("in random histories every entry and all accounts add up to zero", arguments: 1...6)
  func doubleEntry(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let modes: [MarginMode] = [.cross, .isolated, .cross]
    var account = PerpetualAccount([
      try testContract("A"), try testContract("B", venue: .bybit), try testContract("C"),
    ])
    _ = try account.deposit(try #require(CoinAmount(1e6)), at: now)
    let ids = try ["A", "B", "C"].map { try #require(account.contract($0)) }
    var prices = [60_000, 3000, 0.7]
    // What every contract's fills were worth, signed as the fills, until it is liquidated.
    var worths = [Int64](repeating: 0, count: 3)
    var realizedBefore = [Int64](repeating: 0, count: 3)
    for step in 0..<600 {
      let place = Int.random(in: 0..<3, using: &generator)
      prices[place] *= Double.random(in: 0.95...1.05, using: &generator)
      let price = try #require(Price(prices[place]))
      account.mark(ids[place], at: price)
      var entry: CoinEntry?
      switch Int.random(in: 0..<10, using: &generator) {
      case 0:
        entry = try? account.pay(
          FundingPayment(
            instant: now,
            rate: try #require(
              SignedRate(Double.random(in: -0.02...0.02, using: &generator)))),
          mark: price, of: ids[place])
      case 1:
        entry = try? account.addMargin(
          try #require(CoinAmount(Double.random(in: -100...100, using: &generator))),
          to: ids[place], at: now)
      case 2 where step % 7 == 0:
        if account.position(of: ids[place]) != nil {
          let held = (0..<3).filter {
            $0 == place
              || modes[place] == .cross
                && account.position(of: ids[$0])?.mode == .cross
          }
          entry = try? account.liquidate(ids[place], at: now)
          if entry != nil {
            for other in held {
              worths[other] = 0
              realizedBefore[other] = account.realized(of: ids[other]).atoms
            }
          }
        }
      default:
        let side: OrderSide = Bool.random(using: &generator) ? .buy : .sell
        let lots = Int64.random(in: 1...(place == 2 ? 900_000 : 900), using: &generator)
        entry = try account.fill(
          PerpetualFill(
            instant: now, side: side, quantity: Quantity(lots: lots), price: price,
            role: Bool.random(using: &generator) ? .maker : .taker, mode: modes[place],
            leverage: place == 1 ? try #require(Leverage(7.0)) : .one), of: ids[place])
        let lot = account.contracts[place].rules.lot
        worths[place] += try #require(
          CoinAmount(worthOf: Quantity(lots: side.sign * lots), at: price, lot: lot)
        ).atoms
      }
      #expect(entry?.postings.map(\.amount.atoms).reduce(0, +) ?? 0 == 0, "seed \(seed) \(step)")
      #expect(account.trialBalance == 0, "seed \(seed), step \(step)")
      for (place, id) in ids.enumerated() {
        let cost = account.position(of: id)?.cost.atoms ?? 0
        let profit = account.realized(of: id).atoms - realizedBefore[place]
        #expect(profit == cost - worths[place], "seed \(seed), step \(step)")
      }
    }
    // The equity is what was put in and what every account says came to it.
    if let equity = account.equity {
      var sum = 1_000_000 * 100_000_000 as Int64
      for id in ids {
        sum += account.realized(of: id).atoms + account.funding(of: id).atoms
        sum -= account.fees(of: id).atoms
        if let position = account.position(of: id), let mark = account.mark(of: id) {
          sum += try #require(
            position.unrealized(at: mark, lot: account.contracts[id.place].rules.lot)
          ).atoms
        }
      }
      #expect(equity.atoms == sum - account.balance(of: .insurance).atoms)
    }
  }

  @Test(
    "the profits of recorded trades are met within the rounding of four postings",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recordedTrades() throws {
    #if DEBUG
      let rows = try packedTable("bench/governance_trials_freqtrade/trades.csv.gz", first: 1500)
    #else
      let rows = try packedTable("bench/governance_trials_freqtrade/trades.csv.gz")
    #endif
    for row in rows {
      let taker = try #require(SignedRate(Double(row[9]) ?? .nan))
      let contract = try testContract(lot: "0.000000001", taker: taker.description)
      var account = PerpetualAccount([contract])
      let id = try #require(account.contract("BTCUSDT"))
      let units = try #require(Double(row[8]))
      let quantity = try #require(contract.rules.lot.lots(in: units))
      let isShort = row[13] == "True"
      for (side, rate) in [
        (isShort ? OrderSide.sell : .buy, row[5]), (isShort ? .buy : .sell, row[6]),
      ] {
        let price = try #require(Price(Double(rate) ?? .nan))
        _ = try account.fill(
          PerpetualFill(
            instant: now, side: side, quantity: quantity, price: price, role: .taker), of: id)
      }
      #expect(agree(account.wallet.value, try #require(Double(row[11])), absolute: 2.5e-8))
    }
    #expect(rows.count >= 1500)
  }

  @Test(
    "recorded funding is paid as rate times mark times amount",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recordedFunding() throws {
    var marks: [Substring: Double] = [:]
    for row in try packedTable("bench/crypto_perp_1m_binance/BTCUSDT_mark8h.csv.gz") {
      marks[row[0]] = Double(row[1])
    }
    var (account, id) = try account(10_000)
    _ = try account.fill(fill(.sell, 123, at: 95_000), of: id)
    var expected = 0.0
    var paid = 0
    for row in try packedTable("bench/crypto_perp_1m_binance/BTCUSDT_funding.csv.gz") {
      guard let mark = marks[row[0]], let rate = Double(row[1]) else { continue }
      expected += rate * mark * 0.123
      paid += 1
      _ = try account.pay(
        FundingPayment(
          instant: Timestamp(millisecondsSinceEpoch: try #require(Int64(row[0]))),
          rate: try #require(SignedRate(rate))), mark: try #require(Price(mark)), of: id)
      #expect(agree(account.funding(of: id).value, expected, absolute: Double(paid) * 1e-8))
    }
    #expect(paid > 100)
  }

  // MARK: - Tiers of a liquidation

  /// An account of Bybit's ladder of 2026 (300,000 at 0.33 %, 800,000 at 0.5 %, 2,000,000 at 1 %) that
  /// has bought 20 at 50,000 at a leverage of 50, or sold them.
  private func large(_ side: OrderSide, _ mode: MarginMode) throws -> PerpetualAccount {
    var account = PerpetualAccount([try testContract(venue: .bybit, tiers: .bitcoin(.bybit))])
    let start = Timestamp(millisecondsSinceEpoch: 0)
    _ = try account.deposit(try #require(CoinAmount(text: "20500")), at: start)
    _ = try account.apply(
      PerpetualFill(
        instant: start, side: side, quantity: Quantity(lots: 20_000),
        price: try #require(Price(50_000.0)), role: .taker, mode: mode,
        leverage: try #require(Leverage(50.0))), of: ContractID(place: 0))
    return account
  }

  @Test(
    "a large isolated position is reduced to the tier below, and only if that is not enough to none"
  )
  func isolatedTiers() throws {
    let id = ContractID(place: 0)
    // Deductions are 510 and 4,510. At 49,250 it has 20,000 - 15,000 of margin and needs 1 % of 985,000
    // less 4,510, which is 5,340. 800,000 at that price are 16,243 lots, which keep their share of the
    // margin: 16,243 - 12,182.25 is 4,060.75, and 0.5 % of 799,967.75 less 510 is 3,489.83875.
    var account = try large(.buy, .isolated)
    account.mark(id, at: try #require(Price(49_250.0)))
    #expect(account.dueLiquidations == [id])
    let entry = try #require(
      try account.reduceTier(of: id, at: Timestamp(millisecondsSinceEpoch: 1)))
    #expect(entry.postings.map(\.amount.atoms).reduce(0, +) == 0)
    #expect(account.dueLiquidations == [])
    let position = try #require(account.position(of: id))
    #expect(position.quantity.lots == 16_243)
    #expect(position.margin.description == "16243")
    #expect(position.cost.description == "812150")
    #expect(account.realized(of: id).description == "-3757")
    // The wallet is not touched: deposit less margin less the fee of the entry.
    #expect(account.wallet.description == "0")

    // At 49,030 no tier has its margin: all goes, and nothing beyond the margin.
    var lost = try large(.buy, .isolated)
    lost.mark(id, at: try #require(Price(49_030.0)))
    var steps: [Int64] = []
    while lost.dueLiquidations == [id],
      try lost.reduceTier(of: id, at: Timestamp(millisecondsSinceEpoch: 1)) != nil
    { steps.append(try #require(lost.position(of: id)).quantity.lots) }
    // 800,000 and 300,000 over 49.03 for each lot.
    #expect(steps == [16_316, 6_118])
    #expect(lost.dueLiquidations == [id])
    _ = try lost.liquidate(id, at: Timestamp(millisecondsSinceEpoch: 2))
    #expect(lost.realized(of: id).description == "-20000")
    #expect(lost.balance(of: .margin(id)) == .zero)
    #expect(lost.coinAccounts.map { lost.balance(of: $0).atoms }.reduce(0, +) == 0)
  }

  @Test("a large cross position is reduced at its mark, pays the fee, and mirrors")
  func crossTiers() throws {
    let id = ContractID(place: 0)
    for (side, mark) in [(OrderSide.buy, 49_250.0), (.sell, 50_750.0)] {
      var account = try large(side, .cross)
      account.mark(id, at: try #require(Price(mark)))
      #expect(account.dueLiquidations == [id])
      _ = try account.reduceTier(of: id, at: Timestamp(millisecondsSinceEpoch: 1))
      let kept = Int64(800_000 / (mark / 1000))
      #expect(account.position(of: id)?.quantity.lots == side.sign * kept)
      let closed = Double(20_000 - kept) / 1000
      #expect(abs(account.realized(of: id).value + 750 * closed) < 1e-6)
      // The entry's million and what was closed, each at 0.05 %.
      #expect(abs(account.fees(of: id).value - 0.0005 * (1_000_000 + closed * mark)) < 1e-6)
      #expect(account.dueLiquidations == [])
      #expect(account.coinAccounts.map { account.balance(of: $0).atoms }.reduce(0, +) == 0)
    }
  }

  @Test("the lowest tier is not reduced, nor is a position at a venue that takes all at once")
  func noTiers() throws {
    let id = ContractID(place: 0)
    var account = try large(.buy, .isolated)
    account.mark(id, at: try #require(Price(15_000.0)))
    #expect(try account.reduceTier(of: id, at: Timestamp(millisecondsSinceEpoch: 1)) == nil)
    #expect(account.position(of: id)?.quantity.lots == 20_000)
    var other = PerpetualAccount([try testContract(venue: .binance)])
    #expect(try other.reduceTier(of: id, at: Timestamp(millisecondsSinceEpoch: 1)) == nil)
    _ = try other.deposit(try #require(CoinAmount(100.0)), at: Timestamp(millisecondsSinceEpoch: 0))
    #expect(other.coinAccounts.map { other.balance(of: $0).atoms }.reduce(0, +) == 0)
  }
}
