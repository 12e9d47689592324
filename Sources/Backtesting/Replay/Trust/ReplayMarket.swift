package import Essentials
package import Markets

/// What a contract's market did over a replay, as far as the questions of trust ask for it.
package struct ReplayMarket: Sendable {
  /// The bars that were replayed.
  package let bars: BarSeries
  /// The payments between long and short in the order of time; empty where none is known.
  package let funding: [FundingPayment]

  /// Joins the bars and the payments of one contract.
  package init(bars: BarSeries, funding: [FundingPayment] = []) {
    self.bars = bars
    self.funding = funding
  }
}

/// What an account was worth at successive instants.
package struct EquityCurve: Hashable, Sendable {
  /// Strictly rising.
  package let instants: [Timestamp]
  /// In the coin that the account settles in, open positions at their marks.
  package let equity: [Double]

  /// Joins two columns of the same length.
  package init(instants: [Timestamp], equity: [Double]) {
    precondition(instants.count == equity.count, "equity without instants")
    self.instants = instants
    self.equity = equity
  }

  /// The places of the last points of successive calendar periods (UTC) of a length, behind the
  /// first point. A period without a point has none, so the next return spans it too.
  func places(every length: TimeSpan) -> [Int] {
    guard !instants.isEmpty else { return [] }
    var places = [0]
    for place in instants.indices.dropFirst() {
      if place + 1 < instants.count,
        Self.period(of: instants[place], length) == Self.period(of: instants[place + 1], length)
      {
        continue
      }
      places.append(place)
    }
    return places
  }

  /// The returns between places; they end with the one that takes the last of the equity.
  func returns(between places: [Int]) -> [Double] {
    var returns: [Double] = []
    for (before, place) in zip(places, places.dropFirst()) {
      guard equity[before] > 0 else { break }
      returns.append(equity[place] / equity[before] - 1)
    }
    return returns
  }

  /// A point at the very end of a period belongs to it, not to the next.
  private static func period(of instant: Timestamp, _ length: TimeSpan) -> Int64 {
    let time = instant.millisecondsSinceEpoch - 1
    let whole = time / length.milliseconds
    return time < 0 && time % length.milliseconds != 0 ? whole - 1 : whole
  }
}
