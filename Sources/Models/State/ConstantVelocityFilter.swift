/// A level that moves with a velocity, both seen through noise: R. Kalman, "A New Approach to Linear
/// Filtering and Prediction Problems", Journal of Basic Engineering 82 (1960), for two states.
///
/// Units are those of whoever uses it.
package struct ConstantVelocityFilter: Hashable, Sendable {
  /// A symmetric matrix of two rows.
  package struct Spread: Hashable, Sendable {
    /// The variance of the level.
    package var level: Double
    /// The covariance of level and velocity.
    package var both: Double
    /// The variance of the velocity.
    package var velocity: Double

    package init(level: Double, both: Double, velocity: Double) {
      self.level = level
      self.both = both
      self.velocity = velocity
    }
  }

  package var level: Double
  package var velocity: Double
  /// How uncertain level and velocity are.
  package var spread: Spread

  package init(level: Double, velocity: Double, spread: Spread) {
    self.level = level
    self.velocity = velocity
    self.spread = spread
  }

  /// Lets time pass: the level moves on with the velocity, and noise is added to both.
  package mutating func pass(_ time: Double, adding noise: Spread) {
    level += velocity * time
    spread.level += time * (2 * spread.both + time * spread.velocity) + noise.level
    spread.both += time * spread.velocity + noise.both
    spread.velocity += noise.velocity
  }

  /// Takes a sight of the level with a variance, and returns by how much it surprised.
  ///
  /// The spread is updated in the symmetric form of Joseph, so that no variance can turn negative by
  /// rounding.
  @discardableResult
  package mutating func see(_ value: Double, variance: Double) -> Double {
    let surprise = value - level
    let total = spread.level + variance
    let gain = spread.level / total
    let velocityGain = spread.both / total
    level += gain * surprise
    velocity += velocityGain * surprise
    let rest = 1 - gain
    let before = spread
    spread.level = rest * rest * before.level + gain * gain * variance
    spread.both =
      rest * (before.both - velocityGain * before.level) + gain * velocityGain * variance
    spread.velocity =
      before.velocity - velocityGain * (2 * before.both - velocityGain * before.level)
      + velocityGain * velocityGain * variance
    return surprise
  }
}
