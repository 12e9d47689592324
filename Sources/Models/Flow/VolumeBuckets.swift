import Essentials

/// Trading cut into buckets of equal volume, and how one-sided the latest of them were.
///
/// D. Easley, M. López de Prado and M. O'Hara, "Flow Toxicity and Liquidity in a High-Frequency
/// World", Review of Financial Studies 25 (2012): VPIN is the mean over the latest buckets of the
/// difference between what was bought and sold as a share of the bucket. Cost: one step for each
/// bucket that is filled, at most as many as are kept, and no allocation.
package struct VolumeBuckets: Hashable, Sendable {
  /// Of the closed buckets, oldest overwritten first: |bought − sold| and the volume of the bucket.
  private var imbalances: [Double]
  private var volumes: [Double]
  private var place = 0
  /// How many buckets are kept, at most as many as there are places.
  package private(set) var closedCount = 0
  /// How many buckets were ever closed.
  package private(set) var closedEver = 0
  /// The volume of the bucket that is being filled.
  package private(set) var bucketVolume: Double
  private var bought = 0.0
  private var sold = 0.0

  /// Begins with an empty bucket; `kept` of the closed ones are remembered.
  package init(bucketVolume: Double, kept: Int) {
    precondition(bucketVolume > 0 && bucketVolume.isFinite, "buckets of \(bucketVolume)")
    precondition(kept > 0, "\(kept) buckets")
    self.bucketVolume = bucketVolume
    imbalances = [Double](repeating: 0, count: kept)
    volumes = imbalances
  }

  /// The volume in the bucket that is being filled.
  package var filled: Double { bought + sold }

  /// |bought − sold| of the bucket closed last; zero before the first.
  package var latestImbalance: Double {
    imbalances[place == 0 ? imbalances.count - 1 : place - 1]
  }

  /// VPIN over the buckets that are kept, in [0, 1]; nil until all places are filled.
  package var vpin: Double? {
    closedCount == imbalances.count ? share : nil
  }

  /// VPIN over the buckets closed so far, in [0, 1]; nil before the first.
  package var share: Double? {
    guard closedCount > 0 else { return nil }
    var difference = 0.0
    var volume = 0.0
    for index in 0..<closedCount {
      difference += imbalances[index]
      volume += volumes[index]
    }
    return difference / volume
  }

  /// Adds volume of which the share `buyFraction` was bought; it fills bucket after bucket.
  ///
  /// `next` is asked for the volume of each bucket that is opened. A volume below zero or a number
  /// that is not finite is refused.
  @discardableResult
  package mutating func add(
    _ volume: Double, buyFraction: Double, nextBucketVolume next: Double? = nil
  ) -> Bool {
    guard volume >= 0, volume.isFinite, buyFraction >= 0, buyFraction <= 1 else { return false }
    var rest = volume
    let gap = bucketVolume - filled
    if rest < gap {
      bought += rest * buyFraction
      sold += rest * (1 - buyFraction)
      return true
    }
    bought += gap * buyFraction
    sold += gap * (1 - buyFraction)
    rest -= gap
    close()
    if let next, next > 0, next.isFinite { bucketVolume = next }
    // Of so many equal buckets only those are filled that will be remembered.
    let whole = (rest / bucketVolume).rounded(.down)
    rest = max(0, rest - whole * bucketVolume)
    let remembered = Int(min(whole, Double(imbalances.count)))
    let skipped = whole - Double(remembered)
    let turned = skipped.truncatingRemainder(dividingBy: Double(imbalances.count))
    place = (place + Int(turned)) % imbalances.count
    closedEver += Int(min(skipped, 0x1p53))
    for _ in 0..<remembered {
      bought = bucketVolume * buyFraction
      sold = bucketVolume * (1 - buyFraction)
      close()
    }
    bought = rest * buyFraction
    sold = rest * (1 - buyFraction)
    return true
  }

  private mutating func close() {
    imbalances[place] = (bought - sold).magnitude
    volumes[place] = bucketVolume
    place = place + 1 == imbalances.count ? 0 : place + 1
    closedCount = min(closedCount + 1, imbalances.count)
    closedEver += 1
    bought = 0
    sold = 0
  }

  var json: JSONValue {
    [
      "bucket_volume": .number(bucketVolume), "bought": .number(bought), "sold": .number(sold),
      "place": .integer(place), "closed_count": .integer(closedCount),
      "closed_ever": .integer(closedEver), "imbalances": .numbers(imbalances),
      "volumes": .numbers(volumes),
    ]
  }

  mutating func recall(_ reader: inout DocumentReader) {
    let kept = imbalances.count
    let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
    let volume = reader.requiredNumber("bucket_volume", in: positive)
    if volume > 0 { bucketVolume = volume }
    bought = reader.requiredNumber("bought", in: DocumentReader.notNegative)
    sold = reader.requiredNumber("sold", in: DocumentReader.notNegative)
    place = reader.requiredWhole("place", in: 0...kept - 1)
    closedCount = reader.requiredWhole("closed_count", in: 0...kept)
    closedEver = reader.requiredCount("closed_ever")
    if let saved = reader.requiredNumbers("imbalances", count: kept, in: DocumentReader.notNegative)
    {
      imbalances = saved
    }
    if let saved = reader.requiredNumbers("volumes", count: kept, in: DocumentReader.notNegative) {
      volumes = saved
    }
    let isSound =
      filled <= bucketVolume
      && (0..<closedCount).allSatisfy {
        volumes[$0] > 0 && imbalances[$0] <= volumes[$0] * (1 + 1e-9)
      }
    if !isSound {
      reader.noteContradiction(
        "bucket_volume", "does not go with what the buckets hold",
        remedy: "Give the state as it was saved.")
    }
  }
}
