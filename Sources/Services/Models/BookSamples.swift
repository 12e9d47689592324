import Essentials
import Markets
import Models
import Storage

/// The flows of books in recorded feeds, interval by interval, with what the price did after.
struct BookSamples {
  /// By time and then symbol.
  let samples: [LabeledRow]
  /// In the order of the files.
  let rows: [FitRow]

  /// Rebuilds the book of each feed from its messages. Where one breaks, the chain of intervals does.
  init(of files: [String], _ settings: SignalFitting.Settings, progress: (Int) -> Void) {
    var samples: [LabeledRow] = []
    rows = FitRow.rows(of: files, names: settings.names, progress: progress) { path in
      let (row, found) = try Self.read(path, settings)
      samples += found
      return row
    }
    self.samples = samples.enumerated().sorted {
      ($0.element.interval.start, $0.element.symbol, $0.offset)
        < ($1.element.interval.start, $1.element.symbol, $1.offset)
    }.map(\.element)
  }

  private static func open(_ path: String) throws -> FeedFile {
    do throws(FeedFileFailure) {
      return try FeedFile(path: path)
    } catch {
      if case .notAFeed = error { throw FitRefusal.needsBooks(path: path) }
      throw error
    }
  }

  private static func read(
    _ path: String, _ settings: SignalFitting.Settings
  ) throws -> (FitRow, [LabeledRow]) {
    let file = try open(path)
    let symbol = settings.names.symbol(inPath: file.head.symbol) ?? file.head.symbol
    var book = SynchronizedBook(file.head.protocol)
    var sampler = BookSampler(
      symbol: symbol, interval: settings.interval, tick: file.head.tick, lot: file.head.lot,
      settings: OrderFlowImbalance.Settings(levels: settings.levels))
    var breaks = 0
    var end: Timestamp?
    for place in 0..<file.count {
      let instant = file.instant(at: place)
      if let last = settings.end, instant > last { continue }
      end = max(end ?? instant, instant)
      let wasSynchronized = book.state == .synchronized
      file.read(place) { header, bids, asks in
        _ = book.receive(header, bids: bids, asks: asks)
      }
      if book.state == .synchronized, let instant = book.instant {
        sampler.observe(book.book, at: instant)
      } else if wasSynchronized {
        breaks += 1
        sampler.loseBook()
      }
    }
    var row = FitRow(path: path, symbol: symbol, .used)
    row.count = sampler.rows.count
    row.gapCount = breaks
    row.end = end
    return (row, sampler.rows)
  }
}
