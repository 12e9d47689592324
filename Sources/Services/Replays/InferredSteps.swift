import Essentials
import Markets

/// The steps of a contract as far as recorded bars show them, where its venue was not asked.
///
/// Every price is a multiple of the tick and every volume a sum of lots, so the greatest number that
/// divides all of them is a multiple of the step, and over some thousands of bars nearly always the
/// step itself.
enum InferredSteps {
  /// The greatest step of which all prices are multiples; nil without bars.
  static func tick(of series: BarSeries) -> TickSize? {
    var divisor = CommonDivisor(largest: series.high.max() ?? 0)
    for column in [series.open, series.high, series.low, series.close] {
      for price in column { divisor.take(price) }
    }
    return divisor.nanos.flatMap(TickSize.init(nanos:))
  }

  /// The greatest step of which all volumes are multiples; nil where nothing was traded.
  static func lot(of series: BarSeries) -> LotSize? {
    var divisor = CommonDivisor(largest: series.volume.max() ?? 0)
    for units in series.volume { divisor.take(units) }
    return divisor.nanos.flatMap(LotSize.init(nanos:))
  }

  /// The largest power of ten that is worth no more than one unit of the quote currency.
  static func lot(worthUnitAt price: Double) -> LotSize? {
    var nanos: Int64 = 1_000_000_000
    while nanos > 1, Double(nanos) / 1e9 * price > 1 { nanos /= 10 }
    return LotSize(nanos: nanos)
  }
}

/// The greatest common divisor of decimal numbers.
private struct CommonDivisor {
  /// A billionth, or as many of them as the largest number leaves exact.
  private let unitsPerOne: Double
  private let nanosPerUnit: Int64
  private var divisor: Int64 = 0

  init(largest: Double) {
    var units = 1e9
    var nanos: Int64 = 1
    // Beyond 2^53 doubles are no longer all the whole numbers.
    while units > 1, largest * units > 0x1p53 {
      units /= 10
      nanos *= 10
    }
    unitsPerOne = units
    nanosPerUnit = nanos
  }

  mutating func take(_ number: Double) {
    let scaled = (number * unitsPerOne).rounded()
    guard scaled >= 1, scaled <= 0x1p53, divisor != 1 else { return }
    var (left, right) = (divisor, Int64(scaled))
    while right != 0 { (left, right) = (right, left % right) }
    divisor = left
  }

  /// Nil where no number was above zero.
  var nanos: Int64? { divisor > 0 ? divisor * nanosPerUnit : nil }
}
