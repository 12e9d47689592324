package import Backtesting
package import Essentials
import Tactics

/// Variants of settings beside their base, each with its differences and a verdict.
package struct VariantReport: Sendable {
  /// One variant.
  package struct Row: Sendable {
    package let name: String
    /// The fingerprint of its settings.
    package let settings: Fingerprint
    package let track: ReplayTrack
    /// Nil where the period has too few slices to compare.
    package let pair: PairedReplay?
    package let verdict: PairedVerdict?
  }

  package let terms: ReplayTerms
  package let question: ReplayVariants.Question
  package let base: ReplayTrack
  package let rows: [Row]
  package let settings: PairedReplay.Settings

  /// Compares tracks, the base's first.
  init(_ variants: ReplayVariants, _ tracks: [ReplayTrack], settings: PairedReplay.Settings) {
    var settings = settings
    settings.seed = variants.desk.request.seed
    self.settings = settings
    terms = variants.desk.terms
    question = variants.question
    base = tracks[0]
    let base = tracks[0]
    let pairs = tracks.dropFirst().map { track in
      switch variants.question {
      case .variants: PairedReplay(track, against: base, settings: settings)
      case .base: PairedReplay(base, against: track, settings: settings)
      }
    }
    var verdicts = PairedVerdict.verdicts(of: pairs.compactMap { $0 }, settings: settings)[...]
    var rows: [Row] = []
    for (place, variant) in variants.variants.enumerated() {
      rows.append(
        Row(
          name: variant.name, settings: variant.configuration.fingerprint,
          track: tracks[place + 1], pair: pairs[place],
          verdict: pairs[place] == nil ? nil : verdicts.popFirst()))
    }
    self.rows = rows
  }

  /// The digest of all figures: the same data, settings and seed have the same.
  package var result: Fingerprint { Fingerprint(of: figures.compactText) }

  /// The report as a program reads it.
  package var json: JSONValue {
    guard case .object(let members) = figures else { return figures }
    return .object(members + [JSONValue.Member("result", .string(result.hexadecimal))])
  }

  private var figures: JSONValue {
    [
      "terms": terms.json, "differences_of": .string(question.rawValue),
      "confidence": .number(settings.confidence), "margin": .number(settings.margin),
      "tail_share": .number(settings.tailShare), "resamples": .integer(settings.resamples),
      "slice_ms": .integer(Int(base.length.milliseconds)), "slices": .integer(base.slices.count),
      "base": base.json,
      "variants": .array(
        rows.map { row in
          [
            "name": .string(row.name), "settings": .string(row.settings.hexadecimal),
            "track": row.track.json, "paired": row.pair?.json ?? .null,
            "verdict": row.verdict?.json ?? .null,
          ]
        }),
    ]
  }
}
