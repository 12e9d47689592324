/// Whether moves of a price go on, turn back or neither.
enum PriceMotion: Hashable, Sendable {
  case trending, wandering, reverting

  /// The Hurst exponents beyond which a price trends or reverts.
  static let trendFrom = 0.55
  static let revertBelow = 0.45
}

extension ExitSettings.Progress {
  /// The share that holds for a way of moving.
  func required(for motion: PriceMotion) -> Double {
    switch motion {
    case .trending: trend
    case .wandering: random
    case .reverting: meanRevert
    }
  }
}
