import Essentials

/// The replacement of one piece of a text.
struct TextPatch: Hashable {
  var span: SourceSpan
  var replacement: String

  static func insert(_ text: String, at place: Int) -> TextPatch {
    TextPatch(span: SourceSpan(start: place, end: place), replacement: text)
  }

  static func remove(_ span: SourceSpan) -> TextPatch {
    TextPatch(span: span, replacement: "")
  }

  static func replace(_ span: SourceSpan, by text: String) -> TextPatch {
    TextPatch(span: span, replacement: text)
  }

  /// Returns the text with all patches made, or nil where two overlap. Insertions at one place keep
  /// their order.
  static func apply(_ patches: [TextPatch], to bytes: [UInt8]) -> [UInt8]? {
    let ordered = patches.enumerated().sorted {
      ($0.element.span.start, $0.element.span.end, $0.offset)
        < ($1.element.span.start, $1.element.span.end, $1.offset)
    }.map(\.element)
    var result: [UInt8] = []
    var place = 0
    for patch in ordered {
      guard patch.span.start >= place, patch.span.end <= bytes.count else { return nil }
      result += bytes[place..<patch.span.start]
      result += patch.replacement.utf8
      place = patch.span.end
    }
    return result + bytes[place...]
  }
}

/// An edit of a text that may be made, with what it costs.
struct EditProposal {
  var patches: [TextPatch]
  var key: String
  var reason: String
  var cost: Double

  /// Returns the edited text and the record of the edit; nil where the patches do not fit together or
  /// change nothing.
  func applied(to outline: FormulaOutline) -> (text: String, edit: RepairEdit)? {
    guard let first = patches.map(\.span.start).min(), let last = patches.map(\.span.end).max(),
      let bytes = TextPatch.apply(patches, to: outline.bytes), bytes != outline.bytes
    else { return nil }
    let tail = outline.bytes.count - last
    let before = String(decoding: outline.bytes[first..<last], as: UTF8.self)
    let after = String(decoding: bytes[first..<(bytes.count - tail)], as: UTF8.self)
    return (
      String(decoding: bytes, as: UTF8.self),
      RepairEdit(before: before, after: after, key: key, reason: reason, cost: cost)
    )
  }
}
