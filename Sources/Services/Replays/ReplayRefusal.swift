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
  /// A recording of messages stands where a converted feed is wanted; `command` converts it.
  case rawRecording(path: String, command: String)
  case noFeeds(path: String)
  case emptyFeed(path: String)
  case spotFeed(path: String)
  case differentVenues(path: String, first: String)
  /// Two feeds of one symbol that count in other steps.
  case otherFeed(path: String, first: String)
  /// A feed begins before another one of its symbol ends.
  case overlappingFeeds(path: String, first: String, until: Timestamp)
  /// A feed counts in other steps, price and quantity, than its venue says.
  case otherSteps(symbol: String, feed: String, answer: String)
  case unknownBarLength(String)

  package var key: String {
    switch self {
    case .noFiles: "no_files"
    case .repeatedSymbol: "repeated_symbol"
    case .unknownSymbol: "unknown_symbol"
    case .differentSpans: "another_bar_length"
    case .emptyPeriod: "empty_period"
    case .unusableAnswer: "unusable_answer"
    case .noStep: "no_step"
    case .rawRecording: "raw_recording"
    case .noFeeds: "no_feeds"
    case .emptyFeed: "empty_feed"
    case .spotFeed: "spot_feed"
    case .differentVenues: "different_venues"
    case .otherFeed: "other_feed"
    case .overlappingFeeds: "overlapping_feeds"
    case .otherSteps: "other_steps"
    case .unknownBarLength: "unknown_bar_length"
    }
  }

  package var explanation: String {
    switch self {
    case .noFiles(let paths):
      "\(paths.isEmpty ? "Nothing is named" : "There is nothing to replay in \(paths.joined(separator: ", "))")."
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
    case .rawRecording(let path, _):
      "\(path) is a recording of messages, which must be converted before it is replayed."
    case .noFeeds(let path): "There is no converted feed in \(path): no name ends in .feed."
    case .emptyFeed(let path): "The feed \(path) holds neither a book nor a trade."
    case .spotFeed(let path): "The feed \(path) is of a spot market; perpetuals are traded here."
    case .differentVenues(let path, let first):
      "The feed \(path) is of another venue than \(first); an account has one."
    case .otherFeed(let path, let first):
      "\(path) does not go on from \(first): it counts in other steps, or by another protocol."
    case .overlappingFeeds(let path, let first, let until):
      "\(path) begins before \(first) ends at \(until); files of one symbol follow each other."
    case .otherSteps(let symbol, let feed, let answer):
      "The feed of \(symbol) counts in steps of \(feed), its venue in steps of \(answer)."
    case .unknownBarLength(let text): "\(text) is no length of bars."
    }
  }

  package var remedy: String {
    switch self {
    case .noFiles:
      "Name bars such as BTCUSDT_1m.csv.gz with --data, or converted feeds with --feed."
    case .rawRecording(_, let command): "Convert it: \(command)"
    case .noFeeds: "Convert a recording with `athanor data convert --out NAME.feed`."
    case .emptyFeed: "Convert its recording again with `athanor data convert`."
    case .spotFeed: "Record and convert the feed of the perpetual of the same coin."
    case .differentVenues: "Replay the feeds of one venue at a time."
    case .otherFeed: "Convert both recordings with the same --venue, --tick and --lot."
    case .overlappingFeeds: "Leave one of them out, or cut the recordings where one ends."
    case .otherSteps: "Convert the recording again with the venue's --tick and --lot."
    case .unknownBarLength: "Give a length such as 1s, 1m or 1h."
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
