package import Essentials
import Markets

/// Features with what the price did after them. Only a ``LabelBuilder`` makes one.
package struct LabeledSample: Hashable, Sendable {
  /// What the best horizon would have brought, chosen when all of them were over.
  package struct Hindsight: Hashable, Sendable {
    /// The log return over the chosen bars, costs not removed.
    package let move: Double
    /// The chosen number of bars.
    package let bars: Int
    /// The number of bars of the longest horizon that was looked at, on which the choice depends.
    package let barsSeen: Int
  }

  /// An exit that somebody made, with the reason given for it.
  package struct ExitNote: Hashable, Sendable {
    package let instant: Timestamp
    package let reason: String
  }

  package let features: FeatureVector
  /// The log return of the next bar, known when that bar closes (`y`).
  package let move: Double
  /// Nil in the last row of a stretch without gaps, where there is nothing to choose from.
  package let hindsight: Hindsight?
  /// The exits of the symbol until the last instant that any label here depends on, by time.
  package let exits: [ExitNote]
  /// What is removed from net labels.
  package let cost: Double

  init(
    features: FeatureVector, move: Double, hindsight: Hindsight?, exits: [ExitNote], cost: Double
  ) {
    self.features = features
    self.move = move
    self.hindsight = hindsight
    self.exits = exits
    self.cost = cost
  }

  /// `y_net`: what is left to whoever called the direction right, with the sign of the move; zero
  /// where costs eat it. Whoever called it wrong loses the move and the costs, see ``CostRule``.
  package var netMove: Double { Self.net(move, of: cost) }
  /// `y_fee_adj`, which the format tells apart from `y_net` though both are the same.
  package var feeAdjustedMove: Double { netMove }
  /// `y_hstar`.
  package var hindsightMove: Double? { hindsight?.move }
  /// `y_hstar_net`.
  package var hindsightNetMove: Double? { hindsight.map { Self.net($0.move, of: cost) } }
  /// `hstar_bars`.
  package var hindsightBars: Int? { hindsight?.bars }

  /// The time that a label depends on; that of hindsight depends on the longest horizon seen. Nil
  /// where the sample has no such label.
  package func interval(of source: LabelSource) -> LabelInterval? {
    guard source.usesHindsight else { return interval(bars: 1) }
    return hindsight.flatMap { interval(bars: $0.barsSeen) }
  }

  private func interval(bars: Int) -> LabelInterval? {
    let length = features.span.length.milliseconds * Int64(bars)
    return LabelInterval(
      from: features.time,
      to: Timestamp(millisecondsSinceEpoch: features.time.millisecondsSinceEpoch + length))
  }

  static func net(_ move: Double, of cost: Double) -> Double {
    let left = max(move.magnitude - cost, 0)
    return move < 0 ? -left : left
  }
}
