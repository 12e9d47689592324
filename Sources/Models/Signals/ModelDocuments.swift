package import Essentials

/// What was fitted for models that run, document by document, each known by its content.
///
/// A text is read as a whole: one with a defect is refused and the document before it stays. A text
/// with the content of the one before is not even parsed.
package struct ModelDocuments: Hashable, Sendable {
  /// What a document is about.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case garch, hmm, hawkes, direction, causal, mlofi, drift

    /// The name of its file, where nobody says another.
    package var fileName: String {
      switch self {
      case .garch: "garch_params.json"
      case .hmm: "hmm_params.json"
      case .hawkes: "hawkes_params.json"
      case .direction: "mu_direction_model.json"
      case .causal: "causal_weights.json"
      case .mlofi: "mlofi_weights.json"
      case .drift: "mu_alpha_model.json"
      }
    }
  }

  package private(set) var garch: GARCHDocument?
  package private(set) var hmm: FittedModels<HiddenMarkovParameters>?
  package private(set) var hawkes: FittedModels<HawkesParameters>?
  /// Its trees are in place where they were asked for and given.
  package private(set) var direction: DirectionDocument?
  package private(set) var causal: CausalWeights?
  package private(set) var mlofi: OrderFlowWeightsDocument?
  package private(set) var drift: LearnedDriftDocument?
  private var fingerprints = [Fingerprint?](repeating: nil, count: Kind.allCases.count)

  package init() {}

  /// The fingerprint of the text that a document was read from; nil where there is none.
  package func fingerprint(of kind: Kind) -> Fingerprint? {
    Kind.allCases.firstIndex(of: kind).flatMap { fingerprints[$0] }
  }

  /// Through when a document was fitted; nil where there is none or it does not say.
  package func fittedThrough(of kind: Kind) -> Timestamp? {
    switch kind {
    case .garch: garch?.fittedThrough
    case .hmm: hmm?.fittedThrough
    case .hawkes: hawkes?.fittedThrough
    case .direction: direction?.fittedThrough
    case .causal: causal?.fittedThrough
    case .mlofi: mlofi?.fittedThrough
    case .drift: drift?.fittedThrough
    }
  }

  /// Reads a text and says whether its content is new; throws everything that is wrong with it, and
  /// nothing changes then.
  ///
  /// - Parameters:
  ///   - document: what a failure calls it, such as its path.
  ///   - trees: the text of the trees that a direction document asks for, if it was found.
  @discardableResult
  package mutating func read(
    _ text: String, as kind: Kind, document: String, trees: String? = nil
  ) throws(DocumentFailure) -> Bool {
    var digest = FingerprintDigest()
    digest.absorb(text)
    if kind == .direction, let trees { digest.absorb("\n" + trees) }
    let fingerprint = digest.finish()
    let place = Kind.allCases.firstIndex(of: kind) ?? 0
    guard fingerprints[place] != fingerprint else { return false }
    switch kind {
    case .garch: garch = try GARCHDocument(text: text, document: document)
    case .hmm: hmm = try FittedModels(text: text, document: document)
    case .hawkes: hawkes = try FittedModels(text: text, document: document)
    case .direction:
      var read = try DirectionDocument(text: text, document: document)
      if read.wantsTrees, read.model.trees == nil, let trees {
        read.model.trees = DirectionTrees(
          try BoostedTrees(text: trees, document: read.treesPath ?? document))
      }
      direction = read
    case .causal: causal = try CausalWeights(text: text, document: document)
    case .mlofi: mlofi = try OrderFlowWeightsDocument(text: text, document: document)
    case .drift: drift = try LearnedDriftDocument(text: text, document: document)
    }
    fingerprints[place] = fingerprint
    return true
  }
}
