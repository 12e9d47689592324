import Essentials
package import Markets

/// Where a replay stands in one kind of events of one contract.
struct ReplayCursor: Sendable {
  /// Kinds in the order in which they are told at one instant.
  enum Kind: CaseIterable, Sendable {
    case bars, marks, funding, trades, books
  }

  let kind: Kind
  let contract: ContractID
  /// The place of the next event in the recording.
  private(set) var place = 0
  /// The instant at which the next event is told, in milliseconds; the largest number behind the last.
  private(set) var key = Int64.max
  private let count: Int
  private let length: Int64
  private let span: BarSpan?

  init(_ kind: Kind, _ contract: ContractID, of recording: ContractRecording) {
    self.kind = kind
    self.contract = contract
    span = recording.bars?.span
    length = span?.length.milliseconds ?? 0
    count =
      switch kind {
      case .bars: recording.bars?.count ?? 0
      case .marks: recording.marks.count
      case .funding: recording.funding.count
      case .trades: recording.trades.count
      case .books: recording.books?.count ?? 0
      }
    if count > 0 { key = instant(in: recording) }
  }

  /// Goes to the next event.
  mutating func advance(in recording: ContractRecording) {
    place += 1
    key = place < count ? max(key, instant(in: recording)) : .max
  }

  private func instant(in recording: ContractRecording) -> Int64 {
    switch kind {
    case .bars: (recording.bars?.openTimes[place] ?? 0) + length
    case .marks: recording.marks[place].instant.millisecondsSinceEpoch
    case .funding:
      (span.map { recording.funding[place].turn(among: $0) } ?? recording.funding[place].instant)
        .millisecondsSinceEpoch
    case .trades: recording.trades[place].instant.millisecondsSinceEpoch
    case .books: recording.books?.instant(at: place).millisecondsSinceEpoch ?? 0
    }
  }
}
