/// Lists of documents as files hold them: an array, or one object in its place.
package enum DocumentList {
  /// More elements than a person or a day's quota could ask for.
  package static let countMax = 100_000

  /// Reads the elements of a list; every defect of every element is named.
  ///
  /// - Parameters:
  ///   - kind: what the elements are, in the plural, such as `candidates`.
  ///   - countMax: how many of them a file may hold.
  ///   - contradiction: what is wrong between an element, at its place, and those before it.
  package static func read<Element: ReadableDocument>(
    text: String, document: String, of kind: String, countMax: Int = countMax,
    as type: Element.Type = Element.self,
    contradiction: (Int, Element) -> DocumentDefect? = { _, _ in nil }
  ) throws(DocumentFailure) -> [Element] {
    func failure(_ explanation: String, _ remedy: String) -> DocumentFailure {
      DocumentFailure(document: document, explanation: explanation, remedy: remedy)
    }
    let remedy = "Write an array of \(kind)."
    let elements: [JSONValue]
    switch try JSONValue(text: text, document: document, remedy: remedy) {
    case .array(let list): elements = list
    case .object(let members): elements = [.object(members)]
    default: throw failure("The document is no list.", remedy)
    }
    guard !elements.isEmpty else {
      throw failure("The list of \(kind) is empty.", "Give at least one.")
    }
    guard elements.count <= countMax else {
      throw failure("The document holds \(elements.count) \(kind).", "Give at most \(countMax).")
    }
    var defects: [DocumentDefect] = []
    var list: [Element] = []
    for (index, element) in elements.enumerated() {
      var reader = DocumentReader(element, at: elements.count == 1 ? "" : "[\(index)]")
      let value = Element(reading: &reader)
      defects += reader.defects
      if let defect = contradiction(index, value) { defects.append(defect) }
      list.append(value)
    }
    guard defects.isEmpty else { throw DocumentFailure(document: document, defects: defects) }
    return list
  }
}
