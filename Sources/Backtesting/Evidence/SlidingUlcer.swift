/// For each equity level, the levels after it that stay below it, as far as they are known.
///
/// The *dip* of a level is the level itself and all that follow until the next one that is at least
/// as high. Dips are nested or disjoint:
///
/// ```
///   5 . . . . . . 6        dip of 5: 5 3 2 4 1     it holds the dips of 3 and of 4
///   | . . 4 . . . |        dip of 3: 3 2
///   | 3 . | . . . |        dip of 4: 4 1
///   | | 2 | 1 . . |
/// ```
///
/// A dip is complete when the level that ends it arrives; its sum of squared falls is then put
/// together from those of the dips inside. All terms are positive, so nothing cancels.
struct EquityDips {
  struct Dip {
    /// The place of the level that ends it; -1 while none has come.
    var end: Int32 = -1
    fileprivate var count = 1.0
    /// The sums of the falls below the level, as shares of it, and of their squares.
    fileprivate var falls = 0.0
    fileprivate(set) var squares = 0.0
  }

  private(set) var dips: [Dip] = []
  private var levels: [Double] = []
  /// The places of levels whose dips are not complete; each is lower than the one before.
  private var open: [Int32] = []

  mutating func push(_ level: Double) {
    while let top = open.last, levels[Int(top)] <= level {
      open.removeLast()
      dips[Int(top)].end = Int32(dips.count)
      if let parent = open.last { join(Int(top), into: Int(parent)) }
    }
    open.append(Int32(dips.count))
    dips.append(Dip())
    levels.append(level)
  }

  /// Lets the next level begin anew, so that dips before it stay incomplete.
  mutating func startAnew() { open.removeAll(keepingCapacity: true) }

  /// Adds the dip of `child` to that of the higher level that holds it. A fall of x below the child
  /// is one of 1 - ratio (1 - x) below the parent.
  private mutating func join(_ child: Int, into parent: Int) {
    let ratio = levels[child] / levels[parent]
    let inner = dips[child]
    let step = 1 - ratio
    dips[parent].count += inner.count
    dips[parent].falls += inner.count * step + ratio * inner.falls
    dips[parent].squares +=
      inner.count * step * step + 2 * step * ratio * inner.falls + ratio * ratio * inner.squares
  }

  /// The squared falls of the levels in a range below the first of them, which is the highest.
  func squaresDirectly(_ range: Range<Int>) -> Double {
    let highest = levels[range.lowerBound]
    var sums = SIMD4<Double>()
    var place = range.lowerBound
    while place + 4 <= range.upperBound {
      let four = SIMD4(
        levels[place], levels[place + 1], levels[place + 2], levels[place + 3])
      let falls = 1 - four / highest
      sums += falls * falls
      place += 4
    }
    var sum = (sums[0] + sums[2]) + (sums[1] + sums[3])
    while place < range.upperBound {
      let fall = 1 - levels[place] / highest
      sum += fall * fall
      place += 1
    }
    return sum
  }

  func level(_ place: Int) -> Double { levels[place] }
}

/// The squared falls within a window that moves forward over levels.
///
/// The window is a chain of dips: that of its first level, of the level that ends it, and so on; the
/// last one is open. When the first level leaves, its dip falls apart into the chain of dips inside.
/// Every level enters the chain once and leaves it once, so a step costs the same on average however
/// long the window is, but for one case: where the window's highest level leaves from the front and
/// was not reached again, the levels below its successor are summed anew.
///
/// The chain is a queue of two stacks, as of ``SlidingDrawdown``, so that sums are only added to.
struct SlidingUlcer {
  /// Complete dips with the sum of squares from each to the end of the front; the last one is that
  /// of the window's first level.
  private var front: [(place: Int, squares: Double)] = []
  /// Later complete dips, in order.
  private var back: [Int] = []
  private var backSquares = 0.0
  /// The place of the highest level, whose dip is open; nil for an empty window.
  private var highest: Int?
  private var openSquares = 0.0

  /// The sum of squared falls over all levels of the window.
  var squares: Double { (front.last?.squares ?? 0) + backSquares + openSquares }

  /// Takes the level at a place, which `dips` has taken before.
  mutating func push(_ place: Int, dips: EquityDips) {
    guard let top = highest else {
      highest = place
      return
    }
    if dips.level(place) >= dips.level(top) {
      back.append(top)
      backSquares += dips.dips[top].squares
      highest = place
      openSquares = 0
    } else {
      let fall = 1 - dips.level(place) / dips.level(top)
      openSquares += fall * fall
    }
  }

  /// Drops the window's first level, at `first`; `end` is behind its last one.
  mutating func pop(_ first: Int, end: Int, dips: EquityDips) {
    if highest == first {
      shortenOpenDip(first, end: end, dips: dips)
      return
    }
    if front.isEmpty {
      var sum = 0.0
      for place in back.reversed() {
        sum += dips.dips[place].squares
        front.append((place, sum))
      }
      back.removeAll(keepingCapacity: true)
      backSquares = 0
    }
    front.removeLast()
    pushChain(from: first + 1, to: Int(dips.dips[first].end), dips: dips)
  }

  /// Puts the chain of complete dips from one place up to another in front.
  private mutating func pushChain(from start: Int, to end: Int, dips: EquityDips) {
    let kept = front.count
    var sum = front.last?.squares ?? 0
    var place = start
    while place < end {
      front.append((place, 0))
      place = Int(dips.dips[place].end)
    }
    front[kept...].reverse()
    for index in kept..<front.count {
      sum += dips.dips[front[index].place].squares
      front[index].squares = sum
    }
  }

  /// The first level was the highest: the chain begins behind it, and the last dip of it is open.
  private mutating func shortenOpenDip(_ first: Int, end: Int, dips: EquityDips) {
    var last = first + 1
    guard last < end else {
      highest = nil
      openSquares = 0
      return
    }
    while dips.dips[last].end >= 0 { last = Int(dips.dips[last].end) }
    pushChain(from: first + 1, to: last, dips: dips)
    highest = last
    openSquares = dips.squaresDirectly(last..<end)
  }
}
