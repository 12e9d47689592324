package import Markets

/// What a message of a venue's public stream says.
package enum FeedNews: Hashable, Sendable {
  /// A message of a book, whose levels are in ``FeedReader/bids`` and ``FeedReader/asks``. The depth is
  /// that of a stream of Bybit, which has several of one symbol that number their messages apart.
  case book(BookHeader, of: ContractID, depth: Int?)
  /// What stands in ``FeedReader/events``, which may be nothing.
  case events
  /// Something about the connection.
  case notice(FeedNotice)
  /// It was refused.
  case defect(FeedDefect)
}

/// What a venue says about the connection.
package enum FeedNotice: String, Hashable, Sendable, CaseIterable {
  /// A request, such as a subscription, was accepted.
  case accepted
  /// A request was refused.
  case refused
  /// An answer to a sign of life.
  case pong
}

/// Something that a message says of a market.
package struct FeedEvent: Hashable, Sendable {
  /// What it is.
  package enum Content: Hashable, Sendable {
    case trade(Trade)
    /// A sight of a bar, forming or closed; `BarIntake` makes closed ones of it.
    case bar(Bar, span: BarSpan)
    case quote(BookQuote)
    case reference(ReferencePrice)
    case announcement(FundingAnnouncement)
  }

  package let contract: ContractID
  package let content: Content

  package init(_ content: Content, of contract: ContractID) {
    self.contract = contract
    self.content = content
  }
}
