package import Essentials
package import Markets
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
    /// The expected return of the next bar as boosted trees see it.
    case drift
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
    /// By what a direction is learned.
    package var learning = DirectionStudy.Learning.logistic
    /// The bars behind a fold that judges in which nothing is learned from; of a direction and a drift
    /// by trees. What else is judged is judged on the last part of the time alone, behind which nothing
    /// comes.
    package var embargoBars = 60
    /// The share of the time that judges.
    package var holdoutShare = 0.2
    /// The length of the intervals that books are cut into.
    package var interval = BarSpan.minute
    /// How many levels of a book have a weight.
    package var levels = 5
    /// Of the models that are asked and of resampling.
    package var seed: UInt64 = 0
    /// Bars that end later, and messages made later, are not learned from; nil for no such bound.
    package var end: Timestamp?

    package init(names: SymbolFileName, lookback: Int, labels: LabelSettings) {
      self.names = names
      self.lookback = lookback
      self.labels = labels
    }
  }

  /// What came of it.
  package enum Outcome: Hashable, Sendable {
    case direction(DirectionStudy)
    case causal(LinearStudy)
    case drift(DriftStudy)
    /// Of the levels of a book, from the best one.
    case levels(LinearStudy)
    /// Nothing, and why.
    case shortfall(StudyShortfall)
    /// No file gave a sample.
    case noSamples
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
  /// Why trees that were asked for took no part; the others went on without them.
  package private(set) var treesLeftOut: TreeFailure?

  /// Learns from files: of bars, or for the levels of a book of recorded feeds in the converted form.
  /// One that cannot be used is a row that says why; the others go on. `progress`
  /// is told how many files are done.
  ///
  /// - Parameter trees: how trees are grown, or why they cannot be; asked only where they are wanted.
  package init(
    _ model: Model, files: [String], _ settings: Settings, at now: Timestamp,
    trees: () throws(TreeFailure) -> TreeGrower = SignalFitting.noTrees, progress: (Int) -> Void
  ) {
    self.model = model
    self.settings = settings
    if model == .mlofi {
      let books = BookSamples(of: files, settings, progress: progress)
      rows = books.rows
      sampleCount = books.samples.count
      outcome = Self.levels(books.samples, settings)
      document = Self.document(
        outcome, sampleCount, settings, through: rows.compactMap(\.end).max(), at: now)
      return
    }
    let samples = SignalSamples(of: files, settings, progress: progress)
    rows = samples.rows
    sampleCount = samples.samples.count
    guard let span = samples.span, !samples.featureNames.isEmpty,
      let splits = Self.splits(settings, span)
    else {
      outcome = .noSamples
      document = nil
      return
    }
    switch model {
    case .direction: (outcome, treesLeftOut) = Self.direction(samples, settings, splits, trees)
    case .drift:
      let seconds = Int(span.length.milliseconds / 1000)
      outcome = Self.drift(samples, settings, splits, barSeconds: seconds, trees)
    case .causal, .mlofi: outcome = Self.causal(samples, settings, splits)
    }
    document = Self.document(
      outcome, sampleCount, settings, through: rows.compactMap(\.end).max(), at: now)
  }

  private static func splits(_ settings: Settings, _ span: BarSpan) -> LabelSplits? {
    LabelSplits(
      embargo: TimeSpan(
        milliseconds: span.length.milliseconds * Int64(max(0, settings.embargoBars))))
  }

  private static func document(
    _ outcome: Outcome, _ samples: Int, _ settings: Settings, through: Timestamp?,
    at now: Timestamp
  ) -> JSONValue? {
    switch outcome {
    case .direction(let study):
      return study.document(rawSamples: samples, trainedAt: now.description)
        .fitted(through: through).json
    case .causal(let study): return study.causalWeights.fitted(through: through).json
    case .drift(let study):
      return study.document(trainedAt: now.description).fitted(through: through).json
    case .levels(let study):
      let weights = (0..<settings.levels).map { level in
        study.names.firstIndex(of: Self.name(ofLevel: level)).map {
          study.regression.coefficients[$0]
        } ?? 0
      }
      return OrderFlowWeightsDocument(weights: weights).fitted(through: through).json
    case .shortfall, .noSamples: return nil
    }
  }

  private static func name(ofLevel level: Int) -> String { "level_\(level + 1)" }

  /// Says that nobody gave something to grow trees with.
  package static func noTrees() throws(TreeFailure) -> TreeGrower {
    throw TreeFailure(
      key: "no_lightgbm", explanation: "Nothing that grows trees is at hand.",
      remedy: "Learn by the logistic regression.")
  }

  private static func direction(
    _ samples: SignalSamples, _ settings: Settings, _ splits: LabelSplits,
    _ trees: () throws(TreeFailure) -> TreeGrower
  ) -> (Outcome, TreeFailure?) {
    let rows = LabelSelection(choice: settings.choice).select(samples.samples)
    func study(
      _ learning: DirectionStudy.Learning, _ grower: TreeGrower?
    ) throws(StudyShortfall) -> DirectionStudy {
      try DirectionStudy(
        rows, featureNames: samples.featureNames,
        settings: DirectionStudy.Settings(
          learning: learning,
          common: StudySettings(
            holdoutShare: settings.holdoutShare, splits: splits, samplesMin: 500),
          rules: DirectionScore.Rules(cost: settings.labels.cost, seed: settings.seed)),
        grower: grower)
    }
    do throws(StudyShortfall) {
      guard settings.learning != .logistic else {
        return (.direction(try study(.logistic, nil)), nil)
      }
      let grower: TreeGrower
      do throws(TreeFailure) {
        grower = try trees()
      } catch {
        throw .noTrees(error)
      }
      return (.direction(try study(settings.learning, grower)), nil)
    } catch {
      guard case .noTrees(let failure) = error, settings.learning == .all else {
        return (.shortfall(error), nil)
      }
      do throws(StudyShortfall) {
        return (.direction(try study(.logistic, nil)), failure)
      } catch {
        return (.shortfall(error), failure)
      }
    }
  }

  private static func causal(
    _ samples: SignalSamples, _ settings: Settings, _ splits: LabelSplits
  ) -> Outcome {
    let rows = LabelSelection(choice: .named(.move)).select(samples.samples).rows
    do throws(StudyShortfall) {
      return .causal(try study(rows, samples.featureNames, settings, splits))
    } catch {
      return .shortfall(error)
    }
  }

  private static func drift(
    _ samples: SignalSamples, _ settings: Settings, _ splits: LabelSplits, barSeconds: Int,
    _ trees: () throws(TreeFailure) -> TreeGrower
  ) -> Outcome {
    let rows = LabelSelection(choice: .named(.move)).select(samples.samples).rows
    let grower: TreeGrower
    do throws(TreeFailure) {
      grower = try trees()
    } catch {
      return .shortfall(.noTrees(error))
    }
    do throws(StudyShortfall) {
      return .drift(
        try DriftStudy(
          rows, featureNames: samples.featureNames,
          settings: DriftStudy.Settings(
            common: StudySettings(
              holdoutShare: settings.holdoutShare, splits: splits, samplesMin: 500),
            barSeconds: barSeconds,
            rules: LinearScore.Rules(cost: settings.labels.cost, seed: settings.seed)),
          grower: grower))
    } catch {
      return .shortfall(error)
    }
  }

  private static func levels(_ rows: [LabeledRow], _ settings: Settings) -> Outcome {
    guard let splits = splits(settings, settings.interval) else { return .noSamples }
    do throws(StudyShortfall) {
      return .levels(
        try study(rows, (0..<settings.levels).map(name(ofLevel:)), settings, splits))
    } catch {
      return .shortfall(error)
    }
  }

  private static func study(
    _ rows: [LabeledRow], _ names: [String], _ settings: Settings, _ splits: LabelSplits
  ) throws(StudyShortfall) -> LinearStudy {
    try LinearStudy(
      rows, featureNames: names,
      settings: LinearStudy.Settings(
        common: StudySettings(
          holdoutShare: settings.holdoutShare, splits: splits, samplesMin: 300),
        rules: LinearScore.Rules(cost: settings.labels.cost, seed: settings.seed)))
  }
}
