import Backtesting
import Essentials
import Markets
import Storage

/// Gathers what was expected of trades, made or refused, and looks up what came.
///
/// A trade that is left early hides how it would have ended, so what is asked is the market: what a
/// trade kept to its plan, target, stop or horizon, would have come to on the recorded bars. Of each
/// contract a forecast counts only when the horizon of the one before is over, so that no two look at
/// the same bars. Where a bar holds target and stop, the stop counts.
struct ForecastBook: Sendable {
  private struct Forecast {
    let instant: Timestamp
    let contract: ContractID
    let expected: TradeForecast
  }

  /// What came of the trades of a kind of forecast.
  struct Outcomes: Sendable {
    let outcome: ReplayPageContent.Calibration.Outcome
    let chances: [Double]
    let came: [Bool]
  }

  private var forecasts: [Forecast] = []
  private var over: [Timestamp?]

  init(contracts: Int) {
    over = Array(repeating: nil, count: contracts)
  }

  /// Takes a decision in, if something was expected and no other forecast is under way.
  mutating func take(_ decision: ReplayDecision) {
    guard decision.kind == .entered || decision.kind == .refused,
      let expected = decision.forecast
    else { return }
    let place = decision.contract.place
    if let end = over[place], decision.instant < end { return }
    over[place] = decision.instant + expected.horizon
    forecasts.append(
      Forecast(instant: decision.instant, contract: decision.contract, expected: expected))
  }

  /// The chances that were given and what came, until an instant.
  func outcomes(on material: ReplayMaterial, through reached: Timestamp) -> [Outcomes] {
    var profit: ([Double], [Bool]) = ([], [])
    var target: ([Double], [Bool]) = ([], [])
    var stop: ([Double], [Bool]) = ([], [])
    func add(_ chance: Double, _ came: Bool, to pair: inout ([Double], [Bool])) {
      guard (0...1).contains(chance) else { return }
      pair.0.append(chance)
      pair.1.append(came)
    }
    for forecast in forecasts {
      let series = material.markets[forecast.contract.place].series
      guard let end = Ending(forecast.expected, from: forecast.instant, on: series, reached) else {
        continue
      }
      add(forecast.expected.profit, end.result > forecast.expected.cost, to: &profit)
      if forecast.expected.takeProfit.isFinite {
        add(forecast.expected.target, end.touched == .target, to: &target)
      }
      if forecast.expected.stopLoss.isFinite {
        add(forecast.expected.stop, end.touched == .stop, to: &stop)
      }
    }
    return [
      Outcomes(outcome: .profit, chances: profit.0, came: profit.1),
      Outcomes(outcome: .target, chances: target.0, came: target.1),
      Outcomes(outcome: .stop, chances: stop.0, came: stop.1),
    ]
  }

  /// How a trade ends that is kept to its plan.
  private struct Ending {
    enum Touch { case target, stop, none }

    let touched: Touch
    /// The return before costs.
    let result: Double

    /// Nil where the horizon holds no bar or is not over.
    init?(
      _ plan: TradeForecast, from instant: Timestamp, on series: BarSeries, _ reached: Timestamp
    ) {
      let end = instant + plan.horizon
      guard end <= reached, plan.price > 0, plan.horizon >= series.span.length else { return nil }
      let sign = Double(plan.side.sign)
      var place = series.place(notBefore: instant)
      var last: Double?
      while place < series.count, series.openTimes[place] < end.millisecondsSinceEpoch {
        let (near, far) =
          plan.side == .long
          ? (series.low[place], series.high[place]) : (series.high[place], series.low[place])
        if sign * (near / plan.price - 1) <= -plan.stopLoss {
          touched = .stop
          result = -plan.stopLoss
          return
        }
        if sign * (far / plan.price - 1) >= plan.takeProfit {
          touched = .target
          result = plan.takeProfit
          return
        }
        last = series.close[place]
        place += 1
      }
      guard let last else { return nil }
      touched = .none
      result = sign * (last / plan.price - 1)
    }
  }
}
