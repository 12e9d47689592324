/// The equity of a window, from 1 before its first row.
///
/// A loss of everything or more ends at zero, and equity stays there.
struct EquityPath {
  /// One level more than there are returns.
  let levels: [Double]

  init(of returns: some Sequence<Double>) {
    var levels = [1.0]
    var level = 1.0
    for change in returns {
      level = max(0, level * (1 + change))
      levels.append(level)
    }
    self.levels = levels
  }

  /// The return of the whole window.
  var total: Double { levels[levels.count - 1] - 1 }

  /// The deepest fall below the highest level so far, as a share of that level.
  var maximumDrawdown: Double { drawdowns.max() ?? .nan }

  /// The root of the mean squared fall over all levels.
  var ulcer: Double {
    (drawdowns.reduce(0) { $0 + $1 * $1 } / Double(levels.count)).squareRoot()
  }

  private var drawdowns: [Double] {
    var peak = 1.0
    return levels.map { level in
      peak = max(peak, level)
      return 1 - level / peak
    }
  }
}
