import Mathematics

/// The exit of a drifting Brownian motion from a corridor within a given time.
///
/// The motion starts at zero with drift m and standard deviation s over the whole time, so a log
/// price of annual drift ν = μ - σ²/2 watched for a time T has m = νT and s = σ√T. It ends at the
/// first touch of `upper` or of `-lower`, or when the time is over. The three probabilities are exact
/// to about 1e-14: for short times by reflected images, for long times by the eigenfunctions of the
/// corridor, whichever needs few terms (Borodin and Salminen, "Handbook of Brownian Motion", second
/// edition, part II, 2.3.0; Darling and Siegert, "The First Passage Problem for a Continuous Markov
/// Process", The Annals of Mathematical Statistics 24, 1953). A barrier at infinity is none.
package struct TwoBarrierPassage: Hashable, Sendable {
  /// The distance of the barrier above the start, positive.
  package let upper: Double
  /// The distance of the barrier below the start, positive.
  package let lower: Double
  /// The mean of the undisturbed motion at the end.
  package let drift: Double
  /// The standard deviation of the undisturbed motion at the end, positive.
  package let deviation: Double
  /// The probability that the upper barrier is touched in time, and before the lower one.
  package let upperProbability: Double
  /// The probability that the lower barrier is touched in time, and before the upper one.
  package let lowerProbability: Double

  /// Solves the exit. Distances and deviation are positive, the distances may be infinite.
  package init(upper: Double, lower: Double, drift: Double, deviation: Double) {
    precondition(
      upper > 0 && lower > 0 && deviation > 0 && deviation.isFinite && drift.isFinite,
      "a corridor from -\(lower) to \(upper), drift \(drift), deviation \(deviation)")
    // Beyond forty deviations a barrier is never touched to double precision.
    let far = drift.magnitude + 40 * deviation
    self.upper = min(upper, far)
    self.lower = min(lower, far)
    self.drift = drift
    self.deviation = deviation
    upperProbability = Self.touch(
      near: self.upper, far: self.lower, drift: drift, deviation: deviation)
    lowerProbability = Self.touch(
      near: self.lower, far: self.upper, drift: -drift, deviation: deviation)
  }

  /// The probability that neither barrier is touched in time.
  package var survival: Double { max(0, 1 - upperProbability - lowerProbability) }

  /// Returns the probability of touching neither barrier and ending at most at `place`.
  package func survival(below place: Double) -> Double {
    let end = min(place, upper)
    guard end > -lower else { return 0 }
    let width = upper + lower
    let turn = drift / (deviation * deviation)
    let result =
      Self.isShort(deviation, width)
      ? survivalByImages(below: end, width, turn) : survivalByModes(below: end, width, turn)
    return min(max(0, result), survival)
  }

  /// Returns the expectation of e^X over the motions that touch neither barrier and end at most at
  /// `place`: e^(m + s²/2) times their probability under the drift m + s² (Girsanov).
  package func growth(below place: Double) -> Double {
    let share = place >= upper ? tilted.survival : tilted.survival(below: place)
    return Elementary.exp(drift + 0.5 * deviation * deviation) * share
  }

  /// The same corridor under the drift m + s².
  private var tilted: TwoBarrierPassage {
    TwoBarrierPassage(
      upper: upper, lower: lower, drift: drift + deviation * deviation, deviation: deviation)
  }

  // MARK: - The two series

  /// On their sides of this time six modes leave an error of 1e-23 and three pairs of images one of
  /// 1e-26.
  private static func isShort(_ deviation: Double, _ width: Double) -> Bool {
    deviation * deviation < 0.3 * width * width
  }

  private static func touch(
    near: Double, far: Double, drift: Double, deviation: Double
  ) -> Double {
    let width = near + far
    let result =
      isShort(deviation, width)
      ? touchByImages(near, width, drift, deviation)
      : touchByModes(near, far, drift, deviation)
    return min(max(0, result), 1)
  }

  /// The sum over images at near + 2k·width of first passages through one barrier.
  private static func touchByImages(
    _ near: Double, _ width: Double, _ drift: Double, _ deviation: Double
  ) -> Double {
    let turn = drift / (deviation * deviation)
    let scale = deviation * 2.0.squareRoot()
    func passage(_ place: Double) -> Double {
      let distance = place.magnitude
      let slow = Elementary.erfc((distance - drift.magnitude) / scale)
      let fast = Elementary.erfc((distance + drift.magnitude) / scale)
      let first = Elementary.exp(turn * near - turn.magnitude * distance) * slow
      // Where the factor overflows the error function has vanished.
      let second =
        fast == 0 ? 0 : Elementary.exp(turn * near + turn.magnitude * distance) * fast
      return (place < 0 ? -0.5 : 0.5) * (first + second)
    }
    var sum = passage(near)
    for k in 1...3 {
      let shift = 2 * Double(k) * width
      sum += passage(near + shift) + passage(near - shift)
    }
    return sum
  }

  /// The touch in unlimited time less the part that comes too late.
  private static func touchByModes(
    _ near: Double, _ far: Double, _ drift: Double, _ deviation: Double
  ) -> Double {
    let width = near + far
    let turn = drift / (deviation * deviation)
    let ratio = deviation * deviation / (width * width)
    var late = 0.0
    for n in 1...6 {
      let mode = Double(n) * Double.pi
      let rate = 0.5 * (drift * turn + mode * mode * ratio)
      let sign: Double = n % 2 == 1 ? 1 : -1
      late +=
        sign * mode * Elementary.sin(mode * far / width) * Elementary.exp(turn * near - rate) / rate
    }
    return eventually(near, far, turn) - ratio * late
  }

  /// The probability of touching the near barrier first in unlimited time, from the scale function
  /// e^(-2θx), θ = m/s².
  private static func eventually(_ near: Double, _ far: Double, _ turn: Double) -> Double {
    let width = near + far
    if (turn * width).magnitude < 1e-12 { return far / width }
    return turn > 0
      ? Elementary.expMinusOne(-2 * turn * far) / Elementary.expMinusOne(-2 * turn * width)
      : Elementary.exp(2 * turn * near) * Elementary.expMinusOne(2 * turn * far)
        / Elementary.expMinusOne(2 * turn * width)
  }

  private func survivalByImages(below end: Double, _ width: Double, _ turn: Double) -> Double {
    func mass(_ center: Double) -> Double {
      let top = (end - center - drift) / deviation
      let bottom = (-lower - center - drift) / deviation
      // The difference of two upper tails is the precise one above the mean.
      let between =
        bottom > 0
        ? StandardNormal.cumulative(-bottom) - StandardNormal.cumulative(-top)
        : StandardNormal.cumulative(top) - StandardNormal.cumulative(bottom)
      return between == 0 ? 0 : Elementary.exp(turn * center) * between
    }
    var sum = mass(0) - mass(2 * upper)
    for k in 1...3 {
      let shift = 2 * Double(k) * width
      sum += mass(shift) + mass(-shift) - mass(2 * upper + shift) - mass(2 * upper - shift)
    }
    return sum
  }

  private func survivalByModes(below end: Double, _ width: Double, _ turn: Double) -> Double {
    let ratio = deviation * deviation / (width * width)
    var sum = 0.0
    for n in 1...6 {
      let wave = Double(n) * Double.pi / width
      let angle = wave * (end + lower)
      let decay = -0.5 * (drift * turn + Double(n * n) * Double.pi * Double.pi * ratio)
      let atEnd =
        Elementary.exp(decay + turn * end)
        * (turn * Elementary.sin(angle) - wave * Elementary.cos(angle))
      let atStart = Elementary.exp(decay - turn * lower) * wave
      sum +=
        Elementary.sin(wave * lower) * (atEnd + atStart) / (turn * turn + wave * wave)
    }
    return 2 / width * sum
  }
}
