package import Essentials
package import Markets

extension TimeAxis {
  /// The instant at which a row is complete, before which nothing of it is known: the end of the UTC
  /// day for a trading day, the opening instant of the next bar for a bar.
  package func end(ofRow row: Int) -> Timestamp { stamps[row] + interval }

  /// The length of a row: a day for trading days.
  package var interval: TimeSpan {
    switch spacing {
    case .tradingDay: .days(1)
    case .bar(let seconds): .seconds(Int64(seconds))
    }
  }
}
