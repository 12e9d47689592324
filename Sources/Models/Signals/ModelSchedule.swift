package import Essentials

/// Which fitted parameters models go by, and from when on: those of the beginning, and others that are
/// adopted once the market's time has come, as a running desk reloads what was fitted anew.
package struct ModelSchedule: Hashable, Sendable {
  /// Parameters that are adopted at an instant.
  package struct Later: Hashable, Sendable {
    package let from: Timestamp
    package let documents: ModelDocuments
  }

  /// What models begin with; what it lacks is learned on the way.
  package var first: ModelDocuments
  /// In the order of time.
  package private(set) var later: [Later] = []

  /// A schedule of one set of parameters, or of none.
  package init(_ first: ModelDocuments = ModelDocuments()) { self.first = first }

  /// Has documents adopted from an instant on; of two for one instant the last counts.
  package mutating func add(_ documents: ModelDocuments, from instant: Timestamp) {
    later.removeAll { $0.from == instant }
    later.append(Later(from: instant, documents: documents))
    later.sort { $0.from < $1.from }
  }

  /// A document that is adopted.
  package struct Entry: Hashable, Sendable {
    package let kind: ModelDocuments.Kind
    package let fingerprint: Fingerprint
    /// Nil for the beginning.
    package let from: Timestamp?
    /// Through when it was fitted; nil where it does not say.
    package let fittedThrough: Timestamp?

    package var json: JSONValue {
      [
        "model": .string(kind.rawValue), "fingerprint": .string(fingerprint.hexadecimal),
        "from": from.map { .string("\($0)") } ?? .null,
        "fitted_through": fittedThrough.map { .string("\($0)") } ?? .null,
      ]
    }
  }

  /// All documents in the order of their adoption; one whose content is that of the one before it is
  /// adopted once.
  package var entries: [Entry] {
    var entries: [Entry] = []
    let sets = [(nil, first)] + later.map { (Optional($0.from), $0.documents) }
    for (from, documents) in sets {
      for kind in ModelDocuments.Kind.allCases {
        guard let fingerprint = documents.fingerprint(of: kind),
          entries.last(where: { $0.kind == kind })?.fingerprint != fingerprint
        else { continue }
        entries.append(
          Entry(
            kind: kind, fingerprint: fingerprint, from: from,
            fittedThrough: documents.fittedThrough(of: kind)))
      }
    }
    return entries
  }
}
