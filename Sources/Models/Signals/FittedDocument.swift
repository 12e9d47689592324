package import Essentials

/// A document of parameters that were fitted on what was recorded until some time.
package protocol FittedDocument: ReadableDocument {
  /// The end of the latest bar, or the latest instant, that was fitted on; nil where the document does
  /// not say. Where markets before it are replayed the parameters know what comes.
  var fittedThrough: Timestamp? { get set }
}

extension FittedDocument {
  /// The document, saying through when it was fitted.
  package func fitted(through instant: Timestamp?) -> Self {
    var document = self
    document.fittedThrough = instant
    return document
  }

  static var fittedThroughName: String { "fitted_through_ms" }

  /// Reads the member that says it, if there is one.
  static func fittedThrough(_ reader: inout DocumentReader) -> Timestamp? {
    guard reader.value(fittedThroughName) != nil else { return nil }
    return reader.whole(fittedThroughName, in: 0...1 << 53).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
  }

  /// The member that says it, if it is known.
  var fittedThroughMember: [JSONValue.Member] {
    fittedThrough.map {
      [.init(Self.fittedThroughName, .integer(Int($0.millisecondsSinceEpoch)))]
    } ?? []
  }
}
