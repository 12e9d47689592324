package import Essentials

/// Something that happened in a market, as a trader is told of it.
package enum MarketEvent: Hashable, Sendable {
  /// A bar that is closed.
  case bar(Bar, span: BarSpan)
  case trade(Trade)
  case mark(ReferencePrice)
  case funding(FundingPayment)

  /// When it is known: a bar at its end.
  package var instant: Timestamp {
    switch self {
    case .bar(let bar, let span): span.end(from: bar.openTime)
    case .trade(let trade): trade.instant
    case .mark(let reference): reference.instant
    case .funding(let payment): payment.instant
    }
  }
}
