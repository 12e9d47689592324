package import Essentials
import Foundation
package import Models

/// Finds the documents that fits have written.
package enum FittedParameters {
  /// Reads files that are named as ``ModelDocuments/Kind/fileName`` says, and of folders those in them.
  ///
  /// A folder without any is no mistake; a file of another name is one. A direction document's trees
  /// are looked for where it says, from its own folder on.
  package static func read(
    _ paths: [String], over before: ModelDocuments = ModelDocuments()
  ) throws -> ModelDocuments {
    var documents = before
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw UnknownParameters(path: path, isThere: false)
      }
      if isFolder.boolValue {
        for kind in ModelDocuments.Kind.allCases {
          let file = "\(path)/\(kind.fileName)"
          if FileManager.default.fileExists(atPath: file) { try read(file, kind, &documents) }
        }
      } else {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let kind = ModelDocuments.Kind.allCases.first(where: { $0.fileName == name }) else {
          throw UnknownParameters(path: path, isThere: true)
        }
        try read(path, kind, &documents)
      }
    }
    return documents
  }

  /// Files and folders, and from when on they count; nil for the beginning.
  package struct Source: Hashable, Sendable {
    package let path: String
    package let from: Timestamp?

    package init(_ path: String, from: Timestamp? = nil) {
      self.path = path
      self.from = from
    }
  }

  /// Reads what is adopted, and when. What later sources do not name goes on as before.
  package static func schedule(_ sources: [Source]) throws -> ModelSchedule {
    func paths(_ from: Timestamp?) -> [String] {
      sources.filter { $0.from == from }.map(\.path)
    }
    var documents = try read(paths(nil))
    var schedule = ModelSchedule(documents)
    for from in Set(sources.compactMap(\.from)).sorted() {
      documents = try read(paths(from), over: documents)
      schedule.add(documents, from: from)
    }
    return schedule
  }

  private static func read(
    _ path: String, _ kind: ModelDocuments.Kind, _ documents: inout ModelDocuments
  ) throws {
    let text = try SourceText.read(path: path)
    var trees: String?
    if kind == .direction,
      let named = try DirectionDocument(text: text, document: path).treesPath
    {
      let folder = (path as NSString).deletingLastPathComponent
      let place = named.hasPrefix("/") ? named : (folder as NSString).appendingPathComponent(named)
      trees = try? SourceText.read(path: place)
    }
    try documents.read(text, as: kind, document: path, trees: trees)
  }
}

/// A file that no fit writes, or none at all.
private struct UnknownParameters: ExplainedFailure {
  let path: String
  let isThere: Bool

  var key: String { isThere ? "unknown_parameters" : "no_parameters" }
  var explanation: String {
    isThere
      ? "\(path) is named as no file of parameters is." : "There is no file or folder \(path)."
  }
  var remedy: String {
    isThere
      ? "Name it as one of "
        + ModelDocuments.Kind.allCases.map(\.fileName).joined(separator: ", ") + "."
      : "Fit parameters with `athanor models fit`, or correct the path."
  }
  var outcome: FailureOutcome { .badConfiguration }
}
