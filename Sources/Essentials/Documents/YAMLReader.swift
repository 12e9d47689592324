internal import CYAML

/// What a YAML text says, and what is wrong with it.
package struct YAMLReading: Hashable, Sendable {
  /// The document; nil where the text is not YAML or exceeds a limit. Of a key that is there twice
  /// the first value is kept.
  package var root: LocatedValue?
  /// Errors in the order of the text; empty where the document is sound.
  package var diagnostics: [Diagnostic]

  /// Reads one YAML document (1.2, without tags) within ``YAMLLimits``.
  ///
  /// Anchors and aliases are followed as long as the expanded document keeps the limits. Cost:
  /// linear in the text and the expanded nodes; a text that is too long is refused unread.
  package init(of text: String) {
    var text = text
    let count = text.utf8.count
    guard count <= YAMLLimits.bytesMax else {
      root = nil
      diagnostics = [
        Diagnostic(
          .error, code: "yaml_too_long",
          message: "The text has \(count) bytes, \(YAMLLimits.bytesMax) are allowed.",
          span: SourceSpan(start: 0, end: 0), remedy: "Divide it into several documents.")
      ]
      return
    }
    self = text.withUTF8 { bytes in
      let reader = YAMLReader(bytes)
      do throws(YAMLMistake) {
        let root = try reader.document()
        return YAMLReading(root: root, diagnostics: reader.duplicates)
      } catch {
        return YAMLReading(root: nil, diagnostics: reader.duplicates + [error.diagnostic])
      }
    }
  }

  private init(root: LocatedValue?, diagnostics: [Diagnostic]) {
    self.root = root
    self.diagnostics = diagnostics
  }
}

extension LocatedValue {
  /// Reads one sound YAML document; `name` is what findings call it.
  package init(yaml text: String, named name: String) throws(YAMLFailure) {
    let reading = YAMLReading(of: text)
    guard let root = reading.root, reading.diagnostics.isEmpty else {
      throw YAMLFailure(name: name, diagnostics: reading.diagnostics, text: text)
    }
    self = root
  }
}

private struct YAMLMistake: Error {
  var diagnostic: Diagnostic
}

/// Builds a located tree from the events of libyaml without recursion.
///
/// The parser keeps the address of itself and of the bytes, so it lives in memory of its own for
/// as long as the reader, and the reader only within the scope that lends the bytes.
private final class YAMLReader {
  /// A sequence or mapping that is not closed yet.
  private struct Frame {
    var isMapping: Bool
    var elements: [LocatedValue] = []
    var entries: [LocatedValue.Entry] = []
    var key: Key?
    /// The line of each key, to name it when the key comes again.
    var lines: [String: Int] = [:]
    var anchor: String?
    var start: yaml_mark_t
    var nodesBefore: Int
    /// The levels below this one so far.
    var height = 0
  }

  /// A key whose value has not come yet.
  private struct Key {
    var text: String
    var value: LocatedValue
  }

  /// A value that aliases may repeat.
  private struct Anchored {
    var value: LocatedValue
    var nodes: Int
    var height: Int
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let count: Int
  /// Byte offsets of the Unicode scalars, which libyaml counts; empty where all are ASCII.
  private let offsets: [Int]
  private var frames: [Frame] = []
  private var anchors: [String: Anchored] = [:]
  private var root: LocatedValue?
  private var nodes = 0
  private(set) var duplicates: [Diagnostic] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    count = bytes.count
    offsets =
      bytes.allSatisfy { $0 < 0x80 } ? [] : bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }
    // Fails only where memory is out; parsing then reports it.
    if yaml_parser_initialize(parser) == 1, let first = bytes.baseAddress {
      // Otherwise a byte order mark would not be counted in the marks.
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, first, bytes.count)
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
  }

  func document() throws(YAMLMistake) -> LocatedValue {
    guard parser.pointee.read_handler != nil else {
      guard count > 0 else { throw emptyDocument(SourceSpan(start: 0, end: 0)) }
      throw outOfMemory
    }
    var documents = 0
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw parserMistake() }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_DOCUMENT_START_EVENT:
        documents += 1
        guard documents == 1 else {
          throw mistake(
            "several_documents", "A second document begins here.", at: span(event),
            remedy: "Put each document into a file of its own.")
        }
      case YAML_SCALAR_EVENT: try scalar(event)
      case YAML_SEQUENCE_START_EVENT:
        try open(
          event, isMapping: false, anchor: event.data.sequence_start.anchor,
          tag: event.data.sequence_start.tag)
      case YAML_MAPPING_START_EVENT:
        try open(
          event, isMapping: true, anchor: event.data.mapping_start.anchor,
          tag: event.data.mapping_start.tag)
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try close(event)
      case YAML_ALIAS_EVENT: try alias(event)
      case YAML_STREAM_END_EVENT:
        guard let root else { throw emptyDocument(span(event)) }
        return root
      default: break
      }
    }
  }

  // MARK: - Events

  private func scalar(_ event: yaml_event_t) throws(YAMLMistake) {
    let scalar = event.data.scalar
    try refuse(tag: scalar.tag, at: event)
    let text = String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    let style: LocatedValue.Scalar.Style =
      switch scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
      default: .plain
      }
    let value = located(.scalar(LocatedValue.Scalar(text, style)), from: event.start_mark, event)
    try count(nodes: 1, at: value.span)
    try attach(
      Anchored(value: value, nodes: 1, height: 0), anchor: Self.text(scalar.anchor))
  }

  private func open(
    _ event: yaml_event_t, isMapping: Bool, anchor: UnsafePointer<yaml_char_t>?,
    tag: UnsafePointer<yaml_char_t>?
  ) throws(YAMLMistake) {
    try refuse(tag: tag, at: event)
    if let frame = frames.last, frame.isMapping, frame.key == nil {
      throw complexKey(span(event))
    }
    guard frames.count < YAMLLimits.depthMax else { throw tooDeep(span(event)) }
    let nodesBefore = nodes
    try count(nodes: 1, at: span(event))
    frames.append(
      Frame(
        isMapping: isMapping, anchor: Self.text(anchor), start: event.start_mark,
        nodesBefore: nodesBefore))
  }

  private func close(_ event: yaml_event_t) throws(YAMLMistake) {
    // libyaml balances the events.
    guard let frame = frames.popLast() else { return }
    let content: LocatedValue.Content =
      frame.isMapping ? .mapping(frame.entries) : .sequence(frame.elements)
    try attach(
      Anchored(
        value: located(content, from: frame.start, event), nodes: nodes - frame.nodesBefore,
        height: frame.height + 1),
      anchor: frame.anchor)
  }

  private func alias(_ event: yaml_event_t) throws(YAMLMistake) {
    let name = Self.text(event.data.alias.anchor) ?? ""
    guard let anchored = anchors[name] else {
      throw mistake(
        "unknown_alias", "Nothing before this place is anchored as `\(name)`.", at: span(event),
        remedy: nearestName(to: name, among: anchors.keys).map { "Write *\($0)." }
          ?? "Write &\(name) before the value that is meant.")
    }
    guard frames.count + anchored.height <= YAMLLimits.depthMax else { throw tooDeep(span(event)) }
    try count(nodes: anchored.nodes, at: span(event))
    try attach(anchored, anchor: nil)
  }

  /// Puts a finished value where it belongs: as key, element, value of an entry or document.
  private func attach(_ finished: Anchored, anchor: String?) throws(YAMLMistake) {
    if let anchor { anchors[anchor] = finished }
    guard !frames.isEmpty else {
      root = finished.value
      return
    }
    let last = frames.count - 1
    frames[last].height = max(frames[last].height, finished.height)
    guard frames[last].isMapping else {
      frames[last].elements.append(finished.value)
      return
    }
    guard let key = frames[last].key else {
      guard let scalar = finished.value.scalar else { throw complexKey(finished.value.span) }
      frames[last].key = Key(text: scalar.text, value: finished.value)
      return
    }
    frames[last].key = nil
    if let first = frames[last].lines[key.text] {
      duplicates.append(
        Diagnostic(
          .error, code: "duplicate_key",
          message: "The key `\(key.text)` is there twice: first on line \(first).",
          span: key.value.span, remedy: "Keep one of them."))
    } else {
      frames[last].lines[key.text] = key.value.line
      frames[last].entries.append(
        LocatedValue.Entry(key: key.text, keySpan: key.value.span, value: finished.value))
    }
  }

  // MARK: - Limits

  private func count(nodes more: Int, at span: SourceSpan) throws(YAMLMistake) {
    nodes += more
    guard nodes <= YAMLLimits.nodesMax else {
      throw mistake(
        "yaml_too_large", "The document has more than \(YAMLLimits.nodesMax) values.", at: span,
        remedy: "Repeat less through aliases, or divide the document.")
    }
  }

  private func tooDeep(_ span: SourceSpan) -> YAMLMistake {
    mistake(
      "yaml_too_deep", "Values are nested more than \(YAMLLimits.depthMax) deep.", at: span,
      remedy: "Nest less.")
  }

  private func emptyDocument(_ span: SourceSpan) -> YAMLMistake {
    mistake(
      "empty_document", "The text holds no document.", at: span, remedy: "Write at least one key.")
  }

  private func complexKey(_ span: SourceSpan) -> YAMLMistake {
    mistake(
      "complex_key", "A sequence or mapping stands where a key is expected.", at: span,
      remedy: "Write a name as key; quote a text that begins with a bracket or a brace.")
  }

  private func refuse(
    tag: UnsafePointer<yaml_char_t>?, at event: yaml_event_t
  ) throws(YAMLMistake) {
    guard let tag = Self.text(tag) else { return }
    throw mistake(
      "yaml_tag", "The tag `\(tag)` has no meaning here.", at: span(event),
      remedy: "Remove it; quote a value that shall be a text.")
  }

  // MARK: - Places

  private func offset(_ mark: yaml_mark_t) -> Int {
    if offsets.isEmpty { return min(mark.index, count) }
    return mark.index < offsets.count ? offsets[mark.index] : count
  }

  private func span(_ event: yaml_event_t) -> SourceSpan {
    let start = offset(event.start_mark)
    return SourceSpan(start: start, end: max(start, offset(event.end_mark)))
  }

  private func located(
    _ content: LocatedValue.Content, from start: yaml_mark_t, _ event: yaml_event_t
  ) -> LocatedValue {
    let first = offset(start)
    return LocatedValue(
      content, span: SourceSpan(start: first, end: max(first, offset(event.end_mark))),
      line: start.line + 1, column: start.column + 1)
  }

  private func mistake(
    _ code: String, _ message: String, at span: SourceSpan, remedy: String
  ) -> YAMLMistake {
    YAMLMistake(
      diagnostic: Diagnostic(.error, code: code, message: message, span: span, remedy: remedy))
  }

  /// What libyaml says about a text that it cannot parse.
  private func parserMistake() -> YAMLMistake {
    let state = parser.pointee
    guard state.error != YAML_MEMORY_ERROR, let problem = state.problem else { return outOfMemory }
    // The reader knows the byte, the scanner and the parser know the scalar.
    let start =
      state.error == YAML_READER_ERROR
      ? min(state.problem_offset, count) : offset(state.problem_mark)
    let context = state.context.map { " " + String(cString: $0) } ?? ""
    return mistake(
      "invalid_yaml", "The text is not YAML: \(String(cString: problem))\(context).",
      at: SourceSpan(start: start, end: start),
      remedy: "Check the indentation, the brackets and the quotes around this place.")
  }

  private var outOfMemory: YAMLMistake {
    mistake(
      "out_of_memory", "There is no memory to read the text.", at: SourceSpan(start: 0, end: 0),
      remedy: "Read a shorter text.")
  }

  private static func text(_ text: UnsafePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }
}
