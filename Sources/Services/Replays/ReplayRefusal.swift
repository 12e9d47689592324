package import Essentials

/// Why nothing can be replayed.
package enum ReplayRefusal: ExplainedFailure, Hashable {
  case noFiles(paths: [String])
  /// Several files hold the bars of one symbol.
  case repeatedSymbol(symbol: String, path: String, first: String)
  case unknownSymbol(symbol: String, known: [String])
  case differentSpans(symbol: String, span: TimeSpan, first: String, expected: TimeSpan)
  /// No bar lies between the beginning of trading and its end.
  case emptyPeriod(from: Timestamp, to: Timestamp, first: Timestamp, last: Timestamp)
  case unusableAnswer(file: String, reason: String)
  case noStep(symbol: String)

  package var key: String {
    switch self {
    case .noFiles: "no_files"
    case .repeatedSymbol: "repeated_symbol"
    case .unknownSymbol: "unknown_symbol"
    case .differentSpans: "another_bar_length"
    case .emptyPeriod: "empty_period"
    case .unusableAnswer: "unusable_answer"
    case .noStep: "no_step"
    }
  }

  package var explanation: String {
    switch self {
    case .noFiles(let paths):
      "There are no bars in \(paths.isEmpty ? "no files" : paths.joined(separator: ", "))."
    case .repeatedSymbol(let symbol, let path, let first):
      "\(path) is about \(symbol), as \(first) is."
    case .unknownSymbol(let symbol, let known):
      "There are no bars of \(symbol); there are those of \(known.joined(separator: ", "))."
    case .differentSpans(let symbol, let span, let first, let expected):
      "The bars of \(symbol) are \(span) long, those of \(first) \(expected)."
    case .emptyPeriod(let from, let to, let first, let last):
      "Nothing is left to trade from \(from) to \(to); the data goes from \(first) to \(last)."
    case .unusableAnswer(let file, let reason): "\(file) cannot be used: \(reason)."
    case .noStep(let symbol): "The prices of \(symbol) have no step that can be counted."
    }
  }

  package var remedy: String {
    switch self {
    case .noFiles: "Name a folder or files such as BTCUSDT_1m.csv.gz with --data."
    case .repeatedSymbol: "Leave one of them out."
    case .unknownSymbol(let symbol, let known):
      nearestName(to: symbol, among: known).map { "Did you mean \($0)?" }
        ?? "Choose one of them, or leave --symbols out."
    case .differentSpans: "Replay bars of one length, or choose it with --bar."
    case .emptyPeriod: "Choose another period, or a shorter --warm-up."
    case .unusableAnswer: "Keep the venue's answer as it came, one in each file."
    case .noStep: "Check the prices of the file, or give --contracts."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
