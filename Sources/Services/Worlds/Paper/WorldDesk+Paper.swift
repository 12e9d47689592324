package import Essentials
import Storage
package import Worlds

extension WorldDesk {
  /// Records fills and closes of days of paper accounts in one commit; a fill that is on record is
  /// passed over, so that one that is told twice or late makes no difference. Of a row that was traded
  /// already, by whomever, nothing is recorded.
  ///
  /// - Parameter terms: what the accounts are opened with, where they are not open yet.
  @discardableResult
  package func record(
    fills: [PaperFill], marks: [PaperMark] = [], terms: PaperTerms? = nil, in world: String,
    at instant: Timestamp
  ) throws(WorldDeskFailure) -> Receipt {
    try deciding(world, by: .desk, at: instant) { state throws(WorldDeskFailure) in
      guard state.isCreated else { throw .refused(.noWorld(world)) }
      if let last = state.tradedThrough, let whole = marks.first(where: \.isOfWorld),
        whole.day <= last
      {
        return []
      }
      var seen: Set<String> = []
      var fresh: [WorldEvent] = []
      if let terms, state.paperTerms == nil { fresh.append(.paperOpened(terms)) }
      try inJournal { () throws(JournalFailure) in
        try journal.read { store throws(JournalFailure) in
          for fill in fills {
            let name = (account: fill.account, order: fill.order, number: fill.number)
            guard seen.insert("\(fill.account)\n\(fill.order)\n\(fill.number)").inserted,
              try !book.hasFill(name, of: world, in: store)
            else { continue }
            fresh.append(.paperFilled(fill))
          }
        }
      }
      return fresh + marks.map(WorldEvent.paperMarked)
    }
  }

  /// Records an order that waits at a paper account, or that it is taken back.
  func record(
    order: PaperOrder, in world: String
  ) throws(WorldDeskFailure) -> Receipt {
    try deciding(world, by: .desk) { state throws(WorldDeskFailure) in
      guard state.isCreated else { throw .refused(.noWorld(world)) }
      return [order.document == .null ? .paperCancelled(order) : .paperOrdered(order)]
    }
  }
}

extension WorldState {
  /// The instant after which rows of prices are still to be traded: the last row that was, or when
  /// the first instance came to trade; nil where nobody trades and nobody ever did.
  var paperStart: Timestamp? {
    tradedThrough
      ?? records.filter { $0.phase == .dryrun || $0.phase == .live }.map(\.phaseSince).min()
  }
}
