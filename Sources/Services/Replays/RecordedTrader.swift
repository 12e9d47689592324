package import Essentials
package import Markets

/// A trader that is listened to: it decides as it would alone, and what it wants and hears is written
/// down.
package struct RecordedTrader<Player: PortfolioTrader>: PortfolioTrader {
  package var player: Player
  /// What was wanted and heard since it was taken last, in order.
  package private(set) var notes: [TradeNote] = []
  /// Whether notes are kept.
  private let isListening: Bool

  /// - Parameter isListening: false lets everything pass without a note.
  package init(_ player: Player, isListening: Bool = true) {
    self.player = player
    self.isListening = isListening
  }

  /// Lets an event pass.
  package mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    player.observe(event, of: contract, account: account)
  }

  /// Lets a state of a book pass.
  package mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    player.observe(book, of: contract, at: instant, account: account)
  }

  /// Lets the loss of a book pass.
  package mutating func loseBook(of contract: ContractID) { player.loseBook(of: contract) }

  /// Notes what became of an order and lets it pass.
  package mutating func hear(_ report: OrderReport, of contract: ContractID) {
    if isListening { notes.append(.heard(report, of: contract)) }
    player.hear(report, of: contract)
  }

  /// Notes what the trader wants and lets it pass.
  package mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    let first = directives.count
    player.decide(at: instant, account: account, directives: &directives)
    guard isListening else { return }
    for wish in directives[first...] { notes.append(.wanted(wish, at: instant)) }
  }

  /// Hands over the notes since the last call.
  package mutating func takeNotes() -> [TradeNote] {
    defer { notes.removeAll(keepingCapacity: true) }
    return notes
  }
}

/// Something that a trader wanted of its venue, or heard from it.
package enum TradeNote: Hashable, Sendable {
  case wanted(ContractDirective, at: Timestamp)
  case heard(OrderReport, of: ContractID)
}
