package import Essentials
import Mathematics

/// The velocity of the log price over several windows of closes, as a drift with its error.
///
/// Where the fastest window points against the whole, momentum is running out and half of it counts.
/// Where the price went back and forth on its way (P. Kaufman's efficiency ratio: the distance over
/// the length of the path), less counts. Cost: the number of windows, no allocation.
package struct Momentum: Restartable, Hashable {
  /// A number of closes with its weight.
  package struct Window: Hashable, Sendable {
    package var closes: Int
    package var weight: Double

    package init(closes: Int, weight: Double) {
      self.closes = closes
      self.weight = weight
    }
  }

  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// Fastest first, at least two; the weights add up to one.
    package var windows: [Window]
    /// The length of a step in seconds.
    package var stepSeconds: Double
    /// What counts of a velocity that the acceleration opposes.
    package var opposedFactor: Double
    /// Closes over which the efficiency is measured.
    package var efficiencyWindow: Int
    /// The efficiency from which on the whole velocity counts.
    package var efficiencyMin: Double
    /// The least that counts of a velocity.
    package var efficiencyFloor: Double

    package init(
      windows: [Window] = [
        Window(closes: 5, weight: 0.5), Window(closes: 10, weight: 0.3),
        Window(closes: 20, weight: 0.2),
      ],
      stepSeconds: Double = 60, opposedFactor: Double = 0.5, efficiencyWindow: Int = 60,
      efficiencyMin: Double = 0.3, efficiencyFloor: Double = 0.3
    ) {
      precondition(
        windows.count > 1 && windows.allSatisfy { $0.closes > 0 }
          && zip(windows, windows.dropFirst()).allSatisfy { $0.closes < $1.closes },
        "windows out of order")
      precondition(efficiencyWindow > 1 && efficiencyMin > 0, "no efficiency")
      self.windows = windows
      self.stepSeconds = stepSeconds
      self.opposedFactor = opposedFactor
      self.efficiencyWindow = efficiencyWindow
      self.efficiencyMin = efficiencyMin
      self.efficiencyFloor = efficiencyFloor
    }
  }

  package static let kind = "momentum"

  private static let shortVolatilityWindow = 30
  private static let longVolatilityWindow = 120

  private let settings: Settings
  /// The deviation of the weighted velocity, in deviations of a return.
  private let scatter: Double
  private var lastLogPrice: Double?
  /// Log returns: of the longest window, their magnitudes, and their squares.
  private var returns: RollingSum
  private var path: RollingSum
  private var shortSquares: RollingSum
  private var longSquares: RollingSum

  package init(_ settings: Settings) {
    self.settings = settings
    let longest = settings.windows.last?.closes ?? 1
    var square = 0.0
    for age in 0..<longest {
      var weight = 0.0
      for window in settings.windows where age < window.closes {
        weight += window.weight / Double(window.closes)
      }
      square += weight * weight
    }
    scatter = square.squareRoot()
    returns = RollingSum(length: max(longest, settings.efficiencyWindow))
    path = RollingSum(length: settings.efficiencyWindow)
    shortSquares = RollingSum(length: Self.shortVolatilityWindow)
    longSquares = RollingSum(length: Self.longVolatilityWindow)
  }

  /// Takes the close of a bar that is complete. One that is not above zero is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(close: Double) -> Bool {
    guard close > 0, close.isFinite else { return false }
    let logPrice = Elementary.log(close)
    if let lastLogPrice {
      let logReturn = logPrice - lastLogPrice
      returns.add(logReturn)
      path.add(logReturn.magnitude)
      shortSquares.add(logReturn * logReturn)
      longSquares.add(logReturn * logReturn)
    }
    lastLogPrice = logPrice
    return true
  }

  /// Breaks the chain, as after a gap: the next close has no return.
  package mutating func losePredecessor() {
    lastLogPrice = nil
  }

  private func velocity(over closes: Int) -> Double {
    var sum = 0.0
    for age in 0..<closes { sum += returns.value(age: age) }
    return sum / Double(closes)
  }

  /// The distance gone over the length of the path, in [0, 1]; nil until the window is full or where
  /// nothing moved.
  package var efficiency: Double? {
    guard path.isFull, path.sum > 0 else { return nil }
    return min(
      1, velocity(over: path.values.count).magnitude * Double(path.values.count) / path.sum)
  }

  /// The deviation of the last 30 returns over that of the last 120; nil until both are full.
  package var volatilityRatio: Double? {
    guard shortSquares.isFull, longSquares.isFull, longSquares.sum > 0 else { return nil }
    return
      (max(0, shortSquares.sum) / Double(Self.shortVolatilityWindow)
      / (longSquares.sum / Double(Self.longVolatilityWindow))).squareRoot()
  }

  /// The drift; nil until every window is full, or where nothing moved.
  package var estimate: DriftEstimate? {
    guard let efficiency, let longest = settings.windows.last, returns.count >= longest.closes
    else { return nil }
    var velocity = 0.0
    for window in settings.windows {
      velocity += window.weight * self.velocity(over: window.closes)
    }
    let acceleration =
      self.velocity(over: settings.windows[0].closes) - self.velocity(over: longest.closes)
    var counted = max(settings.efficiencyFloor, min(1, efficiency / settings.efficiencyMin))
    if acceleration * velocity < 0 { counted *= settings.opposedFactor }
    let variance = max(0, shortSquares.sum) / Double(shortSquares.count)
    return DriftEstimate(
      logDriftPerStep: counted * velocity,
      deviationPerStep: counted * scatter * variance.squareRoot(),
      stepVariance: variance, stepSeconds: settings.stepSeconds)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("last_log_price", .optional(lastLogPrice)),
      JSONValue.Member("returns", returns.json), JSONValue.Member("path", path.json),
      JSONValue.Member("short_squares", shortSquares.json),
      JSONValue.Member("long_squares", longSquares.json),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    lastLogPrice = reader.number("last_log_price", in: DocumentReader.finite)
    reader.recall(&returns, "returns")
    reader.recall(&path, "path")
    reader.recall(&shortSquares, "short_squares")
    reader.recall(&longSquares, "long_squares")
  }
}
