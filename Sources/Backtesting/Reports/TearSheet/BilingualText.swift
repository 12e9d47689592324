/// One thing said in English and in Korean, so that no page knows it in one language only.
package struct BilingualText: Hashable, Sendable {
  package let english: String
  package let korean: String

  package init(_ english: String, _ korean: String) {
    self.english = english
    self.korean = korean
  }

  /// What is written alike in both languages: a number, a date, a name.
  package init(same text: String) {
    self.init(text, text)
  }

  static func + (left: Self, right: Self) -> Self {
    Self(left.english + right.english, left.korean + right.korean)
  }
}
