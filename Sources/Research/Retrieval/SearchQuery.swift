/// What is searched for: words with weights, gathered from several texts.
package struct SearchQuery: Hashable, Sendable {
  /// The weight of a synonym beside the word itself.
  static let synonymWeight = 0.5
  /// The weight of a word that a meaning points to.
  static let pointerWeight = 0.3

  /// The weight of each word; a word that is said twice has twice the weight.
  private var weights: [String: Double] = [:]
  /// The words that were said, not added.
  private var said: Set<String> = []

  /// A query without a word.
  package init() {}

  /// Searches for the words of a text and their synonyms.
  package init(_ text: String) { add(text) }

  /// Searches for exactly these words, without synonyms; repeated words count repeatedly.
  package init(words: [String]) {
    for word in words {
      weights[word, default: 0] += 1
      said.insert(word)
    }
  }

  /// Adds a text: its words with `weight`, their synonyms with less.
  package mutating func add(_ text: String, weight: Double = 1) {
    guard weight > 0 else { return }
    for run in Tokenizer.runs(of: text) {
      let words = Tokenizer.words(of: run)
      for word in words {
        weights[word, default: 0] += weight
        said.insert(word)
      }
      let expansions: [Synonyms.Expansion]
      switch run {
      case .latin: expansions = words.map(Synonyms.expansion(ofEnglish:))
      case .syllables(let word, _): expansions = [Synonyms.expansion(ofKorean: word)]
      }
      for expansion in expansions {
        raise(expansion.same, to: weight * Self.synonymWeight)
        raise(expansion.pointed, to: weight * Self.pointerWeight)
      }
    }
  }

  /// Gives words at least this weight. Synonyms do not add up, or a meaning with many words would
  /// outweigh the words that were said.
  private mutating func raise(_ words: [String], to weight: Double) {
    for word in words { weights[word] = max(weights[word] ?? 0, weight) }
  }

  package var isEmpty: Bool { weights.isEmpty }

  /// The words with their weights, sorted by word.
  var terms: [(word: String, weight: Double, isSaid: Bool)] {
    weights.keys.sorted().map { ($0, weights[$0] ?? 0, said.contains($0)) }
  }
}
