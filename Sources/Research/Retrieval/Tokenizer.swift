import Foundation

/// Cuts text into the words that an index knows.
///
/// - Latin letters and digits are lower-cased. An identifier gives itself and its parts, which end at
///   underscores, at digits and before capitals: `act_q_epsMean2` gives `act_q_epsmean2`, `act`,
///   `q`, `eps`, `mean` and `2`. English plurals are folded onto the singular.
/// - Korean words lose a common particle at their end and give every pair of neighboring syllables,
///   since Korean writes compounds with and without spaces. Chinese and Japanese runs give pairs
///   too.
/// - Words that say nothing (`the`, `of`, ...) are left out.
enum Tokenizer {
  /// Changes whenever the same text may give other words, so that cached indexes are made anew.
  static let version = 1

  /// A run of one script.
  enum Run: Hashable {
    /// An identifier or a word as it was written.
    case latin(String)
    /// A Korean word as it was written and without its particle, or a run of other syllabic or
    /// logographic letters.
    case syllables(String, stem: String)
  }

  /// Returns the words of a text in their order, repeated as often as they occur.
  static func words(of text: String) -> [String] {
    runs(of: text).flatMap(words(of:))
  }

  /// Returns the words of one run.
  static func words(of run: Run) -> [String] {
    switch run {
    case .latin(let identifier): latinWords(identifier)
    case .syllables(_, let stem): pairs(stem)
    }
  }

  /// Cuts a text where the script changes and at everything that is no letter, digit or underscore.
  static func runs(of text: String) -> [Run] {
    // Composed syllables have one scalar each; other systems' file names and some keyboards
    // deliver them taken apart.
    let isDecomposed = text.unicodeScalars.contains { (0x1100...0x11FF).contains($0.value) }
    let text = isDecomposed ? text.precomposedStringWithCanonicalMapping : text
    var runs: [Run] = []
    var current = String.UnicodeScalarView()
    var kind = Kind.separator
    func finish() {
      guard !current.isEmpty else { return }
      let word = String(current)
      switch kind {
      case .separator: break
      case .latin: if word.contains(where: { $0 != "_" }) { runs.append(.latin(word)) }
      case .hangul: runs.append(.syllables(word, stem: withoutParticle(word)))
      case .han: runs.append(.syllables(word, stem: word))
      }
      current = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      let next = Kind(scalar)
      if next != kind {
        finish()
        kind = next
      }
      if next != .separator { current.append(scalar) }
    }
    finish()
    return runs
  }

  private enum Kind {
    case separator, latin, hangul, han

    init(_ scalar: Unicode.Scalar) {
      switch scalar.value {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: self = .latin
      case 0xC0...0x24F where scalar.properties.isAlphabetic: self = .latin
      case 0xAC00...0xD7A3: self = .hangul
      case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF: self = .han
      default: self = .separator
      }
    }
  }

  // MARK: - Latin letters

  private static func latinWords(_ identifier: String) -> [String] {
    let parts = parts(of: identifier)
    let whole = identifier.lowercased()
    let words = parts.count == 1 && parts[0] == whole ? [whole] : [whole] + parts
    return words.filter { !emptyWords.contains($0) }.map(singular)
  }

  /// The parts of an identifier in lower case: they end at underscores, between letters and digits,
  /// and before a capital that follows a small letter.
  private static func parts(of identifier: String) -> [String] {
    var parts: [String] = []
    var current = ""
    var previous: Character?
    for character in identifier {
      let isBreak =
        previous.map {
          $0.isNumber != character.isNumber || $0.isLowercase && character.isUppercase
        } ?? false
      if character == "_" || isBreak, !current.isEmpty {
        parts.append(current.lowercased())
        current = ""
      }
      if character != "_" { current.append(character) }
      previous = character == "_" ? nil : character
    }
    if !current.isEmpty { parts.append(current.lowercased()) }
    return parts
  }

  /// Folds a plural onto its singular by the spelling alone: `companies` to `company`, `taxes` to
  /// `tax`, `prices` to `price`. Words such as `analysis`, `bonus` and `loss` stay.
  static func singular(_ word: String) -> String {
    guard word.utf8.count > 3, word.hasSuffix("s") else { return word }
    if word.hasSuffix("ies"), word.utf8.count > 4 { return word.dropLast(3) + "y" }
    for ending in ["sses", "shes", "ches", "xes", "zes"] where word.hasSuffix(ending) {
      return String(word.dropLast(2))
    }
    for ending in ["ss", "us", "is"] where word.hasSuffix(ending) { return word }
    return String(word.dropLast())
  }

  private static let emptyWords: Set<String> = [
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have",
    "in", "into", "is", "it", "its", "of", "on", "or", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "to", "was", "were", "when", "where",
    "which", "while", "who", "will", "with",
  ]

  // MARK: - Syllables

  /// The pairs of neighboring letters; a word of one letter is its own pair.
  static func pairs(_ word: String) -> [String] {
    let letters = Array(word)
    guard letters.count > 2 else { return [word] }
    return (0..<letters.count - 1).map { String(letters[$0...$0 + 1]) }
  }

  /// Removes the longest particle or ending that may stand at the end of a word; at least two
  /// syllables remain.
  private static func withoutParticle(_ word: String) -> String {
    let syllables = Array(word.unicodeScalars)
    for particle in particles where word.hasSuffix(particle.text) {
      let rest = syllables.count - particle.text.unicodeScalars.count
      if rest >= 2, particle.place.admits(after: syllables[rest - 1]) {
        return String(word.dropLast(particle.text.count))
      }
    }
    return word
  }

  /// What sound a particle follows. It tells the particle of `주가가` from the noun `저평가`.
  private enum Place {
    case anywhere, afterVowel, afterConsonant
    /// After a vowel or ㄹ.
    case afterLiquid

    /// A composed syllable is numbered by its first sound, vowel and last consonant, of which there
    /// are 28, none included (Unicode Standard, section 3.12).
    func admits(after syllable: Unicode.Scalar) -> Bool {
      let lastConsonant = (syllable.value - 0xAC00) % 28
      switch self {
      case .anywhere: return true
      case .afterVowel: return lastConsonant == 0
      case .afterConsonant: return lastConsonant != 0
      case .afterLiquid: return lastConsonant == 0 || lastConsonant == 8
      }
    }
  }

  /// Particles and common endings of verbs made from nouns, the longest first.
  private static let particles: [(text: String, place: Place)] = {
    let groups: [(Place, String)] = [
      (
        .anywhere,
        """
        에서는 에서의 적으로 입니다 합니다 됩니다 에서 에게 부터 까지 보다 처럼 마다 하고 하는 되는 \
        하면 되면 적인 이다 한다 된다 에는 들은 들이 들을 들의 의 에 도 만 한 된 들
        """
      ),
      (.afterVowel, "는 가 를 와 나 와의"), (.afterLiquid, "로 로부터 로써 로서"),
      (.afterConsonant, "은 이 을 과 으로 이나 과의 으로부터 으로써 으로서 이라는"),
    ]
    return groups.flatMap { place, words in
      words.split(separator: " ").map { (text: String($0), place: place) }
    }.sorted { ($1.text.count, $0.text) < ($0.text.count, $1.text) }
  }()
}
