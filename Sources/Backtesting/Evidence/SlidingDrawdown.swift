/// What a stretch of equity levels adds to the deepest fall of a longer one. Stretches that follow
/// one another are joined in any grouping.
struct LevelSpan {
  private let highest: Double
  private let lowest: Double
  /// The deepest fall within the stretch, as a share of the level that it began at.
  let drop: Double

  init(level: Double) {
    highest = level
    lowest = level
    drop = 0
  }

  private init(highest: Double, lowest: Double, drop: Double) {
    self.highest = highest
    self.lowest = lowest
    self.drop = drop
  }

  /// This stretch and then a later one.
  func followed(by later: LevelSpan) -> LevelSpan {
    LevelSpan(
      highest: max(highest, later.highest), lowest: min(lowest, later.lowest),
      drop: max(drop, later.drop, 1 - later.lowest / highest))
  }
}

/// The deepest fall within a window that moves forward over levels.
///
/// A queue of two stacks: the front holds, for each of its levels, the stretch from that level to
/// the end of the front; the back is one stretch. A level is joined once when it comes and once when
/// the front is refilled, so a step costs two joins on average, however long the window is.
struct SlidingDrawdown {
  /// The front's stretches; the last one is that of the window's first level.
  private var front: [LevelSpan] = []
  private var back: LevelSpan?
  /// The place of the first level in the back.
  private var backStart: Int

  /// An empty window that begins at a place.
  init(start: Int) {
    backStart = start
  }

  var drop: Double {
    switch (front.last, back) {
    case (let first?, let second?): first.followed(by: second).drop
    case (let first?, nil): first.drop
    case (nil, let second?): second.drop
    case (nil, nil): 0
    }
  }

  mutating func push(_ level: Double) {
    let next = LevelSpan(level: level)
    back = back?.followed(by: next) ?? next
  }

  /// Drops the window's first level; `end` is behind its last one.
  mutating func pop(end: Int, level: (Int) -> Double) {
    if front.isEmpty {
      var stretch: LevelSpan?
      for place in (backStart..<end).reversed() {
        let one = LevelSpan(level: level(place))
        let joined = stretch.map { one.followed(by: $0) } ?? one
        front.append(joined)
        stretch = joined
      }
      back = nil
      backStart = end
    }
    front.removeLast()
  }
}
