package import Essentials

/// Ideas as a file holds them: one object, or an array of them.
package enum IdeaFile {
  /// More ideas than a campaign could be paid for or read.
  package static let ideasMax = 1_000

  /// Reads the ideas of a text; every defect of every idea is named. Two ideas with one id are a
  /// defect, because everything that is recorded of an idea names it by its id.
  package static func ideas(text: String, path: String) throws(DocumentFailure) -> [IdeaSpec] {
    var seen: Set<String> = []
    return try DocumentList.read(text: text, document: path, of: "ideas", countMax: ideasMax) {
      (index: Int, idea: IdeaSpec) in
      guard !idea.ideaID.isEmpty, !seen.insert(idea.ideaID).inserted else { return nil }
      return DocumentDefect(
        keyPath: "[\(index)].idea_id",
        explanation: "[\(index)].idea_id is \"\(idea.ideaID)\", as that of an earlier idea.",
        remedy: "Give every idea an id of its own.")
    }
  }
}
