/// The named options that restore a rule which is not sound: one for each setting that can say `seed`.
///
/// Shipped defaults are the sound rules; each of these is what they are measured against.
package enum SeedOptions {
  /// A setting and the word that restores its old rule.
  package struct Choice: Hashable, Sendable {
    package let path: String
    package let word: String
    /// One sentence on what the setting decides.
    package let meaning: String

    /// As a command line says it.
    package var assignment: String { "\(path)=\(word)" }
    /// As a document says it.
    package var line: String { "\(path): \(word)\n" }
  }

  /// All of them, in the order of the table of settings.
  package static let all: [Choice] = SettingKeys.all.compactMap { key in
    guard case .choice(let words) = key.kind, words.contains("seed") else { return nil }
    return Choice(path: key.path, word: "seed", meaning: key.meaning)
  }
}
