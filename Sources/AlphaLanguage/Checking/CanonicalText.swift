/// The one text that stands for a formula graph.
enum CanonicalText {
  /// The shortest decimal text that is read back as the same number; `nan` for a missing value.
  static func spelling(of number: Double) -> String {
    if number.isNaN { return "nan" }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
