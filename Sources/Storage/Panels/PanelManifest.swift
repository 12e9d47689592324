internal import Essentials
package import Markets

/// Everything about a stored panel except its numbers, as it lies in `manifest.json`.
package struct PanelManifest: Codable, Hashable, Sendable {
  package static let currentFormat = 1

  /// A file of numbers beside the manifest.
  package struct File: Codable, Hashable, Sendable {
    package var name: String
    package var scalar: String
    package var shape: [Int]
    package var bytes: Int
    /// The SHA-256 digest of the whole file.
    package var fingerprint: String
  }

  /// What lies between one row and the next.
  package struct Spacing: Codable, Hashable, Sendable {
    /// Nil for one row per trading day.
    package var barSeconds: Int?
  }

  /// An instrument as the manifest lists it, in the order of columns.
  package struct StoredInstrument: Codable, Hashable, Sendable {
    package var symbol: String
    package var name: String
  }

  /// A field with its description and its files.
  package struct Field: Codable, Hashable, Sendable {
    package var name: String
    package var kind: String
    package var price: Int8
    package var share: Int8
    package var summary: String
    package var leadRows: Int
    /// The classes of a GROUP field in the order of their codes.
    package var labels: [String]?
    /// One file; offsets and values for a VECTOR field.
    package var files: [File]
  }

  /// A named universe with the file of its membership.
  package struct Universe: Codable, Hashable, Sendable {
    package var name: String
    package var summary: String
    package var file: File
  }

  package var format: Int
  package var name: String
  /// The identity of the panel: a digest of its axis, instruments and the fingerprints of its files.
  package var fingerprint: String
  /// The folder beside the manifest that holds the files.
  package var folder: String
  package var rows: Int
  package var columns: Int
  package var first: String
  package var last: String
  package var spacing: Spacing
  package var instruments: [StoredInstrument]
  package var stamps: File
  package var fields: [Field]
  package var universes: [Universe]
  package var provenance: PanelProvenance
}

extension PanelManifest {
  /// Digests what decides a result: not the name, not where the panel came from.
  func contentFingerprint() -> Fingerprint {
    var digest = FingerprintDigest()
    digest.absorb("panel \(format) \(rows) \(columns) \(spacing.barSeconds ?? 0)\n")
    digest.absorb("stamps \(stamps.fingerprint)\n")
    for instrument in instruments { digest.absorb("instrument \(instrument.symbol)\n") }
    for field in fields.sorted(by: { $0.name < $1.name }) {
      digest.absorb(
        "field \(field.name) \(field.kind) \(field.price) \(field.share) \(field.leadRows)\n")
      for label in field.labels ?? [] { digest.absorb("label \(label.utf8.count) \(label)\n") }
      for file in field.files { digest.absorb("file \(file.scalar) \(file.fingerprint)\n") }
    }
    for universe in universes.sorted(by: { $0.name < $1.name }) {
      digest.absorb("universe \(universe.name) \(universe.file.fingerprint)\n")
    }
    return digest.finish()
  }

  /// Every file that the manifest names.
  var files: [File] {
    [stamps] + fields.flatMap(\.files) + universes.map(\.file)
  }

  /// The bytes of all files.
  package var byteCount: Int { files.reduce(0) { $0 + $1.bytes } }

  /// The spacing in the words of a time axis.
  package var timeSpacing: TimeAxis.Spacing {
    spacing.barSeconds.map { .bar(seconds: $0) } ?? .tradingDay
  }
}
