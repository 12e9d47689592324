import Essentials
import Markets
import Mathematics
import Models
import Tactics
import TestKit
import Testing

@Suite("A desk that trades a portfolio")
struct PortfolioDeskTests {
  /// A session in which one contract is believed to drift.
  private func session(
    drift: @escaping @Sendable (Timestamp) -> Double, text: String = "{}",
    settings: MatchSettings = MatchSettings()
  ) throws -> PortfolioSession<ReadingTrader> {
    let contracts = [HandMade.contract("X")]
    let trader = ReadingTrader(contracts, try HandMade.configuration(text)) { _, now, price in
      HandMade.reading("X", at: now, price: price, drift: drift(now))
    }
    return PortfolioSession(
      trader, account: try HandMade.account(contracts), settings: settings)
  }

  @Test("a strong drift is entered with a stop from the first fill, held, and left when it ends")
  func wholeTrade() throws {
    var session = try session { $0 < .seconds(2400) ? 60 : 0 }
    let bars = HandMade.bars(seed: 3, count: 90, drift: 60)
    var wasProtected = true
    session.play([bars]) { session, _ in
      let id = ContractID(place: 0)
      if session.account.position(of: id) != nil {
        let stop = session.trader.desk.desks[0].orders.first { $0.role == .stop }
        let state = stop.flatMap { session.matchers[0].state(of: $0.number) }
        wasProtected = wasProtected && state == .asleep
      }
    }
    #expect(session.trader.records.contains { $0.kind == .entered && $0.side == .long })
    #expect(session.trader.records.contains { $0.kind == .closed })
    #expect(wasProtected)
    #expect(session.account.position(of: ContractID(place: 0)) == nil)
  }
}
