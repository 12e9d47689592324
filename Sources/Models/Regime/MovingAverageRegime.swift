package import Essentials
import Mathematics

/// Bull, bear, chop or volatile by moving averages and slopes of closes: an option for those who know
/// it from elsewhere.
///
/// It is no test: a random walk is called bull or bear most of the time. Rules on persistence should
/// ask ``HurstExponent``, which says when it does not know. Constant cost, no allocation.
package struct MovingAverageRegime: Restartable, Hashable {
  /// What the market is called.
  package enum Trend: String, CaseIterable, Hashable, Sendable {
    case bull, bear, chop, volatile
  }

  /// What it is made with; lengths in bars.
  package struct Settings: Hashable, Sendable {
    package var shortAverage: Int
    package var longAverage: Int
    package var shortSlope: Int
    package var longSlope: Int
    package var volatilityWindow: Int
    /// The deviation of a bar's log return above which a market without a short slope is volatile.
    package var volatilityMin: Double
    /// The log return over the short slope that is none.
    package var flatSlope: Double

    package init(
      shortAverage: Int = 80, longAverage: Int = 200, shortSlope: Int = 6, longSlope: Int = 40,
      volatilityWindow: Int = 180, volatilityMin: Double = 0.01, flatSlope: Double = 0.0015
    ) {
      precondition(
        shortAverage > 0 && longAverage > shortAverage && shortSlope > 0 && volatilityWindow > 1
          && longSlope > shortSlope && longSlope < longAverage, "averages out of order")
      self.shortAverage = shortAverage
      self.longAverage = longAverage
      self.shortSlope = shortSlope
      self.longSlope = longSlope
      self.volatilityWindow = volatilityWindow
      self.volatilityMin = volatilityMin
      self.flatSlope = flatSlope
    }
  }

  package static let kind = "moving_average_regime"

  private let settings: Settings
  // Closes as multiples of the first, so that the unit of the price does not matter.
  private var firstClose: Double?
  /// Whether the next close does not follow the latest by one bar.
  private var isBroken = false
  private var short: RollingSum
  private var long: RollingSum
  private var squares: RollingSum

  package init(_ settings: Settings) {
    self.settings = settings
    short = RollingSum(length: settings.shortAverage)
    long = RollingSum(length: settings.longAverage)
    squares = RollingSum(length: settings.volatilityWindow)
  }

  /// Takes the close of a bar that is complete. One that is not above zero is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(close: Double) -> Bool {
    guard close > 0, close.isFinite else { return false }
    let first = firstClose ?? close
    let relative = close / first
    guard relative.isFinite, relative > 0 else { return false }
    if long.count > 0, !isBroken {
      let logReturn = Elementary.log(relative / long.value(age: 0))
      squares.add(logReturn * logReturn)
    }
    isBroken = false
    firstClose = first
    short.add(relative)
    long.add(relative)
    return true
  }

  /// Breaks the chain, as after a gap: the next close has no return.
  package mutating func losePredecessor() {
    isBroken = true
  }

  /// What the market is called; nil until averages and volatility are full.
  ///
  /// Volatile: a wide scatter without a short slope. Bull: the short average above the long one and
  /// neither slope down. Bear: the reverse. Chop: everything else.
  package var trend: Trend? {
    guard long.isFull, squares.isFull else { return nil }
    let now = long.value(age: 0)
    let shortSlope = Elementary.log(now / long.value(age: settings.shortSlope))
    let longSlope = Elementary.log(now / long.value(age: settings.longSlope))
    let deviation = (max(0, squares.sum) / Double(squares.count)).squareRoot()
    if deviation > settings.volatilityMin, shortSlope.magnitude < settings.flatSlope {
      return .volatile
    }
    let spread =
      short.sum / Double(settings.shortAverage) - long.sum / Double(settings.longAverage)
    if spread > 0, shortSlope >= 0, longSlope >= 0 { return .bull }
    if spread < 0, shortSlope <= 0, longSlope <= 0 { return .bear }
    return .chop
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("first_close", .optional(firstClose)), JSONValue.Member("short", short.json),
      JSONValue.Member("long", long.json), JSONValue.Member("squares", squares.json),
      JSONValue.Member("is_broken", .bool(isBroken)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    firstClose = reader.number(
      "first_close", in: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude)
    reader.recall(&short, "short")
    reader.recall(&long, "long")
    reader.recall(&squares, "squares")
    isBroken = reader.flag("is_broken") ?? false
  }
}
