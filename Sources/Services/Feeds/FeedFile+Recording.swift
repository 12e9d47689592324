package import Backtesting
import Markets
package import Storage

extension FeedFile {
  /// What the file holds of its contract, for a replay. Trades, marks and payments are copied; the
  /// messages of books stay where they are and are read as they come up.
  package var recording: ContractRecording {
    var recording = ContractRecording(books: count > 0 ? self : nil)
    recording.trades.reserveCapacity(counts.trades)
    recording.marks.reserveCapacity(counts.marks)
    visit { record, _, _ in
      switch record.content {
      case .book: break
      case .trade(let trade): recording.trades.append(trade)
      case .mark(let reference): recording.marks.append(reference)
      case .funding(let payment): recording.funding.append(payment)
      }
      return true
    }
    return recording
  }
}
