package import Essentials
package import Markets

/// Models of one symbol that learn from trades and closed bars and say features.
package protocol FeatureSource: Sendable {
  /// What ``features`` are called, in their order.
  var featureNames: [String] { get }
  /// What is believed now, NaN where nothing is.
  var features: [Double] { get }
  /// The state of the market now.
  var regime: RegimeTag? { get }
  mutating func observe(_ trade: Trade)
  mutating func observe(_ bar: Bar)
}

/// Makes the feature vector of each bar of a symbol, of nothing that came after the bar.
///
/// A bar is known to be closed only by the first trade behind it or by the clock. The models are
/// asked before they see that trade, so a vector holds what was traded until the bar's end and not
/// the beginning of the move that its label will measure.
package struct SampleBuilder<Source: FeatureSource>: Sendable {
  package let symbol: String
  package private(set) var source: Source
  private var bars: BarBuilder

  package init(symbol: String, span: BarSpan, source: Source) {
    self.symbol = symbol
    self.source = source
    bars = BarBuilder(span)
  }

  /// What was wrong with the trades.
  package var counts: BarCounts { bars.counts }

  /// Takes a trade and returns the vector of the bar that it closes, if any. A trade that bars
  /// refuse is not shown to the models either.
  package mutating func observe(_ trade: Trade) -> FeatureVector? {
    let accepted = bars.counts.accepted
    let vector = bars.observe(trade).flatMap { stamp($0) }
    if bars.counts.accepted > accepted { source.observe(trade) }
    return vector
  }

  /// Closes the forming bar if its span is over, and returns its vector.
  package mutating func close(at now: Timestamp) -> FeatureVector? {
    bars.close(at: now).flatMap { stamp($0) }
  }

  private mutating func stamp(_ bar: Bar) -> FeatureVector? {
    source.observe(bar)
    return FeatureVector(
      source.features, of: symbol, closing: bar, span: bars.span, regime: source.regime)
  }
}
