package import Essentials
package import Storage

/// What the building of a knowledge pack gave: documents for the parts that succeeded, and reasons
/// for those that failed.
package struct KnowledgeBuild: Sendable {
  /// How many entries each part has.
  package struct Counts: Hashable, Sendable {
    package var operators: Int
    package var settings: Int
    package var examples: Int
    package var counterexamples: Int
    package var visualOperators: Int

    package var json: JSONValue {
      [
        "operators": .integer(operators), "settings_keys": .integer(settings),
        "examples": .integer(examples), "counterexamples": .integer(counterexamples),
        "visual_operators": .integer(visualOperators),
      ]
    }
  }

  /// A part that could not be built.
  package struct FailedPart: Hashable, Sendable {
    package let file: KnowledgeFile
    package let reason: String
  }

  package var counts: Counts
  /// Whether no curated example fitted the catalogue.
  package let isFallback: Bool
  package private(set) var documents: [(file: KnowledgeFile, json: JSONValue)] = []
  package private(set) var failures: [FailedPart] = []

  init(counts: Counts, isFallback: Bool) {
    self.counts = counts
    self.isFallback = isFallback
  }

  /// Adds a part, or the reason why there is none.
  mutating func add(
    _ file: KnowledgeFile, _ objection: String?, _ members: () -> [JSONValue.Member]
  ) {
    if let objection {
      failures.append(FailedPart(file: file, reason: objection))
    } else {
      documents.append((file, .object(members())))
    }
  }

  /// Writes the documents into a folder, which is made where it is missing, and returns their paths.
  /// Each file appears whole or not at all.
  package func write(to folder: String) throws(FileFailure) -> [String] {
    var paths: [String] = []
    for (file, json) in documents {
      let path = "\(folder)/\(file.fileName)"
      try DocumentFile.write(json, to: path)
      paths.append(path)
    }
    return paths
  }

  /// The pack itself, or what is missing for it.
  package func pack() throws(KnowledgeFailure) -> KnowledgePack {
    try KnowledgePack(folder: "memory") { file in
      guard let json = documents.first(where: { $0.file == file })?.json else {
        let reason = failures.first { $0.file == file }.map { " (\($0.reason))" }
        return .missing("was not built\(reason ?? "")")
      }
      return .text(json.compactText)
    }
  }
}
