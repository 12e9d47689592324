/// Somebody at a terminal who can be asked.
struct Questioner: Sendable {
  /// Whether what is typed may be seen.
  enum Echo: Sendable {
    case shown
    /// As of a password.
    case hidden
  }

  /// Shows a question and returns the line that was typed, nil where there is no more to come.
  var ask: @Sendable (_ question: String, Echo) -> String?
}
