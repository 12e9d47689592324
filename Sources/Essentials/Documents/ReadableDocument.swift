/// A value that is written as a JSON object and read back, every defect of the object named at once.
///
/// Members that a reading does not know are passed over, so that documents of other programs and
/// of later versions can be read. A member that is `null` is as if it were not there.
package protocol ReadableDocument {
  /// Reads the members that the value has; what is missing keeps its default, and what is wrong is
  /// noted by the reader.
  init(reading reader: inout DocumentReader)
  /// The object, its members in their documented order.
  var json: JSONValue { get }
}

extension ReadableDocument {
  /// Reads one object, or throws everything that is wrong with it.
  package init(json: JSONValue, document: String) throws(DocumentFailure) {
    self = try DocumentReader.read(
      json, document: document, unknown: .passedOver, Self.init(reading:))
  }

  /// Reads the text of one object, or throws what is wrong with the text or the object.
  package init(text: String, document: String) throws(DocumentFailure) {
    self = try DocumentReader.read(
      text: text, document: document, unknown: .passedOver, Self.init(reading:))
  }
}
