import Mathematics

/// The linearly weighted sum of the last `window` rows: the newest counts `window` times, the
/// oldest once. A missing value counts as zero, like `ts_decay_linear` with `dense=false`.
///
/// The division by `window * (window + 1) / 2` is left out, because every use is scaled afterwards.
/// Rows come in blocks of `window`. At position `j` of a block the window covers the positions
/// above `j` of the block before and those up to `j` of this one:
///
/// ```
///   block before              this block                 weight of
///   0 1 2 3 [4 5 6 7]         [0 1 2 3] . . . .          before[i]: i - j
///             j = 3                                      this[i]:   window - (j - i)
/// ```
///
/// `carried[j]`, the sum over the block before, is found by adding backwards when that block ends;
/// `current` follows `current - prefix + window * value`. So a value leaves the sum by no longer
/// being added, never by being subtracted, and a large one leaves no rounding behind. Cost: about
/// two additions and a multiplication for each value, whatever the window. Memory: two windows.
struct LinearDecay: ~Copyable {
  let window: Int
  private let lanes: Int
  /// The values of this block, `window` rows.
  private let block: UnsafeMutablePointer<Lanes>
  /// What the block before contributes at each position of this one, `window` rows.
  private let carried: UnsafeMutablePointer<Lanes>
  private let current: UnsafeMutablePointer<Lanes>
  private let prefix: UnsafeMutablePointer<Lanes>
  /// The clock of the newest value that was present.
  private let seen: UnsafeMutablePointer<Lanes>
  private var position = 0
  private var clock = 0.0

  init(window: Int, lanes: Int) {
    self.window = window
    self.lanes = lanes
    block = .allocate(capacity: window * lanes)
    carried = .allocate(capacity: window * lanes)
    current = .allocate(capacity: lanes)
    prefix = .allocate(capacity: lanes)
    seen = .allocate(capacity: lanes)
    block.initialize(repeating: Lanes(), count: window * lanes)
    carried.initialize(repeating: Lanes(), count: window * lanes)
    current.initialize(repeating: Lanes(), count: lanes)
    prefix.initialize(repeating: Lanes(), count: lanes)
    seen.initialize(repeating: Lanes(repeating: -.infinity), count: lanes)
  }

  deinit {
    block.deallocate()
    carried.deallocate()
    current.deallocate()
    prefix.deallocate()
    seen.deallocate()
  }

  /// Forgets everything that was pushed.
  mutating func reset() {
    carried.update(repeating: Lanes(), count: window * lanes)
    current.update(repeating: Lanes(), count: lanes)
    prefix.update(repeating: Lanes(), count: lanes)
    seen.update(repeating: Lanes(repeating: -.infinity), count: lanes)
    position = 0
    clock = 0
  }

  /// Replaces a row of values by their decayed sums; NaN where the window holds no value.
  mutating func push(_ values: UnsafeMutablePointer<Lanes>) {
    let length = Lanes(repeating: Double(window))
    let now = Lanes(repeating: clock)
    let row = block + position * lanes
    let fromBefore = carried + position * lanes
    for i in 0..<lanes {
      let value = values[i]
      let isMissing = value .!= value
      let known = value.replacing(with: 0, where: isMissing)
      row[i] = known
      current[i] = current[i] - prefix[i] + length * known
      prefix[i] += known
      let newest = now.replacing(with: seen[i], where: isMissing)
      seen[i] = newest
      values[i] = (current[i] + fromBefore[i])
        .replacing(with: .nan, where: now - newest .>= length)
    }
    clock += 1
    position += 1
    if position == window { turnBlock() }
  }

  private mutating func turnBlock() {
    position = 0
    (carried + (window - 1) * lanes).update(repeating: Lanes(), count: lanes)
    for i in 0..<lanes {
      var suffix = Lanes()
      var weighted = Lanes()
      for j in stride(from: window - 2, through: 0, by: -1) {
        suffix += block[(j + 1) * lanes + i]
        weighted += suffix
        carried[j * lanes + i] = weighted
      }
    }
    current.update(repeating: Lanes(), count: lanes)
    prefix.update(repeating: Lanes(), count: lanes)
  }
}
