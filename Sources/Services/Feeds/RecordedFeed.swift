package import Backtesting
package import Essentials
import Execution
import Foundation
package import Markets
package import Storage

/// A converted feed of one contract that is replayed.
package struct RecordedFeed: Sendable {
  package let path: String
  package let file: FeedFile
  /// What it tells, without bars: the messages of books stay in the mapped file.
  package let recording: ContractRecording
  /// When its books and trades begin, and when it ends, by the venue's clock.
  package let first: Timestamp
  package let last: Timestamp

  package var symbol: String { file.head.symbol }
  package var venue: Venue { file.head.protocol == .bybit ? .bybit : .binance }

  /// Opens a file; a recording that was not converted, or of a market that is no perpetual's, is refused.
  init(path: String) throws {
    do throws(FeedFileFailure) {
      file = try FeedFile(path: path)
    } catch {
      guard case .notAFeed = error, let guess = RecordingGuess(path: path) else { throw error }
      throw ReplayRefusal.rawRecording(path: path, command: guess.command)
    }
    guard file.head.protocol != .binanceSpot else { throw ReplayRefusal.spotFeed(path: path) }
    recording = file.recording
    let book = file.count > 0 ? file.instant(at: 0) : nil
    guard let first = [recording.trades.first?.instant, book].compactMap({ $0 }).min(),
      let last = file.counts.last
    else { throw ReplayRefusal.emptyFeed(path: path) }
    self.path = path
    self.first = first
    self.last = last
  }

  /// Finds the feeds that somebody named: files, and those of folders whose names end in `.feed`.
  ///
  /// They come by symbol; no two may be of one, nor of different venues.
  static func found(in paths: [String]) throws -> [RecordedFeed] {
    var feeds: [RecordedFeed] = []
    for path in paths {
      for file in try files(in: path) {
        let feed = try RecordedFeed(path: file)
        if let other = feeds.first(where: { $0.symbol == feed.symbol }) {
          throw ReplayRefusal.repeatedSymbol(
            symbol: feed.symbol, path: feed.path, first: other.path)
        }
        if let other = feeds.first, other.venue != feed.venue {
          throw ReplayRefusal.differentVenues(path: feed.path, first: other.path)
        }
        feeds.append(feed)
      }
    }
    return feeds.sorted { $0.symbol < $1.symbol }
  }

  private static func files(in path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let feeds = names.filter { $0.hasSuffix(".feed") }.map { "\(path)/\($0)" }
    guard feeds.isEmpty else { return feeds }
    for name in names {
      if let guess = RecordingGuess(path: "\(path)/\(name)") {
        throw ReplayRefusal.rawRecording(path: "\(path)/\(name)", command: guess.command)
      }
    }
    throw ReplayRefusal.noFeeds(path: path)
  }
}
