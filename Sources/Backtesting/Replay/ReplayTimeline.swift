import Essentials
package import Markets

/// What was recorded of many contracts, as one sequence of events.
///
/// The order is that of the instants; of one instant bars that end there come first, then marks,
/// funding, trades and books, of each kind by contract, and of each contract as recorded. It follows
/// from the recordings alone.
package struct ReplayTimeline: Sendable {
  /// Kinds of events in the order in which they are told at one instant.
  package enum Kind: CaseIterable, Sendable {
    case bars, marks, funding, trades, books
  }

  /// Where the timeline stands in one kind of events of one contract.
  package struct Cursor: Sendable {
    package let kind: Kind
    package let contract: ContractID
    /// The place of the next event in the recording.
    package fileprivate(set) var place = 0
    /// The instant at which the next event is told, in milliseconds; the largest number behind the
    /// last.
    package fileprivate(set) var key = Int64.max
    fileprivate let count: Int
  }

  /// Only those that have events, in the order in which they are told at one instant.
  package private(set) var cursors: ContiguousArray<Cursor> = []
  /// The book of each contract as far as it was told; nil where none is recorded.
  package private(set) var books: ContiguousArray<SynchronizedBook?>
  /// The number of events that are recorded.
  package let total: Int

  private let recordings: ContiguousArray<ContractRecording>
  /// The bars of each contract, none where it has none.
  private let series: ContiguousArray<BarSeries>

  /// The timeline of what was recorded of each contract of an account, in its order.
  package init(_ recordings: [ContractRecording]) {
    self.recordings = ContiguousArray(recordings)
    series = ContiguousArray(recordings.map { $0.bars ?? BarSeries(.minute) })
    total = recordings.reduce(0) { $0 + $1.count }
    books = ContiguousArray(
      recordings.map { $0.books.map { SynchronizedBook($0.sequencing) } })
    for kind in Kind.allCases {
      for (place, recording) in recordings.enumerated() {
        let count = Self.count(of: kind, in: recording)
        guard count > 0 else { continue }
        var cursor = Cursor(kind: kind, contract: ContractID(place: place), count: count)
        cursor.key = instant(of: cursor)
        cursors.append(cursor)
      }
    }
  }

  /// The instant of the next event in milliseconds; the largest number where there is none.
  package var next: Int64 {
    var next = Int64.max
    for place in cursors.indices { next = min(next, cursors[place].key) }
    return next
  }

  /// The event at which a cursor stands; nil for a message of a book.
  package func event(at cursor: Int) -> MarketEvent? {
    let contract = cursors[cursor].contract.place
    let place = cursors[cursor].place
    switch cursors[cursor].kind {
    case .bars: return .bar(series[contract][place], span: series[contract].span)
    case .marks: return .mark(recordings[contract].marks[place])
    case .funding: return .funding(recordings[contract].funding[place])
    case .trades: return .trade(recordings[contract].trades[place])
    case .books: return nil
    }
  }

  /// Lets the book of a contract take in the message at which a cursor stands, and says what came of
  /// the book: where it was applied it is another one and can be believed.
  package mutating func applyMessage(at cursor: Int) -> BookDirective {
    let contract = cursors[cursor].contract.place
    guard let recording = recordings[contract].books else { return .skipped }
    var directive = BookDirective.skipped
    recording.read(cursors[cursor].place) { header, bids, asks in
      directive = books[contract]?.receive(header, bids: bids, asks: asks) ?? .skipped
    }
    return directive
  }

  /// Goes beyond the event at which a cursor stands. An event that is earlier than the one before it
  /// gets its instant, so keys never fall.
  package mutating func advance(_ cursor: Int) {
    cursors[cursor].place += 1
    cursors[cursor].key =
      cursors[cursor].place < cursors[cursor].count
      ? max(cursors[cursor].key, instant(of: cursors[cursor])) : .max
  }

  /// What was wrong with the bars of each contract.
  package var barCounts: [BarCounts] { series.map(\.counts) }

  private func instant(of cursor: Cursor) -> Int64 {
    let contract = cursor.contract.place
    let place = cursor.place
    switch cursor.kind {
    case .bars:
      return series[contract].openTimes[place] + series[contract].span.length.milliseconds
    case .marks: return recordings[contract].marks[place].instant.millisecondsSinceEpoch
    case .funding:
      let payment = recordings[contract].funding[place]
      let turn =
        series[contract].isEmpty
        ? payment.instant : payment.turn(among: series[contract].span)
      return turn.millisecondsSinceEpoch
    case .trades: return recordings[contract].trades[place].instant.millisecondsSinceEpoch
    case .books:
      return recordings[contract].books?.instant(at: place).millisecondsSinceEpoch ?? .max
    }
  }

  private static func count(of kind: Kind, in recording: ContractRecording) -> Int {
    switch kind {
    case .bars: recording.bars?.count ?? 0
    case .marks: recording.marks.count
    case .funding: recording.funding.count
    case .trades: recording.trades.count
    case .books: recording.books?.count ?? 0
    }
  }
}
