package import AlphaLanguage
import Essentials
package import Storage

/// The parts of all formulas that are known, against which the novelty of others is measured.
///
/// Memory: sixteen bytes or so for each distinct part, of which ``partsMax`` are kept; beyond them a
/// formula still is measured, but adds nothing.
package struct FormulaNovelty: Hashable, Sendable {
  private var pairs: Set<UInt64> = []
  private var shingles: Set<UInt64> = []

  /// Parts of about a million formulas.
  package static let partsMax = 4_000_000

  /// Knows nothing.
  package init() {}

  /// Whether no further part is kept.
  package var isFull: Bool { pairs.count + shingles.count >= Self.partsMax }

  /// How much of a checked formula is not known, in [0, 1].
  package func measure(_ formula: CheckedFormula) -> Double {
    measure(FormulaFeatures(formula)).value
  }

  /// How much of a formula is not known, by its parts.
  package func measure(_ features: FormulaFeatures) -> NoveltyMeasure {
    NoveltyMeasure(
      newPairs: features.pairs.count { !pairs.contains($0) }, pairs: features.pairs.count,
      newShingles: features.shingles.count { !shingles.contains($0) },
      shingles: features.shingles.count)
  }

  /// Adds a checked formula to what is known.
  package mutating func learn(_ formula: CheckedFormula) { learn(FormulaFeatures(formula)) }

  /// Adds the parts of a formula to what is known.
  package mutating func learn(_ features: FormulaFeatures) {
    guard !isFull else { return }
    pairs.formUnion(features.pairs)
    shingles.formUnion(features.shingles)
  }

  /// What a journal knows: all formulas that were proposed or simulated. Cost: the reading of these
  /// events, which the journal finds by their kinds.
  package init(_ journal: Journal) throws(JournalFailure) {
    for kind in [ResearchEventKind.alphaGenerated, .simulationCompleted] {
      var cursor = try JournalCursor(journal, filter: JournalFilter(kind: kind.rawValue))
      while let events = try cursor.next() {
        for event in events {
          guard case .string(let text)? = event.payload?["formula"]?["canonical"],
            let features = FormulaFeatures(canonicalText: text)
          else { continue }
          learn(features)
        }
      }
    }
  }
}
