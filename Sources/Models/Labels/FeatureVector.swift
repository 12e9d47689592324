package import Essentials
package import Markets

/// What models said of a symbol when a bar closed.
///
/// It bears the instant at which the bar ended and can be made of nothing but a closed bar, so it
/// cannot be stamped later than that, and a ``LabelBuilder`` measures its label from there.
package struct FeatureVector: Hashable, Sendable {
  package let symbol: String
  /// When the bar ended; nothing that happened later may be in ``values``.
  package let time: Timestamp
  /// The span of the bar.
  package let span: BarSpan
  /// The close of the bar, from which the label is measured.
  package let close: Double
  /// One for each feature, NaN where a model does not know; never infinite.
  package let values: [Double]
  /// The state of the market at that instant; nil where nobody told.
  package let regime: RegimeTag?

  /// Stamps values with the end of a bar; nil for a bar that is forming, that no market can have
  /// printed or that lies on no grid of the span. Infinite values become missing ones.
  package init?(
    _ values: [Double], of symbol: String, closing bar: Bar, span: BarSpan,
    regime: RegimeTag? = nil
  ) {
    guard bar.isClosed, bar.defect == nil, span.start(of: bar.openTime) == bar.openTime else {
      return nil
    }
    self.symbol = symbol
    time = span.end(from: bar.openTime)
    self.span = span
    close = bar.close
    self.values = values.map { $0.isFinite ? $0 : .nan }
    self.regime = regime
  }
}
