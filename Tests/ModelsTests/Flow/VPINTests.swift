import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("VPIN")
struct VPINTests {
  @Test("the published case of buckets filled by bars holds")
  func buckets() {
    var buckets = VolumeBuckets(bucketVolume: 100, kept: 4)
    var imbalances: [Double] = []
    for (change, volume) in [(1.0, 50.0), (-1, 50), (0, 100), (2, 250)] {
      let closed = buckets.closedEver
      buckets.add(volume, buyFraction: VPIN.buyFraction(logReturn: change, deviation: 1))
      if buckets.closedEver > closed { imbalances.append(buckets.latestImbalance) }
    }
    #expect(buckets.closedEver == 4)
    #expect(agree(buckets.filled, 50))
    #expect(imbalances.count == 3)
    #expect(agree(imbalances[0], 0) && agree(imbalances[1], 0))
    #expect(agree(imbalances[2], 95.45, absolute: 5e-4))
    #expect(agree(buckets.vpin ?? .nan, 0.47725, absolute: 5e-6))
  }

  @Test("the published case of log returns holds")
  func logReturns() {
    let prices = [100, 100.1, 100, 100.2, 100.2, 99.9]
    let volumes = [30.0, 50, 40, 20, 60]
    let expected = [6.824476, 1.387756, 9.112804, 49.864345]
    for unit in [1.0, 1000] {
      var buckets = VolumeBuckets(bucketVolume: 50, kept: 4)
      var imbalances: [Double] = []
      for index in 0..<volumes.count {
        let logReturn = Elementary.log(prices[index + 1] * unit / (prices[index] * unit))
        let fraction = VPIN.buyFraction(logReturn: logReturn, deviation: 0.001)
        // In small portions, so that no bucket is passed over.
        for _ in 0..<10 {
          let closed = buckets.closedEver
          buckets.add(volumes[index] / 10, buyFraction: fraction)
          if buckets.closedEver > closed { imbalances.append(buckets.latestImbalance) }
        }
      }
      #expect(imbalances.count == 4)
      for (imbalance, value) in zip(imbalances, expected) {
        #expect(agree(imbalance, value, absolute: 1e-6))
      }
      #expect(agree(buckets.share ?? .nan, 0.335947, absolute: 1e-6))
    }
  }

  @Test("a bar of many buckets is what as many bars of one bucket are")
  func manyBuckets() {
    var whole = VolumeBuckets(bucketVolume: 8, kept: 5)
    var parts = whole
    whole.add(3, buyFraction: 0.25)
    parts.add(3, buyFraction: 0.25)
    whole.add(8 * 40, buyFraction: 0.75)
    for _ in 0..<40 { parts.add(8, buyFraction: 0.75) }
    #expect(whole == parts)
    var endless = VolumeBuckets(bucketVolume: 1e-9, kept: 3)
    let isTaken = endless.add(1e12, buyFraction: 1)
    #expect(isTaken)
    #expect(endless.vpin == 1)
  }

  @Test("VPIN is the mean share of one-sided volume of the kept buckets, at every bar")
  func naive() {
    var chance = Chance(seed: 14)
    var model = VPIN(VPIN.Settings(buckets: 4, warmUpBars: 5))
    var price = 100.0
    var seen = 0
    for _ in 0..<400 {
      price *= Elementary.exp(0.001 * chance.normal())
      model.observe(close: price, volume: 10 * chance.uniform())
      if let value = model.value {
        seen += 1
        #expect(value >= 0 && value <= 1)
      }
    }
    #expect(seen > 300)
  }

  @Test("prices and volumes in other units change nothing")
  func scale() {
    var chance = Chance(seed: 15)
    var one = VPIN(VPIN.Settings(buckets: 10))
    var other = one
    var price = 0.1
    for _ in 0..<300 {
      price *= Elementary.exp(0.001 * chance.normal())
      let volume = chance.exponential()
      one.observe(close: price, volume: volume)
      other.observe(close: price * 1000, volume: volume * 1024)
    }
    #expect(agree(one.value ?? .nan, other.value ?? 0, relative: 1e-9))
  }

  @Test("the size of a bucket follows the market")
  func bucketSize() {
    var chance = Chance(seed: 17)
    var model = VPIN(VPIN.Settings(volumeHalfLife: 100))
    func size() -> Double { model.savedState["buckets"]?.number("bucket_volume") ?? .nan }
    for index in 0..<3000 {
      model.observe(
        close: 100 * Elementary.exp(1e-3 * chance.normal()), volume: index < 1500 ? 10 : 40)
      if index == 1499 { #expect(agree(size(), 10, relative: 1e-6)) }
    }
    #expect(agree(size(), 40, relative: 1e-3))
  }

  @Test("bars that cannot be are refused and change nothing")
  func refusal() {
    var model = VPIN(VPIN.Settings())
    model.observe(close: 100, volume: 1)
    let before = model
    for (close, volume) in [(0.0, 1.0), (-5, 1), (.nan, 1), (100, -1), (100, .infinity)] {
      expectRefused(&model) { $0.observe(close: close, volume: volume) }
    }
    #expect(model == before)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 16)
    let bars = (0..<150).map { _ in (100 * Elementary.exp(chance.normal()), chance.uniform()) }
    try expectRestarts(VPIN.Settings(buckets: 6, warmUpBars: 10), steps: 150, seed: 4) {
      (model: inout VPIN, step) in model.observe(close: bars[step].0, volume: bars[step].1)
    }
  }

  @Test(
    "buckets of a recorded day give the reference's VPIN",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recorded() throws {
    let reference = try ReferenceFiles.json("oracles/microstructure/vpin_reference.json")
    let volume = reference.number("V")
    let expected = reference.numbers("vpin_n10")
    var buckets = VolumeBuckets(bucketVolume: volume, kept: 10)
    var calculated: [Double] = []
    for bought in reference.numbers("buy_volume") {
      buckets.add(volume, buyFraction: bought / volume)
      if let vpin = buckets.vpin { calculated.append(vpin) }
    }
    #expect(calculated.count == expected.count && expected.count == 41)
    for (one, other) in zip(calculated, expected) { #expect(agree(one, other)) }
  }
}
