import Essentials
import Markets
import Mathematics

@testable import Backtesting

/// Markets without memory, and trades in them.
struct TradedNoise {
  var markets: [ContractID: ReplayMarket] = [:]
  var trips: [RoundTrip] = []

  static let begin = Timestamp(millisecondsSinceEpoch: 1_700_000_040_000)
  static let leverage = Leverage(5.0) ?? .one

  /// Random walks of one-minute bars that share half of their variance.
  init(contracts: Int, minutes: Int, seed: UInt64, deviation: Double = 0.001, drift: Double = 0) {
    let shared = Noise.normal(minutes, seed: seed &* 7919, deviation: deviation)
    for contract in 0..<contracts {
      let own = Noise.normal(
        minutes, seed: seed &* 7919 &+ 1 &+ UInt64(contract), deviation: deviation)
      var price = 100.0
      let closes = zip(shared, own).map { common, alone in
        price *= Elementary.exp(drift + (common + alone) * 0.5.squareRoot())
        return price
      }
      markets[ContractID(place: contract)] = ReplayMarket(bars: Self.bars(closes))
    }
  }

  /// Bars of one minute that open where the last one closed.
  static func bars(_ closes: [Double], leavingOut gaps: Set<Int> = []) -> BarSeries {
    var series = BarSeries(.minute, capacity: closes.count)
    for (minute, close) in closes.enumerated() where !gaps.contains(minute) {
      let open = minute > 0 ? closes[minute - 1] : close
      series.append(
        Bar(
          openTime: begin + .minutes(Int64(minute)), open: open, high: max(open, close),
          low: min(open, close), close: close, volume: 1))
    }
    return series
  }

  func close(_ contract: Int, _ minute: Int) -> Double {
    markets[ContractID(place: contract)]?.bars.close[minute] ?? .nan
  }

  /// Opens at the end of a minute's bar and closes some bars later.
  mutating func trade(
    _ contract: Int, _ side: PositionSide, at minute: Int, bars: Int, worth: Double = 1000,
    fee: Double = 0, slippage: Double = 0, end: RoundTrip.End = .order
  ) {
    let entry = close(contract, minute)
    let exit = close(contract, minute + bars)
    let sign = Double(side.sign)
    let gross = worth * (sign * (exit / entry - 1) - slippage * (1 + exit / entry))
    let fees = fee * worth * (1 + exit / entry)
    trips.append(
      RoundTrip(
        contract: ContractID(place: contract), symbol: "C\(contract)", side: side,
        openedAt: Self.begin + .minutes(Int64(minute) + 1),
        closedAt: Self.begin + .minutes(Int64(minute + bars) + 1),
        entryOrder: OrderNumber(UInt64(2 * trips.count)),
        exitOrder: OrderNumber(UInt64(2 * trips.count + 1)), end: end,
        quantity: Quantity(lots: 1), entryPrice: entry, exitPrice: exit, leverage: Self.leverage,
        worth: CoinAmount(worth) ?? .zero, gross: CoinAmount(gross) ?? .zero,
        fees: CoinAmount(fees) ?? .zero, funding: .zero, bestReturn: 0, worstReturn: 0, fills: 2))
  }

  /// The account's worth at the end of each minute, each trade's result booked where it closes.
  func curve(capital: Double = 10_000) -> EquityCurve {
    let minutes = markets[ContractID(place: 0)]?.bars.count ?? 0
    let instants = (0..<minutes).map { Self.begin + .minutes(Int64($0) + 1) }
    var equity = [Double](repeating: 0, count: minutes)
    for trip in trips {
      equity[Int((trip.closedAt - Self.begin).milliseconds / 60_000) - 1] += trip.net.value
    }
    var worth = capital
    return EquityCurve(
      instants: instants,
      equity: equity.map { gain in
        worth += gain
        return worth
      })
  }

  func trust(_ settings: ReplayTrustSettings = ReplayTrustSettings()) -> ReplayTrust {
    ReplayTrust(of: trips, on: markets, equity: curve(), settings: settings)
  }

  /// How far shares of probabilities lie from those of a uniform distribution, in units that exceed
  /// 1.63 once in a hundred (A. Kolmogorov, 1933).
  static func unevenness(_ probabilities: [Double]) -> Double {
    let sorted = probabilities.sorted()
    let count = Double(sorted.count)
    var distance = 0.0
    for (rank, value) in sorted.enumerated() {
      distance = max(distance, value - Double(rank) / count, Double(rank + 1) / count - value)
    }
    return distance * count.squareRoot()
  }
}
