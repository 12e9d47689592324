import Essentials
import Markets
import Models
import Storage

/// What all models said at the close of every bar of many symbols, with what the price did after.
struct SignalSamples {
  /// The features that were known in at least half of the bars, in their order.
  let featureNames: [String]
  let samples: [LabeledSample]
  /// In the order of the files.
  let rows: [FitRow]
  /// The length of the bars; nil where no file could be used.
  let span: BarSpan?

  /// What a model said when a bar closed.
  private struct Saying {
    let symbol: String
    let bar: Bar
    let values: [Double]
    let regime: RegimeTag?
  }

  /// Lets the models of each file's symbol learn from its latest `lookback` bars, one by one, as a
  /// market would tell them, and asks them at every close once they are warm. Labels are measured
  /// from that close on.
  init(of files: [String], _ settings: SignalFitting.Settings, progress: (Int) -> Void) {
    var sayings: [Saying] = []
    var claims = SymbolClaims(settings.names)
    var first: (path: String, span: BarSpan)?
    rows = FitRow.rows(of: files, names: settings.names, progress: progress) { path in
      let symbol = try claims.symbol(of: path)
      let history = try BarHistory(reading: path)
      let span = history.series.span
      if let first, first.span != span {
        throw FitRefusal.otherStep(path: path, step: span.length, expected: first.span.length)
      }
      first = first ?? (path, span)
      claims.take(symbol, for: path)
      let (said, gaps, end) = Self.listen(to: history, symbol, settings)
      sayings += said
      var row = FitRow(path: path, symbol: symbol, .used)
      row.count = said.count
      row.gapCount = gaps
      row.end = end
      row.defects = history.defects
      return row
    }
    span = first?.span
    let names = SymbolModels.featureNames
    let places = names.indices.filter { place in
      2 * sayings.count { $0.values[place].isFinite } >= max(1, sayings.count)
    }
    featureNames = places.map { names[$0] }
    var builder = LabelBuilder(settings.labels)
    for saying in sayings {
      guard let span,
        let vector = FeatureVector(
          places.map { saying.values[$0] }, of: saying.symbol, closing: saying.bar, span: span,
          regime: saying.regime)
      else { continue }
      _ = builder.observe(vector)
    }
    samples = builder.samples
  }

  private static func listen(
    to history: BarHistory, _ symbol: String, _ settings: SignalFitting.Settings
  ) -> (sayings: [Saying], gaps: Int, end: Timestamp?) {
    let series = history.series
    let count =
      settings.end.map { end in
        series.place(notBefore: end - series.span.length + TimeSpan(milliseconds: 1))
      } ?? series.count
    var models = SymbolModels(
      symbol: symbol, settings: SymbolModelSettings(span: series.span, seed: settings.seed))
    var sayings: [Saying] = []
    var gaps = 0
    for place in max(0, count - settings.lookback)..<count {
      let bar = series[place]
      let missing = models.counts.missingBars
      guard models.observe(bar, span: series.span) else { continue }
      if models.counts.missingBars > missing { gaps += 1 }
      guard models.isWarm else { continue }
      sayings.append(
        Saying(symbol: symbol, bar: bar, values: models.features, regime: models.regime))
    }
    let end = count > 0 ? series.span.end(from: series[count - 1].openTime) : nil
    return (sayings, gaps, end)
  }
}
