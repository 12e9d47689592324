package import Essentials
import Markets

/// Why a document is not adopted by the models of a symbol; what they had before stays.
package enum ModelMismatch: ExplainedFailure, Hashable {
  /// It was fitted on bars of another length, in seconds.
  case otherBars(ModelDocuments.Kind, symbol: String, seconds: Int?, expected: Double)
  /// It has weights for another number of levels.
  case otherLevels(symbol: String, count: Int, expected: Int)

  package var key: String {
    switch self {
    case .otherBars: "other_bars"
    case .otherLevels: "other_levels"
    }
  }

  package var explanation: String {
    switch self {
    case .otherBars(let kind, let symbol, let seconds, let expected):
      "The \(kind.rawValue) parameters were fitted on "
        + (seconds.map { "bars of \($0) s" } ?? "no bars")
        + "; the models of \(symbol) step by \(expected) s."
    case .otherLevels(let symbol, let count, let expected):
      "There are weights for \(count) levels; the models of \(symbol) read \(expected)."
    }
  }

  package var remedy: String {
    switch self {
    case .otherBars: "Fit it on bars of that length."
    case .otherLevels: "Fit it on books with that many levels."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}

extension SymbolModels {
  /// Takes over what was fitted where its content is new, and goes on from the states that the models
  /// have come to: no running variance, probability or rate is reset. Only a hidden chain with
  /// another number of states begins anew.
  ///
  /// A document that says nothing of the symbol changes nothing. Those that do not go with these
  /// models are returned with the reason, and what was there before stays.
  @discardableResult
  package mutating func adopt(_ documents: ModelDocuments) -> [ModelMismatch] {
    var mismatches: [ModelMismatch] = []
    for (place, kind) in ModelDocuments.Kind.allCases.enumerated() {
      let fingerprint = documents.fingerprint(of: kind)
      guard fingerprint != nil, fingerprint != fingerprints[place] else { continue }
      if let mismatch = adopt(kind, of: documents) {
        mismatches.append(mismatch)
      } else {
        fingerprints[place] = fingerprint
      }
    }
    return mismatches
  }

  /// The fingerprint of the document that was adopted last.
  package func fingerprint(of kind: ModelDocuments.Kind) -> Fingerprint? {
    ModelDocuments.Kind.allCases.firstIndex(of: kind).flatMap { fingerprints[$0] }
  }

  private mutating func adopt(
    _ kind: ModelDocuments.Kind, of documents: ModelDocuments
  ) -> ModelMismatch? {
    switch kind {
    case .garch: documents.garch.flatMap { adopt($0) }
    case .hmm: documents.hmm.flatMap { adopt($0) }
    case .hawkes: documents.hawkes.flatMap { adopt($0) }
    case .direction:
      adopt(documents.direction?.model)
    case .causal: adopt(documents.causal)
    case .mlofi: documents.mlofi.flatMap { adopt($0) }
    case .drift: documents.drift.flatMap { adopt($0) }
    }
  }

  private mutating func adopt(_ document: GARCHDocument) -> ModelMismatch? {
    guard steps(by: document.barSeconds) else {
      return .otherBars(
        .garch, symbol: symbol, seconds: document.barSeconds, expected: stepSeconds)
    }
    guard let record = names.lazy.compactMap({ document.record(for: $0) }).first else { return nil }
    if garch == nil {
      garch = GARCH(record.settings)
    } else {
      garch?.adopt(record.parameters)
    }
    isVarianceFitted = true
    return nil
  }

  private mutating func adopt(_ document: FittedModels<HiddenMarkovParameters>) -> ModelMismatch? {
    guard steps(by: document.barSeconds) else {
      return .otherBars(.hmm, symbol: symbol, seconds: document.barSeconds, expected: stepSeconds)
    }
    let fitted = names.lazy.compactMap { name in
      document.symbols.first { $0.symbol == name }
    }.first
    guard let fitted else { return nil }
    states.adopt(fitted.record, learningRate: 0)
    areStatesFitted = true
    stateErrors = states.meanErrors(fittedOn: fitted.count)
    return nil
  }

  private mutating func adopt(_ document: FittedModels<HawkesParameters>) -> ModelMismatch? {
    let source: EventSource = document.source == EventSource.bars.rawValue ? .bars : .trades
    guard source == .trades || steps(by: document.barSeconds) else {
      return .otherBars(
        .hawkes, symbol: symbol, seconds: document.barSeconds, expected: stepSeconds)
    }
    guard let parameters = names.lazy.compactMap({ document.record(for: $0) }).first else {
      return nil
    }
    if hawkes == nil {
      hawkes = HawkesFlow(parameters)
    } else {
      hawkes?.adopt(parameters)
    }
    hawkesSource = source
    return nil
  }

  private mutating func adopt(_ model: DirectionModel?) -> ModelMismatch? {
    guard let model else { return nil }
    direction = model
    directionPlaces = model.featureNames.map { Self.featureNames.firstIndex(of: $0) }
    // What another model called says nothing of this one.
    track = DirectionTrack(settings.track)
    return nil
  }

  /// A drift that has not shown what is asked for is not listened to.
  private mutating func adopt(_ document: LearnedDriftDocument) -> ModelMismatch? {
    guard let drift = document.drift else { return nil }
    guard steps(by: drift.barSeconds) else {
      return .otherBars(
        .drift, symbol: symbol, seconds: drift.barSeconds, expected: stepSeconds)
    }
    learned = document.shows(settings.learnedEvidence) ? drift : nil
    learnedPlaces = drift.featureNames.map { Self.featureNames.firstIndex(of: $0) }
    return nil
  }

  private mutating func adopt(_ weights: CausalWeights?) -> ModelMismatch? {
    if let weights { causal = weights }
    return nil
  }

  private mutating func adopt(_ document: OrderFlowWeightsDocument) -> ModelMismatch? {
    guard document.weights.count == settings.flow.levels else {
      return .otherLevels(
        symbol: symbol, count: document.weights.count, expected: settings.flow.levels)
    }
    if let weights = OrderFlowWeights(learned: document.weights) { flowWeights = weights }
    return nil
  }

  private func steps(by seconds: Int?) -> Bool { seconds.map(Double.init) == stepSeconds }

  /// What documents may call the symbol: as it is called here, or as ``SymbolFileName`` does.
  private var names: [String] {
    [symbol] + (SymbolFileName().symbol(inPath: symbol).map { [$0] } ?? [])
  }
}
