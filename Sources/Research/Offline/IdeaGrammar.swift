import Essentials
import Mathematics

/// Writes ideas: what a person noted, or a belief about markets that fits it.
struct IdeaGrammar {
  private let notes: JSONValue
  /// Everything that the notes say, as one text.
  private let text: String

  init(notes: JSONValue) {
    self.notes = notes
    text = Self.texts(in: notes).joined(separator: " ")
  }

  /// Every text of a document, in its order.
  private static func texts(in value: JSONValue) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(texts)
    case .object(let members): members.flatMap { texts(in: $0.value) }
    case .null, .bool, .integer, .number: []
    }
  }

  private func note(_ name: String) -> String? {
    guard case .string(let text)? = notes[name] else { return nil }
    let trimmed = Self.trimmed(text)
    return trimmed.isEmpty ? nil : trimmed
  }

  private static func trimmed(_ text: String) -> String {
    let tail = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
    return String(tail.reversed())
  }

  /// Returns an idea. A hypothesis that the notes state is kept as it stands; what the offline
  /// proposer adds to it then stands in the exploration intent.
  func idea(seed: UInt64) -> IdeaSpec {
    var generator = SplitMix64(seed: seed)
    let relevance = MarketTheme.allCases.map { $0.relevance(of: text) }
    let theme =
      SignalGrammar.draw(Array(MarketTheme.allCases.enumerated()), using: &generator) {
        // Without any hint every theme has its chance; a hint outweighs all that is not hinted at.
        0.05 + relevance[$0.offset] * relevance[$0.offset]
      }?.element ?? .reversal
    let sentence = sentence(on: theme, using: &generator)
    let stated = note("hypothesis")
    let identity = Fingerprint(of: "idea 1\n\(notes.compactText)\n\(seed)")
    var idea = IdeaSpec(
      ideaID: "idea-\(identity.hexadecimal.prefix(10))", hypothesis: stated ?? sentence)
    idea.explorationIntent = stated == nil ? nil : sentence
    idea.themeTags = tags(theme, relevance)
    idea.keywordsForRetrieval = keywords(theme)
    idea.candidateSubcategories = subcategories(theme)
    if let target = notes["target"] {
      // What is wrong with a note is no reason to have no idea: the defaults stand.
      var reader = DocumentReader(target, at: "target")
      let read = SimulationTarget(reading: &reader)
      if reader.defects.isEmpty { idea.target = read }
    }
    return idea
  }

  private static let horizons = [
    "over the following days", "within a week", "over the next weeks", "over a month",
    "over the following quarter",
  ]
  private static let conditions = [
    "", ", most of all where trading is unusually busy", ", within each industry",
    ", as long as the market is calm", ", and more so among what is traded little",
    ", once the common part of the move is taken away",
  ]

  private func sentence(
    on theme: MarketTheme, using generator: inout SplitMix64
  ) -> String {
    let claim = theme.claims.randomElement(using: &generator) ?? ""
    let horizon = Self.horizons.randomElement(using: &generator) ?? ""
    let mechanism = theme.mechanisms.randomElement(using: &generator) ?? ""
    let condition = Self.conditions.randomElement(using: &generator) ?? ""
    return "\(claim) \(horizon), because \(mechanism)\(condition)."
  }

  /// The theme, and what else the notes speak of, at most four.
  private func tags(_ theme: MarketTheme, _ relevance: [Double]) -> [String] {
    let others = MarketTheme.allCases.enumerated()
      .filter { relevance[$0.offset] > 0 && $0.element != theme }
      .sorted { (relevance[$1.offset], $0.offset) < (relevance[$0.offset], $1.offset) }
    return ([theme] + others.map(\.element)).prefix(4).map(\.rawValue)
  }

  private static let ignored: Set<String> = [
    "the", "and", "for", "with", "that", "this", "from", "into", "over", "are", "was", "were",
    "than", "then", "what", "which", "when", "will", "have", "has", "not", "but", "more", "most",
    "their", "they", "its", "because", "equity", "usa",
  ]

  /// The theme's words that names of data may hold, then the notes' own, at most sixteen.
  private func keywords(_ theme: MarketTheme) -> [String] {
    var seen: Set<String> = []
    var keywords = theme.words.filter { $0.utf8.allSatisfy { $0 < 0x80 } }.prefix(5)
      .filter { seen.insert($0).inserted }
    let sources = ["hypothesis", "overview", "category", "subcategory"].compactMap(note)
    for word in sources.joined(separator: " ").lowercased()
      .split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).map(String.init)
    where word.count > 1 && !Self.ignored.contains(word) && seen.insert(word).inserted {
      guard word.count > 2 || !word.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
      keywords.append(word)
      if keywords.count == 16 { break }
    }
    return keywords
  }

  private func subcategories(_ theme: MarketTheme) -> [String] {
    var seen: Set<String> = []
    return ((note("subcategory").map { [$0] } ?? []) + theme.subcategories)
      .filter { seen.insert($0).inserted }
  }
}
