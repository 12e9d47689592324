package import Essentials
import Mathematics

/// How volatile each hour of the UTC day is against the whole day, learned step by step.
///
/// The mean squared return of an hour over that of all hours, drawn toward one as if so many returns
/// of an ordinary day had been seen before. Constant cost, no allocation.
package struct SeasonalVolatility: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// Returns of one hour after which one weighs half.
    package var halfLife: Double
    /// How many ordinary returns an hour begins with.
    package var priorReturns: Double

    package init(halfLife: Double = 1200, priorReturns: Double = 300) {
      precondition(halfLife > 0 && priorReturns >= 0, "a season without memory")
      self.halfLife = halfLife
      self.priorReturns = priorReturns
    }
  }

  package static let kind = "seasonal_volatility"

  private static let hours = 24
  private let settings: Settings
  private var byHour: [DiscountedMean]
  private var whole: DiscountedMean

  package init(_ settings: Settings) {
    self.settings = settings
    byHour = Array(
      repeating: DiscountedMean(halfLife: settings.halfLife), count: Self.hours)
    whole = DiscountedMean(halfLife: settings.halfLife * Double(Self.hours))
  }

  /// Returns the hour of the UTC day, 0 through 23.
  package static func hour(of time: Timestamp) -> Int {
    let day = Timestamp.millisecondsPerDay
    let inDay = (time.millisecondsSinceEpoch % day + day) % day
    return Int(inDay / 3_600_000)
  }

  /// Takes the log return of a step and when it ended. One that is not finite is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double, at time: Timestamp) -> Bool {
    let square = logReturn * logReturn
    guard square.isFinite else { return false }
    byHour[Self.hour(of: time)].add(square)
    whole.add(square)
    return true
  }

  /// Returns the deviation of returns in the hour of an instant over that of the whole day; one where
  /// nothing is known.
  package func factor(at time: Timestamp) -> Double {
    guard whole.value > 0 else { return 1 }
    let hour = byHour[Self.hour(of: time)]
    let seen = min(Double(hour.count), 1 / hour.gain)
    guard seen + settings.priorReturns > 0 else { return 1 }
    let ratio =
      (seen * (hour.value / whole.value) + settings.priorReturns) / (seen + settings.priorReturns)
    return ratio.squareRoot()
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("values", .numbers(byHour.map(\.value))),
      JSONValue.Member("counts", .array(byHour.map { .integer($0.count) })),
      JSONValue.Member("whole", whole.json),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    let values = reader.requiredNumbers(
      "values", count: Self.hours, in: DocumentReader.notNegative)
    let counts = reader.requiredNumbers("counts", count: Self.hours, in: 0...0x1p53)
    if let values, let counts {
      for hour in 0..<Self.hours {
        byHour[hour] = DiscountedMean(
          gain: byHour[hour].gain, count: Int(counts[hour]), value: values[hour])
      }
    }
    reader.recall(&whole, "whole", in: DocumentReader.notNegative)
  }
}
