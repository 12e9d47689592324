/// Who walks the paths of a simulation: into how many parts they are shared, and what does the parts, at
/// the same time if it can.
///
/// This room knows no threads; whoever has some hands a crew down. A simulation gives the same bytes
/// for every crew.
package struct PathCrew: Sendable {
  /// Does the parts from zero to a count, each once, and returns when all are done.
  package typealias Doing = @Sendable (_ count: Int, _ part: @Sendable (Int) -> Void) -> Void

  /// The number of parts.
  package let size: Int
  private let doing: Doing

  /// A crew of a size, at least one.
  package init(of size: Int, doing: @escaping Doing) {
    precondition(size > 0, "a crew of \(size)")
    self.size = size
    self.doing = doing
  }

  /// The caller alone.
  package static let caller = PathCrew(of: 1) { count, part in
    for turn in 0..<count { part(turn) }
  }

  /// Shares a range in parts that differ by one at most.
  func share(_ range: Range<Int>, _ part: @Sendable (Range<Int>) -> Void) {
    let parts = min(size, range.count)
    guard parts > 1 else { return part(range) }
    doing(parts) { turn in
      let first = range.lowerBound + range.count * turn / parts
      part(first..<range.lowerBound + range.count * (turn + 1) / parts)
    }
  }
}
