/// The lengths of windows that a search tries.
///
/// Neighbors differ by about a half, so that a step changes what is measured; lengths that have a
/// meaning on trading days (a week, a month, a quarter, a year) are among them.
package enum WindowGrid {
  /// Rows, ascending.
  package static let lengths = [2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 90, 120, 180, 252, 504]

  /// The lengths of a role.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// Days: what was just seen.
    case short
    /// Weeks to a quarter.
    case medium
    /// A quarter to a year: what is slow or compared with a normal state.
    case long
    /// Smoothing of a finished signal.
    case smoothing

    /// Rows, the shortest and the longest of the role.
    package var lengths: ClosedRange<Int> {
      switch self {
      case .short: 2...10
      case .medium: 15...60
      case .long: 90...252
      case .smoothing: 3...20
      }
    }
  }

  /// Returns the lengths of the grid within a role.
  package static func lengths(of role: Role) -> [Int] {
    lengths.filter { role.lengths.contains($0) }
  }

  /// Returns the lengths nearest to `length` on either side, the shorter first; neither repeats it.
  package static func neighbors(of length: Int) -> [Int] {
    [lengths.last { $0 < length }, lengths.first { $0 > length }].compactMap { $0 }
  }
}
