package import Backtesting
package import Essentials

/// The figures of an alpha as a platform or the simulator here states them, each nil where it is not
/// known or not defined.
///
/// Turnover, returns, drawdown and coverage are fractions: a turnover of 0.25 trades a quarter of
/// the book in a day. Drawdown is positive.
package struct SummaryMetrics: Hashable, Sendable, ReadableDocument {
  package var sharpe: Double?
  package var fitness: Double?
  package var turnover: Double?
  package var drawdown: Double?
  package var coverage: Double?
  package var returns: Double?
  package var margin: Double?

  package init(
    sharpe: Double? = nil, fitness: Double? = nil, turnover: Double? = nil,
    drawdown: Double? = nil, coverage: Double? = nil
  ) {
    self.sharpe = sharpe?.ifFinite
    self.fitness = fitness?.ifFinite
    self.turnover = turnover?.ifFinite
    self.drawdown = drawdown?.ifFinite
    self.coverage = coverage?.ifFinite
  }

  /// Takes the figures of a simulation; what is not defined becomes nil.
  package init(_ metrics: AlphaMetrics) {
    self.init(
      sharpe: metrics.sharpe, fitness: metrics.fitness, turnover: metrics.turnover,
      drawdown: metrics.drawdown, coverage: metrics.coverage)
    returns = metrics.returns.ifFinite
    margin = metrics.margin.ifFinite
  }

  package init(reading reader: inout DocumentReader) {
    let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    sharpe = reader.number("sharpe", in: any)
    fitness = reader.number("fitness", in: any)
    turnover = reader.number("turnover", in: any)
    drawdown = reader.number("drawdown", in: any)
    coverage = reader.number("coverage", in: any)
    returns = reader.number("returns", in: any)
    margin = reader.number("margin", in: any)
  }

  /// The object that events and reports show, `null` where a figure is not known.
  package var json: JSONValue {
    [
      "sharpe": .optional(sharpe), "fitness": .optional(fitness), "turnover": .optional(turnover),
      "drawdown": .optional(drawdown), "coverage": .optional(coverage),
      "returns": .optional(returns), "margin": .optional(margin),
    ]
  }
}

extension Double {
  /// The number, nil where it is NaN or infinite.
  var ifFinite: Double? { isFinite ? self : nil }
}
