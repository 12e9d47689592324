package import Backtesting
package import Essentials
package import Markets
import Mathematics

/// What an account came to over a replay, and how it got there. What is nil does not exist for the
/// period: it is neither zero nor infinite.
package struct ReplaySummary: Hashable, Sendable {
  /// A fall of the equity below its highest level so far.
  package struct Fall: Hashable, Sendable {
    /// The share of the peak that was lost.
    package let depth: Double
    /// The same in the quote currency.
    package let amount: Double
    /// When the equity was at the peak.
    package let start: Timestamp
    /// When it was lowest.
    package let trough: Timestamp
    /// When it was back at the peak; nil where it never was.
    package let recovery: Timestamp?
  }

  /// How often the equity is looked at for ratios.
  package enum Pace: String, Hashable, Sendable {
    case daily, hourly

    fileprivate var milliseconds: Int64 { self == .daily ? 86_400_000 : 3_600_000 }
    fileprivate var perYear: Double { self == .daily ? 365 : 8760 }
  }

  package let capital: Double
  package let equity: Double
  /// What was earned over the capital.
  package let totalReturn: Double
  /// The growth for a year; nil below 30 days, which say nothing about one.
  package let annualReturn: Double?
  package let pace: Pace
  /// The returns that the ratios rest on.
  package let returns: [Double]
  /// Ratios for a year. Nil where nothing was earned or lost, or below two returns.
  package let sharpe: Double?
  package let sortino: Double?
  /// The annual return over the deepest fall.
  package let calmar: Double?
  package let deepest: Fall?
  /// The share of instants at which something was held.
  package let timeInMarket: Double?
  /// What was held over the equity, without sign: the mean over all instants, and the most.
  package let meanExposure: Double?
  package let mostExposure: Double?
  /// The mean leverage while something was held.
  package let meanLeverage: Double?

  /// Measures a path of equity.
  ///
  /// Ratios rest on days of UTC where there are sixty of them, else on hours. A year has 365 days, as
  /// these markets never close. The first return is that from the capital.
  package init(
    _ points: some RandomAccessCollection<EquityPoint>, capital: CoinAmount, from: Timestamp,
    to: Timestamp
  ) {
    self.capital = capital.value
    equity = points.last?.equity.value ?? capital.value
    totalReturn = equity / capital.value - 1
    let days = (to - from).days
    annualReturn =
      days >= 30 && totalReturn > -1
      ? Elementary.pow(1 + totalReturn, 365 / days) - 1 : nil
    pace = days >= 60 ? .daily : .hourly
    returns = Self.returns(of: points, capital: capital.value, from: from, pace)
    let measures = PerformanceMeasures(of: returns, periodsPerYear: pace.perYear)
    sharpe = measures.sharpe
    sortino = measures.sortino
    let deepest = Self.deepest(of: points, capital: capital.value, from: from)
    self.deepest = deepest
    calmar = annualReturn.flatMap { annual in deepest.map { annual / $0.depth } }
    var held = 0
    var exposure = 0.0
    var most = 0.0
    var leverage = 0.0
    for point in points {
      let share = point.leverage
      guard share > 0, share.isFinite else { continue }
      held += 1
      exposure += share
      leverage += share
      most = max(most, share)
    }
    let count = Double(points.count)
    timeInMarket = points.isEmpty ? nil : Double(held) / count
    meanExposure = points.isEmpty ? nil : exposure / count
    mostExposure = points.isEmpty ? nil : most
    meanLeverage = held == 0 ? nil : leverage / Double(held)
  }

  /// The equity at the end of each period over that of the one before, from the beginning of trading
  /// on. A period without a point has the equity of the one before.
  private static func returns(
    of points: some RandomAccessCollection<EquityPoint>, capital: Double, from: Timestamp,
    _ pace: Pace
  ) -> [Double] {
    guard !points.isEmpty else { return [] }
    var returns: [Double] = []
    var last = capital
    var current = capital
    var period = from.millisecondsSinceEpoch / pace.milliseconds
    for point in points {
      // What is known at the end of a period belongs to it.
      let place = (point.instant.millisecondsSinceEpoch - 1) / pace.milliseconds
      while period < place {
        returns.append(current / last - 1)
        last = current
        period += 1
      }
      current = point.equity.value
    }
    returns.append(current / last - 1)
    return returns
  }

  private static func deepest(
    of points: some RandomAccessCollection<EquityPoint>, capital: Double, from: Timestamp
  ) -> Fall? {
    var peak = (at: from, equity: capital)
    var worst: (start: Timestamp, peak: Double, trough: Timestamp, equity: Double)?
    var recovery: Timestamp?
    for point in points {
      let equity = point.equity.value
      if equity >= peak.equity {
        if let worst, recovery == nil, worst.start == peak.at { recovery = point.instant }
        peak = (point.instant, equity)
        continue
      }
      if equity / peak.equity < (worst.map { $0.equity / $0.peak } ?? 1) {
        worst = (peak.at, peak.equity, point.instant, equity)
        recovery = nil
      }
    }
    return worst.map {
      Fall(
        depth: 1 - $0.equity / $0.peak, amount: $0.peak - $0.equity, start: $0.start,
        trough: $0.trough, recovery: recovery)
    }
  }

  package var json: JSONValue {
    [
      "capital": .number(capital), "equity": .number(equity),
      "total_return": .number(totalReturn), "annual_return": .optional(annualReturn),
      "pace": .string(pace.rawValue), "observations": .integer(returns.count),
      "sharpe": .optional(sharpe), "sortino": .optional(sortino), "calmar": .optional(calmar),
      "max_drawdown": deepest.map { fall in
        [
          "share": .number(fall.depth), "amount": .number(fall.amount),
          "start": .string("\(fall.start)"), "trough": .string("\(fall.trough)"),
          "recovery": fall.recovery.map { .string("\($0)") } ?? .null,
        ]
      } ?? .null,
      "time_in_market": .optional(timeInMarket), "mean_exposure": .optional(meanExposure),
      "most_exposure": .optional(mostExposure), "mean_leverage": .optional(meanLeverage),
    ]
  }
}
