import Essentials

/// Ideas as a file holds them: one object, or an array of them.
package enum IdeaFile {
  /// More ideas than a campaign could be paid for or read.
  package static let ideasMax = 1_000

  /// Reads the ideas of a text; every defect of every idea is named. Two ideas with one id are a
  /// defect, because everything that is recorded of an idea names it by its id.
  package static func ideas(text: String, path: String) throws(DocumentFailure) -> [IdeaSpec] {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: text)
    } catch {
      throw failure(path, "The text is no JSON: \(error)", "Write an array of ideas.")
    }
    let elements: [JSONValue]
    switch json {
    case .array(let list): elements = list
    case .object: elements = [json]
    default: throw failure(path, "The document is no idea.", "Write an array of ideas.")
    }
    guard !elements.isEmpty, elements.count <= ideasMax else {
      throw failure(
        path, "The document holds \(elements.count) ideas.", "Write 1 to \(ideasMax) of them.")
    }
    var defects: [DocumentDefect] = []
    var seen: Set<String> = []
    var ideas: [IdeaSpec] = []
    for (index, element) in elements.enumerated() {
      var reader = DocumentReader(element, at: elements.count == 1 ? "" : "[\(index)]")
      let idea = IdeaSpec(reading: &reader)
      defects += reader.defects
      if !idea.ideaID.isEmpty, !seen.insert(idea.ideaID).inserted {
        defects.append(
          DocumentDefect(
            keyPath: "[\(index)].idea_id",
            explanation: "[\(index)].idea_id is \"\(idea.ideaID)\", as that of an earlier idea.",
            remedy: "Give every idea an id of its own."))
      }
      ideas.append(idea)
    }
    guard defects.isEmpty else { throw DocumentFailure(document: path, defects: defects) }
    return ideas
  }

  private static func failure(
    _ path: String, _ explanation: String, _ remedy: String
  ) -> DocumentFailure {
    DocumentFailure(
      document: path,
      defects: [DocumentDefect(keyPath: "", explanation: explanation, remedy: remedy)])
  }
}
