package import Essentials
import Markets
import Mathematics
package import Models
import Storage

/// A model of what follows the features of a market, learned from files of many symbols together and
/// judged on the last part of the time, which it did not see.
package struct SignalFitting: Sendable {
  /// What can be learned.
  package enum Model: String, Hashable, Sendable, CaseIterable {
    /// The chance of a rise.
    case direction
    /// The expected return of the next bar as a weighted sum of features.
    case causal
    /// The weights of the levels of a book.
    case mlofi
  }

  /// What is learned and how.
  package struct Settings: Hashable, Sendable {
    package var names: SymbolFileName
    /// The latest bars of each file that models learn from.
    package var lookback: Int
    /// What decides the class of a sample of the direction.
    package var choice = LabelChoice.automatic(allowsHindsight: false)
    /// What a trade costs and which horizons hindsight picks from.
    package var labels: LabelSettings
    /// The bars after the held-out time in which nothing is learned from, and the least distance
    /// between folds.
    package var embargoBars = 60
    /// The share of the time that judges.
    package var holdoutShare = 0.2
    /// Of the models that are asked and of resampling.
    package var seed: UInt64 = 0

    package init(names: SymbolFileName, lookback: Int, labels: LabelSettings) {
      self.names = names
      self.lookback = lookback
      self.labels = labels
    }
  }

  /// What came of it.
  package enum Outcome: Hashable, Sendable {
    case direction(DirectionStudy)
    case linear(LinearStudy)
    /// Nothing, and why in one word of snake_case.
    case shortfall(String)
  }

  package let model: Model
  package let settings: Settings
  /// In the order of the files.
  package let rows: [FitRow]
  /// The samples of all files.
  package let sampleCount: Int
  package let outcome: Outcome
  /// What running models adopt; nil where nothing was learned.
  package let document: JSONValue?

  /// Learns from files. One that cannot be used is a row that says why; the others go on. `progress`
  /// is told how many files are done.
  package init(
    _ model: Model, files: [String], _ settings: Settings, at now: Timestamp,
    progress: (Int) -> Void
  ) {
    self.model = model
    self.settings = settings
    guard model != .mlofi else {
      rows = files.enumerated().map { index, path in
        progress(index + 1)
        let refusal = FitRefusal.needsBooks(path: path)
        return FitRow(
          path: path, symbol: settings.names.symbol(inPath: path),
          .unusable(key: refusal.key, explanation: refusal.explanation))
      }
      sampleCount = 0
      outcome = .shortfall("no_samples")
      document = nil
      return
    }
    let samples = SignalSamples(of: files, settings, progress: progress)
    rows = samples.rows
    sampleCount = samples.samples.count
    guard let span = samples.span, !samples.featureNames.isEmpty,
      let splits = LabelSplits(
        embargo: TimeSpan(
          milliseconds: span.length.milliseconds * Int64(max(0, settings.embargoBars))))
    else {
      outcome = .shortfall("no_samples")
      document = nil
      return
    }
    outcome =
      model == .direction
      ? Self.direction(samples, settings, splits) : Self.linear(samples, settings, splits)
    switch outcome {
    case .direction(let study):
      document = study.document(rawSamples: sampleCount, trainedAt: now.description).json
    case .linear(let study): document = study.causalWeights.json
    case .shortfall: document = nil
    }
  }

  private static func direction(
    _ samples: SignalSamples, _ settings: Settings, _ splits: LabelSplits
  ) -> Outcome {
    let rows = LabelSelection(choice: settings.choice).select(samples.samples)
    do throws(DirectionStudy.Shortfall) {
      return .direction(
        try DirectionStudy(
          rows, featureNames: samples.featureNames,
          settings: DirectionStudy.Settings(
            holdoutShare: settings.holdoutShare, splits: splits,
            rules: DirectionScore.Rules(cost: settings.labels.cost, seed: settings.seed))))
    } catch {
      return .shortfall(error.name)
    }
  }

  private static func linear(
    _ samples: SignalSamples, _ settings: Settings, _ splits: LabelSplits
  ) -> Outcome {
    let rows = LabelSelection(choice: .named(.move)).select(samples.samples).rows
    do throws(LinearStudy.Shortfall) {
      return .linear(
        try LinearStudy(
          rows, featureNames: samples.featureNames,
          settings: LinearStudy.Settings(
            holdoutShare: settings.holdoutShare, splits: splits,
            rules: LinearScore.Rules(cost: settings.labels.cost, seed: settings.seed))))
    } catch {
      return .shortfall(error.name)
    }
  }
}
