import Networking

/// The last frames of the journal without a gap, so that what everybody wants is encoded once.
///
/// It keeps at most ``countMax`` frames of ``bytesMax`` bytes together; the oldest go first.
struct RecentFrames: Sendable {
  private var frames: [LiveFrame] = []
  /// The place of the oldest frame in `frames`; what lies before it was let go.
  private var start = 0
  private var byteCount = 0
  private let countMax: Int
  private let bytesMax: Int
  /// The number of the last event that was told, whether its frame is still kept or not.
  private(set) var tail: Int64

  init(tail: Int64, countMax: Int = 4096, bytesMax: Int = 8 << 20) {
    self.tail = tail
    self.countMax = countMax
    self.bytesMax = bytesMax
  }

  var count: Int { frames.count - start }

  /// The cursor after which every event up to the tail is kept.
  var floor: Int64 { tail - Int64(count) }

  /// Takes in the following frames. A first one that does not follow the tail begins anew.
  mutating func append(_ more: [LiveFrame]) {
    guard let first = more.first, let last = more.last else { return }
    if first.seq != tail + 1 { clear(tail: first.seq - 1) }
    frames += more
    byteCount += more.reduce(0) { $0 + $1.text.bytes.count }
    tail = last.seq
    while count > countMax || byteCount > bytesMax, start < frames.count {
      byteCount -= frames[start].text.bytes.count
      start += 1
    }
    // Half of the places are free, so a frame is moved once on average.
    if start > frames.count / 2 {
      frames.removeFirst(start)
      start = 0
    }
  }

  /// Lets all frames go.
  mutating func clear(tail: Int64) {
    frames = []
    start = 0
    byteCount = 0
    self.tail = tail
  }

  /// The frames after a cursor, at most `limit`; nil where some of them were let go.
  func frames(after cursor: Int64, limit: Int) -> ArraySlice<LiveFrame>? {
    guard cursor >= floor else { return nil }
    guard cursor < tail else { return [] }
    return frames[(start + Int(cursor - floor))...].prefix(limit)
  }
}
