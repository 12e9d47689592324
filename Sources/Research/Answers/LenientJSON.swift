import Essentials

/// Reads JSON with the deviations that language models write and whose meaning is not in doubt:
/// trailing commas, Python's words and quotes, typographic quotes, names without quotes, comments,
/// line breaks within texts, `NaN` and `Infinity`.
///
/// What strict JSON accepts is read as the same value. Everything else, such as a missing bracket or
/// a quote within a text, is a mistake. Members of one name are all kept. Cost: linear.
struct LenientJSON {
  private static let depthMax = 256

  private let scalars: [Unicode.Scalar]
  private let keepsTruncatedLists: Bool
  private var place = 0
  private var steps: Set<AnswerText.Step> = []

  /// Returns the value and the deviations that it needed.
  static func reading(
    _ text: String, keepsTruncatedLists: Bool = false
  ) throws(JSONMistake) -> (JSONValue, Set<AnswerText.Step>) {
    var reader = LenientJSON(
      scalars: Array(text.unicodeScalars), keepsTruncatedLists: keepsTruncatedLists)
    let value = try reader.value(depth: 0)
    try reader.skipSpace()
    guard reader.next == nil else { throw reader.mistake("the end") }
    return (value, reader.steps)
  }

  private init(scalars: [Unicode.Scalar], keepsTruncatedLists: Bool) {
    self.scalars = scalars
    self.keepsTruncatedLists = keepsTruncatedLists
  }

  private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private func mistake(_ expectation: String) -> JSONMistake {
    let offset = scalars[..<min(place, scalars.count)].reduce(0) {
      $0 + UTF8.width($1)
    }
    return JSONMistake(expectation: expectation, offset: offset)
  }

  private func follows(_ text: StaticString) -> Bool {
    var index = place
    for scalar in String(describing: text).unicodeScalars {
      guard index < scalars.count, scalars[index] == scalar else { return false }
      index += 1
    }
    return true
  }

  private mutating func skipSpace() throws(JSONMistake) {
    while let scalar = next {
      if scalar.properties.isWhitespace || scalar == "\u{200B}" || scalar == "\u{FEFF}" {
        place += 1
      } else if follows("//") || scalar == "#" {
        while let other = next, other != "\n" {
          _ = other
          place += 1
        }
        steps.insert(.commentDropped)
      } else if follows("/*") {
        while next != nil, !follows("*/") { place += 1 }
        guard next != nil else { throw mistake("the end of the comment") }
        place += 2
        steps.insert(.commentDropped)
      } else {
        return
      }
    }
  }

  private mutating func value(depth: Int) throws(JSONMistake) -> JSONValue {
    guard depth < Self.depthMax else { throw mistake("at most \(Self.depthMax) levels") }
    try skipSpace()
    guard let scalar = next else { throw mistake("a value") }
    switch scalar {
    case "{": return try object(depth: depth)
    case "[": return try array(depth: depth)
    case "0"..."9", "-", "+", ".": return try number()
    default:
      if Self.closers(of: scalar) != nil { return .string(try text()) }
      return try word()
    }
  }

  private mutating func object(depth: Int) throws(JSONMistake) -> JSONValue {
    place += 1
    var members: [JSONValue.Member] = []
    try skipSpace()
    while next != "}" {
      let name = try memberName()
      try skipSpace()
      guard next == ":" else { throw mistake("a colon") }
      place += 1
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
      try skipSpace()
      // The text ended within a list of the outermost object.
      if next == nil, depth == 0, steps.contains(.truncatedListKept) { return .object(members) }
      if next == "}" { break }
      guard next == "," else { throw mistake("a comma or }") }
      place += 1
      try skipSpace()
      if next == "}" { steps.insert(.trailingCommaDropped) }
    }
    place += 1
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONMistake) -> JSONValue {
    place += 1
    var elements: [JSONValue] = []
    do throws(JSONMistake) {
      try skipSpace()
      while next != "]" {
        elements.append(try value(depth: depth + 1))
        try skipSpace()
        if next == "]" { break }
        guard next == "," else { throw mistake("a comma or ]") }
        place += 1
        try skipSpace()
        if next == "]" { steps.insert(.trailingCommaDropped) }
      }
      place += 1
    } catch {
      // Only what ends with the text is cut off; anything else is a mistake within it. A list deeper
      // down belongs to an element that is itself incomplete.
      guard keepsTruncatedLists, depth <= 1, place >= scalars.count else { throw error }
      steps.insert(.truncatedListKept)
    }
    return .array(elements)
  }

  private mutating func memberName() throws(JSONMistake) -> String {
    guard let scalar = next else { throw mistake("the name of a member") }
    if Self.closers(of: scalar) != nil { return try text() }
    var name = String.UnicodeScalarView()
    while let scalar = next, scalar == "_" || scalar.properties.isAlphabetic || isDigit(scalar) {
      name.append(scalar)
      place += 1
    }
    guard let first = name.first, !isDigit(first) else { throw mistake("the name of a member") }
    steps.insert(.bareNameRead)
    return String(name)
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  // MARK: - Words and numbers

  private mutating func word() throws(JSONMistake) -> JSONValue {
    let start = place
    while let scalar = next, scalar.properties.isAlphabetic { place += 1 }
    let word = String(String.UnicodeScalarView(scalars[start..<place]))
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "None":
      steps.insert(.pythonWordRead)
      return .null
    case "True", "False":
      steps.insert(.pythonWordRead)
      return .bool(word == "True")
    case "NaN", "nan", "Infinity", "inf":
      steps.insert(.nonFiniteNumberRead)
      return .number(word.lowercased() == "nan" ? .nan : .infinity)
    default:
      // A word that the text cuts short is truncated, not wrong.
      if place < scalars.count { place = start }
      throw mistake("a value")
    }
  }

  private mutating func number() throws(JSONMistake) -> JSONValue {
    let start = place
    if follows("-Infinity") || follows("-inf") {
      place += follows("-Infinity") ? 9 : 4
      steps.insert(.nonFiniteNumberRead)
      return .number(-.infinity)
    }
    while let scalar = next, isDigit(scalar) || "+-.eE".unicodeScalars.contains(scalar) {
      place += 1
    }
    let text = String(String.UnicodeScalarView(scalars[start..<place]))
    if let value = try? JSONValue(parsing: text) { return value }
    if place < scalars.count { place = start }
    throw mistake("a number")
  }

  // MARK: - Texts

  /// What may end a text that this scalar begins, nil where it begins none.
  private static func closers(of opener: Unicode.Scalar) -> Set<Unicode.Scalar>? {
    switch opener {
    case "\"": ["\""]
    case "'": ["'"]
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}": ["\u{201D}", "\u{201C}"]
    case "\u{2018}", "\u{2019}", "\u{201A}": ["\u{2019}", "\u{2018}"]
    default: nil
    }
  }

  private mutating func text() throws(JSONMistake) -> String {
    guard let opener = next, let closers = Self.closers(of: opener) else {
      throw mistake("a text")
    }
    if opener != "\"" { steps.insert(.quotesReplaced) }
    place += 1
    var content = String.UnicodeScalarView()
    while let scalar = next {
      place += 1
      if closers.contains(scalar) { return String(content) }
      if scalar == "\\" {
        try escape(into: &content)
      } else {
        if scalar.value < 0x20 { steps.insert(.controlCharacterKept) }
        content.append(scalar)
      }
    }
    throw mistake("the end of the text")
  }

  private mutating func escape(into content: inout String.UnicodeScalarView) throws(JSONMistake) {
    guard let mark = next else { throw mistake("an escape") }
    place += 1
    switch mark {
    case "\"", "\\", "/", "'": content.append(mark)
    case "b": content.append("\u{08}")
    case "f": content.append("\u{0C}")
    case "n": content.append("\n")
    case "r": content.append("\r")
    case "t": content.append("\t")
    case "u":
      var code = try digits(4)
      if (0xD800..<0xDC00).contains(code), follows("\\u") {
        place += 2
        let second = try digits(4)
        guard (0xDC00..<0xE000).contains(second) else {
          throw mistake("the second half of a pair")
        }
        code = 0x10000 + (code - 0xD800) << 10 + (second - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw mistake("both halves of a pair") }
      content.append(scalar)
    default:
      place -= 1
      throw mistake("an escape")
    }
  }

  private mutating func digits(_ count: Int) throws(JSONMistake) -> UInt32 {
    guard place + count <= scalars.count else {
      place = scalars.count
      throw mistake("\(count) hexadecimal digits")
    }
    let text = String(String.UnicodeScalarView(scalars[place..<(place + count)]))
    guard text.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit),
      let code = UInt32(text, radix: 16)
    else { throw mistake("\(count) hexadecimal digits") }
    place += count
    return code
  }
}
