package import Markets
import Mathematics

/// The memory in which the results of paths are collected: made once, used for one simulation after
/// the other.
///
/// Paths are walked in chunks of ``chunkPaths``, and each chunk writes to places of its own, so
/// different threads may walk different chunks of one simulation at the same time. Reading starts
/// when they are done; passing the workspace on is what orders the two.
// Sendable: chunks write to disjoint memory, and the caller reads after all of them.
package final class PathWorkspace: @unchecked Sendable {
  /// The number of paths that are walked and counted together.
  package static let chunkPaths = 1024
  /// Eight paths with their eight twins.
  static let groupPaths = 16
  static let chunkGroups = chunkPaths / groupPaths
  /// Hits of the target, pairs of such hits, hits of the stop, pairs, paths that are still open, pairs
  /// of those, and steps spent in the position.
  static let counters = 7

  /// The largest number of paths that fit, a multiple of ``chunkPaths``.
  package let paths: Int
  /// The largest number of horizons that fit.
  package let horizons: Int
  /// Results by horizon, side and measure, each a stretch of `paths` numbers.
  let results: UnsafeMutablePointer<Float>
  /// Moves of the undisturbed price by horizon.
  let moves: UnsafeMutablePointer<Float>
  /// Counters by chunk, horizon and side.
  let counts: UnsafeMutablePointer<SIMD8<Int32>>
  /// Room to sort tails in.
  let scratch: UnsafeMutablePointer<Float>

  /// Allocates room for at least so many paths and horizons: 20 bytes a path and horizon.
  package init(paths: Int, horizons: Int) {
    precondition(paths > 0 && horizons > 0, "\(paths) paths, \(horizons) horizons")
    let chunks = (paths + Self.chunkPaths - 1) / Self.chunkPaths
    self.paths = chunks * Self.chunkPaths
    self.horizons = horizons
    results = .allocate(capacity: self.paths * horizons * 4)
    results.initialize(repeating: 0, count: self.paths * horizons * 4)
    moves = .allocate(capacity: self.paths * horizons)
    moves.initialize(repeating: 0, count: self.paths * horizons)
    counts = .allocate(capacity: chunks * horizons * 2 * Self.counters)
    counts.initialize(repeating: .zero, count: chunks * horizons * 2 * Self.counters)
    scratch = .allocate(capacity: self.paths)
    scratch.initialize(repeating: 0, count: self.paths)
  }

  deinit {
    results.deallocate()
    moves.deallocate()
    counts.deallocate()
    scratch.deallocate()
  }

  /// Which result of a path.
  enum Measure: Int {
    case gross, net
  }

  /// Where the results of a horizon, side and measure begin.
  @inline(__always)
  func results(_ horizon: Int, _ side: Int, _ measure: Measure) -> UnsafeMutablePointer<Float> {
    results + ((horizon * 2 + side) * 2 + measure.rawValue) * paths
  }

  /// Where the moves of the undisturbed price begin.
  @inline(__always)
  func moves(_ horizon: Int) -> UnsafeMutablePointer<Float> { moves + horizon * paths }

  /// Where the counters of a chunk, horizon and side begin.
  @inline(__always)
  func counts(_ chunk: Int, _ horizon: Int, _ side: Int) -> UnsafeMutablePointer<SIMD8<Int32>> {
    counts + ((chunk * horizons + horizon) * 2 + side) * Self.counters
  }

  /// A copy of the results of so many paths before costs, for those who want to see them: in groups
  /// of eight paths and their eight twins.
  package func grossResults(horizon: Int, side: PositionSide, paths count: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: results(horizon, side.index, .gross), count: count))
  }

  /// A copy of the moves of the undisturbed price, S/S(0) - 1, of so many paths. They are kept where
  /// the plan asks for a control.
  package func priceMoves(horizon: Int, paths count: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: moves(horizon), count: count))
  }
}

extension PositionSide {
  /// The place of the side among results.
  var index: Int { self == .long ? 0 : 1 }
}
