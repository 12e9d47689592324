import Mathematics
import Testing

@testable import Models

@Suite("Summary of results")
struct ResultSummaryTests {
  /// The mean of the worst by sorting.
  static func sorted(_ results: [Float], share: Double) -> Double {
    let size = max(1, Int(share * Double(results.count)))
    return results.sorted().prefix(size).reduce(0) { $0 + Double($1) } / Double(size)
  }

  static func tail(_ results: [Float], share: Double) -> ResultTail {
    var scratch = results
    return results.withUnsafeBufferPointer { results in
      scratch.withUnsafeMutableBufferPointer { scratch in
        ResultTail(
          results.baseAddress!, paths: results.count, share: share, scratch: scratch.baseAddress!)
      }
    }
  }

  @Test("the tail is the mean of the worst in the sorted list, with heaps and without")
  func tails() {
    var generator = SplitMix64(seed: 9)
    let smooth = (0..<2048).map { _ in Float(generator.nextUniform() - 0.7) }
    let samples: [[Float]] = [
      smooth, smooth.map { max($0, -0.66) }, smooth.map { max($0, -0.5) },
      smooth.map { _ in Float(0.25) },
      // The worst all at the end, where the first results say nothing of them.
      smooth.sorted(by: >),
    ]
    for (number, sample) in samples.enumerated() {
      for share in [0.0001, 0.01, 0.05, 0.2, 0.9] {
        let tail = Self.tail(sample, share: share)
        let expected = Self.sorted(sample, share: share)
        #expect((tail.estimate.value - expected).magnitude < 1e-6, "\(number) \(share)")
      }
    }
  }

  /// Twenty published returns, repeated until they fill a chunk.
  @Test("the tail of the published returns comes out")
  func published() {
    let returns: [Float] = [-0.05, -0.03, -0.02, -0.01, 0, 0.01, 0.01, 0.02, 0.03, 0.04]
    let sample = (0..<10_240).map { returns[$0 % 10] }
    #expect((Self.tail(sample, share: 0.05).estimate.value + 0.05).magnitude < 1e-7)
    #expect((Self.tail(sample, share: 0.2).estimate.value + 0.04).magnitude < 1e-7)
  }

  @Test("moments over pairs are those of the plain formulas")
  func moments() {
    var generator = SplitMix64(seed: 2)
    let sample = (0..<2048).map { _ in Float(generator.nextUniform() - 0.4) }
    let moments = sample.withUnsafeBufferPointer { ResultMoments($0.baseAddress!, paths: 2048) }
    let all = Moments(of: sample.map { Double($0) })
    var pairs: [Double] = []
    for group in 0..<128 {
      for lane in 0..<8 {
        pairs.append(0.5 * Double(sample[group * 16 + lane] + sample[group * 16 + lane + 8]))
      }
    }
    #expect((moments.mean - all.mean).magnitude < 1e-7)
    #expect((moments.variance - all.populationVariance).magnitude < 1e-6)
    #expect((moments.pairVariance - Moments(of: pairs).populationVariance).magnitude < 1e-6)
    #expect(moments.gains == sample.count { $0 > 0 })
  }
}
