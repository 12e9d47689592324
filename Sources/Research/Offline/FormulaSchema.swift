/// A formula with blanks: the form that a belief takes.
///
/// The text is a formula in which `{name}` stands for something that is chosen: a field by its role,
/// a window by its length, or an operator of a few. The same blank twice is the same choice; blanks
/// that differ in a number at their end, such as `{any}` and `{any2}`, are different fields.
struct FormulaSchema: Hashable, Sendable {
  /// How fast the raw signal turns over.
  enum Pace: Hashable {
    case fast, slow
  }

  /// A piece of the text.
  enum Piece: Hashable {
    case text(String)
    /// A blank: its role, and the whole name by which its choice is remembered.
    case blank(role: String, name: String)
  }

  let name: String
  let themes: [MarketTheme]
  let pace: Pace
  let pieces: [Piece]
  /// The operators that the text calls by name.
  let operators: Set<String>

  init(_ name: String, _ themes: [MarketTheme], _ pace: Pace, _ text: String) {
    self.name = name
    self.themes = themes
    self.pace = pace
    var pieces: [Piece] = []
    for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
      guard index > 0 else {
        pieces.append(.text(String(part)))
        continue
      }
      let halves = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
      precondition(halves.count == 2, "the schema \(name) has an open brace")
      let blank = String(halves[0])
      var role = blank
      while role.last?.isNumber == true { role.removeLast() }
      pieces.append(.blank(role: role, name: blank))
      pieces.append(.text(String(halves[1])))
    }
    self.pieces = pieces
    operators = Self.calls(in: text)
  }

  /// The names that stand before a parenthesis.
  static func calls(in text: String) -> Set<String> {
    var calls: Set<String> = []
    var word = ""
    for character in text {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        if character == "(", !word.isEmpty { calls.insert(word) }
        word = ""
      }
    }
    return calls
  }

  /// How strongly an idea speaks for the schema: at least a little, and where a lane explores a
  /// little more.
  func weight(for relevance: [MarketTheme: Double], lane: Lane) -> Double {
    themes.enumerated().reduce(lane == .explore ? 0.12 : 0.03) {
      // The first theme is what the schema is about; the others are what it is near to.
      $0 + (relevance[$1.element] ?? 0) * ($1.offset == 0 ? 1 : 0.4)
    }
  }
}
