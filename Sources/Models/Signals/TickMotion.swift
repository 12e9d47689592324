package import Essentials
import Mathematics

/// Where the latest ticks of a price are going, and whether the last one broke out of its range.
///
/// Prices are kept by slots of equal time: what a slot opened with does not matter, its last price is
/// a sample, and its highest and lowest bound the range. So a burst of a thousand trades is one
/// sample, and memory is bounded. Cost: a few comparisons to a tick, no allocation; a question costs
/// the number of slots.
package struct TickMotion: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The length of a slot.
    package var slot: TimeSpan
    /// Over how long the trend is told.
    package var trendWindow: TimeSpan
    /// Samples without which there is no trend.
    package var samplesMin: Int
    /// The largest trend.
    package var trendMax: Double
    /// Over how long the range is told that may be broken.
    package var rangeWindow: TimeSpan
    /// How far beyond the range a price must be, as a fraction of its end.
    package var breakoutBuffer: Double

    package init(
      slot: TimeSpan = TimeSpan(milliseconds: 500), trendWindow: TimeSpan = .seconds(30),
      samplesMin: Int = 8, trendMax: Double = 8, rangeWindow: TimeSpan = .minutes(1),
      breakoutBuffer: Double = 0.0004
    ) {
      precondition(
        slot > .zero && trendWindow >= slot && rangeWindow >= slot && samplesMin > 1,
        "windows shorter than a slot")
      self.slot = slot
      self.trendWindow = trendWindow
      self.samplesMin = samplesMin
      self.trendMax = trendMax
      self.rangeWindow = rangeWindow
      self.breakoutBuffer = breakoutBuffer
    }
  }

  package static let kind = "tick_motion"

  private let settings: Settings
  /// The ring of slots: number, last price, highest and lowest. A place whose number is not the one
  /// that is asked for is empty.
  private var numbers: [Int64]
  private var lasts: [Double]
  private var highs: [Double]
  private var lows: [Double]
  /// When the latest tick was; nil before the first.
  package private(set) var instant: Timestamp?
  /// The highest and lowest price of the latest slot without the latest tick.
  private var highBefore = -Double.infinity
  private var lowBefore = Double.infinity

  package init(_ settings: Settings) {
    self.settings = settings
    let longest = max(settings.trendWindow, settings.rangeWindow).milliseconds
    let slots = Int(longest / settings.slot.milliseconds) + 2
    numbers = [Int64](repeating: .min, count: slots)
    lasts = [Double](repeating: 0, count: slots)
    highs = lasts
    lows = lasts
  }

  /// Takes the price of a tick. One that is not above zero, or earlier than the latest, is refused:
  /// false is returned and nothing changes.
  @discardableResult
  package mutating func observe(price: Double, at time: Timestamp) -> Bool {
    guard price > 0, price.isFinite, instant.map({ time >= $0 }) ?? true else { return false }
    let number = slot(of: time)
    let place = place(of: number)
    if numbers[place] == number {
      highBefore = highs[place]
      lowBefore = lows[place]
      highs[place] = max(highs[place], price)
      lows[place] = min(lows[place], price)
    } else {
      highBefore = -.infinity
      lowBefore = .infinity
      numbers[place] = number
      highs[place] = price
      lows[place] = price
    }
    lasts[place] = price
    instant = time
    return true
  }

  private func slot(of time: Timestamp) -> Int64 {
    let (quotient, remainder) = time.millisecondsSinceEpoch.quotientAndRemainder(
      dividingBy: settings.slot.milliseconds)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private func place(of number: Int64) -> Int {
    let count = Int64(numbers.count)
    let rest = number % count
    return Int(rest < 0 ? rest + count : rest)
  }

  /// The move over the trend's window and what its steps scatter by.
  private func steps(at time: Timestamp) -> (move: Double, deviation: Double)? {
    guard let instant, time >= instant else { return nil }
    let end = slot(of: instant)
    let first = slot(of: time - settings.trendWindow) + 1
    guard first <= end else { return nil }
    var count = 0
    var (opening, before) = (0.0, 0.0)
    var (mean, squares) = (0.0, 0.0)
    for number in first...end {
      let place = place(of: number)
      guard numbers[place] == number else { continue }
      let logPrice = Elementary.log(lasts[place])
      if count == 0 {
        opening = logPrice
      } else {
        let step = logPrice - before
        let off = step - mean
        mean += off / Double(count)
        squares += off * (step - mean)
      }
      before = logPrice
      count += 1
    }
    guard count >= settings.samplesMin else { return nil }
    return (before - opening, (max(0, squares) / Double(count - 1)).squareRoot())
  }

  /// Returns the log return over the window's samples up to an instant, over the deviation of the
  /// returns between them, within ± ``Settings/trendMax``; nil with too few samples.
  ///
  /// A price that stands still has the trend zero, one that moves evenly the largest.
  package func trend(at time: Timestamp) -> Double? {
    guard let (move, deviation) = steps(at: time) else { return nil }
    guard move != 0 else { return 0 }
    // What rounding leaves of steps of equal length is no scatter.
    guard deviation > 1e-9 * move.magnitude else {
      return move > 0 ? settings.trendMax : -settings.trendMax
    }
    return min(settings.trendMax, max(-settings.trendMax, move / deviation))
  }

  /// Returns the deviation of the log returns between the window's samples up to an instant; nil with
  /// too few of them.
  package func volatility(at time: Timestamp) -> Double? {
    steps(at: time)?.deviation
  }

  /// Returns how far the latest tick is above the highest or below the lowest one before it within
  /// the window, as a signed fraction of that price: zero within the buffer, nil where there was no
  /// tick before it or the latest is older than a slot.
  package func breakout(at time: Timestamp) -> Double? {
    guard let instant, time >= instant, time - instant <= settings.slot else { return nil }
    let end = slot(of: instant)
    let first = slot(of: instant - settings.rangeWindow) + 1
    var high = highBefore
    var low = lowBefore
    for number in min(first, end)..<end {
      let place = place(of: number)
      guard numbers[place] == number else { continue }
      high = max(high, highs[place])
      low = min(low, lows[place])
    }
    guard high > 0 else { return nil }
    let price = lasts[place(of: end)]
    if price > high * (1 + settings.breakoutBuffer) { return price / high - 1 }
    return price < low * (1 - settings.breakoutBuffer) ? price / low - 1 : 0
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    let used = numbers.indices.filter { numbers[$0] != .min }
    return [
      JSONValue.Member(
        "instant", instant.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null),
      JSONValue.Member(
        "before", highBefore > 0 ? .numbers([highBefore, lowBefore]) : .null),
      JSONValue.Member(
        "slots",
        .array(
          used.map { place in
            [
              "number": .integer(Int(numbers[place])), "last": .number(lasts[place]),
              "high": .number(highs[place]), "low": .number(lows[place]),
            ]
          })),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
    instant = reader.whole("instant", in: Int.min...Int.max).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
    if reader.value("before") != nil,
      let before = reader.requiredNumbers("before", count: 2, in: positive)
    {
      (highBefore, lowBefore) = (before[0], before[1])
    }
    let slots = reader.objects("slots") { slot in
      (
        number: Int64(slot.requiredWhole("number", in: Int.min + 1...Int.max)),
        last: slot.requiredNumber("last", in: positive),
        high: slot.requiredNumber("high", in: positive),
        low: slot.requiredNumber("low", in: positive)
      )
    }
    reader.requireMember("slots")
    for slot in slots ?? [] {
      let place = place(of: slot.number)
      numbers[place] = slot.number
      lasts[place] = slot.last
      highs[place] = slot.high
      lows[place] = slot.low
    }
    if let instant, numbers[place(of: self.slot(of: instant))] != self.slot(of: instant) {
      reader.noteContradiction(
        "slots", "do not hold the latest tick", remedy: "Give the state as it was saved.")
    }
  }
}
