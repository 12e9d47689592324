/// What a reader of messages took in and what it refused.
package struct FeedCounts: Hashable, Sendable {
  /// Messages of any kind, refused ones included.
  package internal(set) var messages = 0
  package internal(set) var bytes = 0
  /// Messages of books.
  package internal(set) var books = 0
  /// Levels in them.
  package internal(set) var levels = 0
  package internal(set) var trades = 0
  /// Trades left out because they were not made in the book: of insurance funds, deleveraging, blocks.
  package internal(set) var tradesOffBook = 0
  package internal(set) var quotes = 0
  /// Sights of bars, most of them forming.
  package internal(set) var bars = 0
  package internal(set) var references = 0
  package internal(set) var announcements = 0
  /// Messages about the connection.
  package internal(set) var notices = 0
  private var refused = [Int](repeating: 0, count: FeedDefect.Kind.allCases.count)

  package init() {}

  /// The messages that were refused for a kind of defect.
  package func refused(_ kind: FeedDefect.Kind) -> Int { refused[kind.place] }

  /// All messages that were refused.
  package var allRefused: Int { refused.reduce(0, +) }

  mutating func refuse(_ defect: FeedDefect) { refused[defect.kind.place] += 1 }
}

extension FeedDefect.Kind {
  fileprivate var place: Int {
    switch self {
    case .notJSON: 0
    case .tooLong: 1
    case .unknownChannel: 2
    case .unknownSymbol: 3
    case .contradictorySymbols: 4
    case .missing: 5
    case .repeated: 6
    case .unreadable: 7
    case .betweenSteps: 8
    }
  }
}
