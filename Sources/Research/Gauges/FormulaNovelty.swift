package import AlphaLanguage
import Essentials
package import Storage

/// How much of a formula was not there before.
package struct FormulaNovelty: Hashable, Sendable {
  package let newPairs: Int
  package let pairs: Int
  package let newShingles: Int
  package let shingles: Int

  /// The mean of the two shares, in [0, 1]: 0 for a formula all of whose parts are known, 1 for one
  /// that shares nothing with what is known.
  package var value: Double {
    (Self.share(newPairs, of: pairs) + Self.share(newShingles, of: shingles)) / 2
  }

  private static func share(_ new: Int, of all: Int) -> Double {
    all == 0 ? 0 : Double(new) / Double(all)
  }
}

/// The parts of all formulas that are known, against which novelty is measured.
///
/// Memory: sixteen bytes or so for each distinct part, of which ``partsMax`` are kept; beyond them a
/// formula still is measured, but adds nothing.
package struct KnownFormulaParts: Hashable, Sendable {
  private var pairs: Set<UInt64> = []
  private var shingles: Set<UInt64> = []

  /// Parts of about a million formulas.
  package static let partsMax = 4_000_000

  package init() {}

  /// Whether no further part is kept.
  package var isFull: Bool { pairs.count + shingles.count >= Self.partsMax }

  /// How much of a formula is not known.
  package func novelty(of features: FormulaFeatures) -> FormulaNovelty {
    FormulaNovelty(
      newPairs: features.pairs.count { !pairs.contains($0) }, pairs: features.pairs.count,
      newShingles: features.shingles.count { !shingles.contains($0) },
      shingles: features.shingles.count)
  }

  /// How much of a checked formula is not known; nil where its text cannot be taken apart.
  package func novelty(of formula: CheckedFormula) -> FormulaNovelty? {
    FormulaFeatures(canonicalText: formula.canonicalText).map(novelty(of:))
  }

  /// Adds a formula to what is known.
  package mutating func insert(_ features: FormulaFeatures) {
    guard !isFull else { return }
    pairs.formUnion(features.pairs)
    shingles.formUnion(features.shingles)
  }

  /// Adds a checked formula to what is known, and returns how much of it was not known before.
  package mutating func insert(_ formula: CheckedFormula) -> FormulaNovelty? {
    guard let features = FormulaFeatures(canonicalText: formula.canonicalText) else { return nil }
    let novelty = novelty(of: features)
    insert(features)
    return novelty
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
          insert(features)
        }
      }
    }
  }
}
