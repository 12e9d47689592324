package import Essentials
import Mathematics

/// The volume-synchronized probability of informed trading, from bars.
///
/// Which part of a bar's volume was bought is told by bulk classification: Φ(r / σ), with r the log
/// return from the close before and σ the deviation of such returns, so that neither the price nor
/// the unit of volume matters (D. Easley, M. López de Prado and M. O'Hara, "Discerning Information
/// from Trade Data", Journal of Financial Economics 120 (2016)). A bucket holds a stated number of
/// average bars; its size follows the market from bucket to bucket.
package struct VPIN: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The average bars that fill a bucket.
    package var barsPerBucket: Double
    /// How many buckets are averaged.
    package var buckets: Int
    /// Bars after which a volume weighs half in the average volume.
    package var volumeHalfLife: Double
    /// Bars after which a squared return weighs half in σ².
    package var returnHalfLife: Double
    /// Bars that only teach σ and the average volume before the first bucket is begun.
    package var warmUpBars: Int

    package init(
      barsPerBucket: Double = 1, buckets: Int = 50, volumeHalfLife: Double = 1440,
      returnHalfLife: Double = 60, warmUpBars: Int = 60
    ) {
      precondition(barsPerBucket > 0 && buckets > 0 && warmUpBars > 0, "VPIN without buckets")
      self.barsPerBucket = barsPerBucket
      self.buckets = buckets
      self.volumeHalfLife = volumeHalfLife
      self.returnHalfLife = returnHalfLife
      self.warmUpBars = warmUpBars
    }
  }

  package static let kind = "vpin"

  private let settings: Settings
  private var close: Double?
  private var squaredReturn: DiscountedMean
  private var volume: DiscountedMean
  private var buckets: VolumeBuckets?

  package init(_ settings: Settings) {
    self.settings = settings
    squaredReturn = DiscountedMean(halfLife: settings.returnHalfLife)
    volume = DiscountedMean(halfLife: settings.volumeHalfLife)
  }

  /// VPIN in [0, 1]; nil until so many buckets are full as are averaged.
  package var value: Double? { buckets?.vpin }

  /// Takes a bar that is complete. A close that is not above zero, or a volume below it, is refused:
  /// false is returned and nothing changes.
  @discardableResult
  package mutating func observe(close price: Double, volume traded: Double) -> Bool {
    guard price > 0, price.isFinite, traded >= 0, traded.isFinite else { return false }
    defer { close = price }
    guard let before = close else { return true }
    let logReturn = Elementary.log(price / before)
    // σ and the average volume are those of the bars before this one.
    let deviation = squaredReturn.value.squareRoot()
    if squaredReturn.count >= settings.warmUpBars, volume.value > 0 {
      let bucketVolume = volume.value * settings.barsPerBucket
      if buckets == nil {
        buckets = VolumeBuckets(bucketVolume: bucketVolume, kept: settings.buckets)
      }
      buckets?.add(
        traded, buyFraction: Self.buyFraction(logReturn: logReturn, deviation: deviation),
        nextBucketVolume: bucketVolume)
    }
    squaredReturn.add(logReturn * logReturn)
    volume.add(traded)
    return true
  }

  /// Breaks the chain, as after a gap: the next bar has no return and fills no bucket.
  package mutating func losePredecessor() {
    close = nil
  }

  /// Returns the share of a bar's volume that is taken as bought: Φ(r / σ). A market that never
  /// moved says nothing: one half for a return of zero.
  package static func buyFraction(logReturn: Double, deviation: Double) -> Double {
    if logReturn == 0 { return 0.5 }
    return StandardNormal.cumulative(logReturn / deviation)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("close", .optional(close)),
      JSONValue.Member("squared_return", squaredReturn.json),
      JSONValue.Member("volume", volume.json), JSONValue.Member("buckets", buckets?.json ?? .null),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    close = reader.number(
      "close", in: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude)
    reader.recall(&squaredReturn, "squared_return", in: DocumentReader.notNegative)
    reader.recall(&volume, "volume", in: DocumentReader.notNegative)
    let kept = settings.buckets
    buckets = reader.object("buckets") { reader in
      var buckets = VolumeBuckets(bucketVolume: 1, kept: kept)
      buckets.recall(&reader)
      return buckets
    }
  }
}
