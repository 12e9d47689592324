/// Why a message of a venue was refused. What is refused changes nothing but ``FeedCounts``.
package enum FeedDefect: Error, Hashable, Sendable {
  /// The bytes are no JSON document.
  case notJSON
  /// More bytes, or more levels, trades or bars in one message, than any venue sends.
  case tooLong
  /// No stream that the reader knows sends such a message.
  case unknownChannel
  /// It is about a symbol that the reader was not given.
  case unknownSymbol
  /// Parts of it are about different symbols.
  case contradictorySymbols
  /// A field that it must have is not there, or empty.
  case missing(FeedField)
  /// A field that is read as it comes, such as a side of a book, is there twice.
  case repeated(FeedField)
  /// A field is not of its kind, or a number is beyond what is counted or not above zero.
  case unreadable(FeedField)
  /// A price lies between two ticks, or a quantity between two lots.
  case betweenSteps(FeedField)
}

/// The fields of messages, by what they mean.
package enum FeedField: String, Hashable, Sendable, CaseIterable {
  case message, topic, kind, symbol, instant, sequence, previous, bids, asks, price, quantity
  case taker, name, bars, start, interval, open, high, low, close, volume, turnover, trades
  case isClosed, mark, index, fundingRate, nextFunding
}

extension FeedDefect {
  /// The kind of the defect, under which it is counted.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case notJSON = "not_json"
    case tooLong = "too_long"
    case unknownChannel = "unknown_channel"
    case unknownSymbol = "unknown_symbol"
    case contradictorySymbols = "contradictory_symbols"
    case missing = "missing_field"
    case repeated = "repeated_field"
    case unreadable = "unreadable_field"
    case betweenSteps = "between_steps"
  }

  /// The kind of the defect, whichever field it is in.
  package var kind: Kind {
    switch self {
    case .notJSON: .notJSON
    case .tooLong: .tooLong
    case .unknownChannel: .unknownChannel
    case .unknownSymbol: .unknownSymbol
    case .contradictorySymbols: .contradictorySymbols
    case .missing: .missing
    case .repeated: .repeated
    case .unreadable: .unreadable
    case .betweenSteps: .betweenSteps
    }
  }
}

extension FeedDefect: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notJSON: "it is not JSON"
    case .tooLong: "it is longer than any message of a venue"
    case .unknownChannel: "no known stream sends it"
    case .unknownSymbol: "it is about an unknown symbol"
    case .contradictorySymbols: "its parts are about different symbols"
    case .missing(let field): "it has no \(field.rawValue)"
    case .repeated(let field): "its \(field.rawValue) is there twice"
    case .unreadable(let field): "its \(field.rawValue) cannot be read"
    case .betweenSteps(let field): "its \(field.rawValue) lies between two steps"
    }
  }
}
