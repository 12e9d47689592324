package import Backtesting
package import Essentials
import Execution
import Foundation
package import Markets
package import Storage

/// The converted feed of one contract that is replayed: a file, or several that follow each other.
package struct RecordedFeed: Sendable {
  /// The files in the order of time.
  package let paths: [String]
  package let head: FeedFileHead
  /// The digest of the files.
  package let fingerprint: Fingerprint
  /// What it tells, without bars: the messages of books stay in the mapped files.
  package let recording: ContractRecording
  /// When its books and trades begin, and when it ends, by the venue's clock.
  package let first: Timestamp
  package let last: Timestamp

  package var symbol: String { head.symbol }
  package var venue: Venue { head.protocol == .bybit ? .bybit : .binance }

  /// Opens a file; a recording that was not converted, or of a market that is no perpetual's, is refused.
  init(path: String) throws {
    let file: FeedFile
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
    paths = [path]
    head = file.head
    fingerprint = file.fingerprint
    self.first = first
    self.last = last
  }

  /// How far a file may reach into the next one: clocks of books and trades differ by so much at most.
  /// What comes twice or late there is left out and counted, as within a file.
  private static let overlapMax = TimeSpan.seconds(5)

  /// Joins the feeds of one contract by their time; nil of none.
  ///
  /// The book goes on from one to the next where its messages follow each other, and is lost until a
  /// snapshot where they do not.
  private init?(joining parts: [RecordedFeed]) throws(ReplayRefusal) {
    let parts = parts.sorted { $0.first < $1.first }
    guard let start = parts.first, let last = parts.map(\.last).max() else { return nil }
    guard parts.count > 1 else {
      self = start
      return
    }
    for (part, next) in zip(parts, parts.dropFirst()) {
      guard next.head == start.head else {
        throw .otherFeed(path: next.paths[0], first: start.paths[0])
      }
      guard next.first + Self.overlapMax >= part.last else {
        throw .overlappingFeeds(path: next.paths[0], first: part.paths[0], until: part.last)
      }
    }
    var digest = FingerprintDigest()
    var recording = ContractRecording(
      books: JoinedBooks(parts.compactMap(\.recording.books)))
    for part in parts {
      digest.absorb("feed \(part.fingerprint)\n")
      recording.trades += part.recording.trades
      recording.marks += part.recording.marks
      // A payment may be told in both files around it, and is paid once.
      let paid = recording.funding.last?.instant
      recording.funding += part.recording.funding.filter { payment in
        paid.map { payment.instant > $0 } ?? true
      }
    }
    paths = parts.flatMap(\.paths)
    head = start.head
    fingerprint = digest.finish()
    self.recording = recording
    first = start.first
    self.last = last
  }

  /// Finds the feeds that somebody named: files, and those of folders whose names end in `.feed`.
  ///
  /// They come by symbol; those of one symbol follow each other in time, and all are of one venue.
  static func found(in paths: [String]) throws -> [RecordedFeed] {
    var parts: [String: [RecordedFeed]] = [:]
    var first: RecordedFeed?
    for path in paths {
      for file in try files(in: path) {
        let feed = try RecordedFeed(path: file)
        if let first, first.venue != feed.venue {
          throw ReplayRefusal.differentVenues(path: file, first: first.paths[0])
        }
        first = first ?? feed
        parts[feed.symbol, default: []].append(feed)
      }
    }
    return try parts.keys.sorted().compactMap { try RecordedFeed(joining: parts[$0] ?? []) }
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
