import Essentials
package import Research

/// Lists of candidates and of results as files hold them.
package enum ProposalFile {
  /// More than a person or a day's quota could ask for.
  package static let elementsMax = 100_000

  /// Reads the elements of an array, or one object in its place; every defect is named.
  ///
  /// - Parameter kind: what the elements are, in the plural, such as `candidates`.
  package static func list<Element: ReadableDocument>(
    text: String, path: String, of kind: String, as type: Element.Type = Element.self
  ) throws(DocumentFailure) -> [Element] {
    func failure(_ explanation: String, _ remedy: String) -> DocumentFailure {
      DocumentFailure(
        document: path,
        defects: [DocumentDefect(keyPath: "", explanation: explanation, remedy: remedy)])
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: text)
    } catch {
      throw failure("The text is no JSON: \(error)", "Write an array of \(kind).")
    }
    let elements: [JSONValue]
    switch json {
    case .array(let list): elements = list
    case .object: elements = [json]
    default: throw failure("The document is no list.", "Write an array of \(kind).")
    }
    guard !elements.isEmpty else {
      throw failure("The list of \(kind) is empty.", "Give at least one.")
    }
    guard elements.count <= elementsMax else {
      throw failure(
        "The document holds \(elements.count) \(kind).", "Give at most \(elementsMax).")
    }
    var defects: [DocumentDefect] = []
    var list: [Element] = []
    for (index, element) in elements.enumerated() {
      var reader = DocumentReader(element, at: elements.count == 1 ? "" : "[\(index)]")
      list.append(Element(reading: &reader))
      defects += reader.defects
    }
    guard defects.isEmpty else { throw DocumentFailure(document: path, defects: defects) }
    return list
  }
}
