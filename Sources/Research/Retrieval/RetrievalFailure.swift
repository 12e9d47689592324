package import Essentials

/// Why no pack can be built.
package enum RetrievalFailure: ExplainedFailure, Hashable {
  /// The catalogue lists nothing of this kind, such as `datasets`.
  case emptyCatalogue(origin: String, kind: String)
  /// Files of metadata are not there.
  case noMetadata(folder: String, files: [String])
  /// A file of metadata holds something else.
  case damagedMetadata(path: String, reason: String)
  /// The catalogue is of another market than the idea.
  case otherMarket(origin: String, catalogue: SimulationTarget, idea: SimulationTarget)

  package var key: String {
    switch self {
    case .emptyCatalogue: "empty_catalogue"
    case .noMetadata: "no_metadata"
    case .damagedMetadata: "damaged_metadata"
    case .otherMarket: "other_market"
    }
  }

  package var explanation: String {
    switch self {
    case .emptyCatalogue(let origin, let kind):
      "The catalogue of \(origin) has no \(kind), so nothing can be retrieved."
    case .noMetadata(let folder, let files):
      "The metadata folder \(folder) has no \(files.joined(separator: " and no "))."
    case .damagedMetadata(let path, let reason):
      "The metadata file \(path) cannot be used: \(reason)."
    case .otherMarket(let origin, let catalogue, let idea):
      """
      The catalogue of \(origin) is of \(Self.text(catalogue)), but the idea is meant for \
      \(Self.text(idea)).
      """
    }
  }

  package var remedy: String {
    switch self {
    case .damagedMetadata: "Run `athanor sync-metadata` again."
    case .emptyCatalogue, .noMetadata:
      "Run `athanor sync-metadata` for the idea's market first, or name a local panel with --panel."
    case .otherMarket: "Change the target of the idea, or synchronize that market."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }

  private static func text(_ target: SimulationTarget) -> String {
    "\(target.instrumentType) \(target.region) \(target.universe) with delay \(target.delay)"
  }
}
