/// What is known about the place that a stream of text goes to.
struct TerminalFacts: Hashable, Sendable {
  /// True for a screen with somebody before it, false for a file or a pipe.
  var isTerminal: Bool
  /// Cells in a line, nil where lines may have any length.
  var width: Int?
  var paint: Paint
  /// Whether a program reads the progress: then it is told in documents, one on each line.
  var tellsDocuments: Bool

  /// Weighs what the system and the environment say.
  ///
  /// `COLUMNS` overrides the window's width. Colors need a terminal that is not `dumb`, and no
  /// `NO_COLOR` that has a value (https://no-color.org). `ATHANOR_PROGRESS=json` asks for progress in
  /// documents.
  init(isTerminal: Bool, windowWidth: Int?, environment: [String: String]) {
    self.isTerminal = isTerminal
    tellsDocuments = !isTerminal && environment["ATHANOR_PROGRESS"] == "json"
    let narrowest = 20  // Below this no table can be read, so such a width is a mistake.
    let columns = environment["COLUMNS"].flatMap(Int.init)
    width = [columns, isTerminal ? windowWidth : nil].compactMap { $0 }.first { $0 >= narrowest }
    let wantsColor =
      isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    paint = wantsColor ? .ansi : .none
  }

  /// The width of running text: that of the line, but never more than a page is comfortable to read.
  var textWidth: Int { min(width ?? 80, 100) }
}

/// Emphasis by the terminal's escape sequences, or none.
enum Paint: Hashable, Sendable {
  case none
  case ansi

  func bold(_ text: String) -> String { wrapped(text, "1") }
  func faint(_ text: String) -> String { wrapped(text, "2") }
  func red(_ text: String) -> String { wrapped(text, "31") }
  func yellow(_ text: String) -> String { wrapped(text, "33") }
  func green(_ text: String) -> String { wrapped(text, "32") }

  private func wrapped(_ text: String, _ code: String) -> String {
    switch self {
    case .none: text
    case .ansi: "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
  }
}
