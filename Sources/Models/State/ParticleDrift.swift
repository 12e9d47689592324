package import Essentials
import Mathematics

/// The drift of log returns by a particle filter: a cloud of drifts, each weighing what it explains.
///
/// N. Gordon, D. Salmond and A. Smith, "Novel Approach to Nonlinear/Non-Gaussian Bayesian State
/// Estimation", IEE Proceedings F 140 (1993), with systematic resampling when half of the cloud says
/// nothing any more (A. Doucet and A. Johansen, "A Tutorial on Particle Filtering", 2009, section
/// 3.5). Returns are divided by their deviation, which is learned from those before, so neither price
/// nor volatility matter. What a Kalman filter cannot do is the default here: one wild return hardly
/// moves the drift, because returns have the tails of Student's t.
///
/// Chance is a function of the seed and of how many returns were seen, so the same returns give the
/// same bits, and a filter that is taken up again draws what it would have drawn. Cost: the number of
/// particles, no allocation.
package struct ParticleDrift: Restartable, Hashable {
  /// How returns scatter about the drift.
  package enum Noise: Hashable, Sendable {
    case gaussian
    /// Student's t with so many degrees of freedom, above two, scaled to variance one.
    case student(degrees: Double)
  }

  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// Names the sequence of chance; mix symbol and run into it.
    package var seed: UInt64
    package var particles: Int
    /// The length of a step in seconds.
    package var stepSeconds: Double
    /// Steps after which half of a drift is gone.
    package var driftHalfLife: Double
    /// The standard deviation of drifts in the long run, as a multiple of that of a step's return.
    package var driftRatio: Double
    package var noise: Noise
    /// Steps after which a squared return weighs half in the variance of a step.
    package var varianceHalfLife: Double
    /// Returns that only teach the variance before the first one is judged.
    package var warmUp: Int

    package init(
      seed: UInt64, particles: Int = 128, stepSeconds: Double = 60, driftHalfLife: Double = 240,
      driftRatio: Double = 0.05, noise: Noise = .student(degrees: 5),
      varianceHalfLife: Double = 120, warmUp: Int = 60
    ) {
      precondition(particles > 1 && stepSeconds > 0 && driftHalfLife > 0, "no particles")
      if case .student(let degrees) = noise {
        precondition(degrees > 2, "\(degrees) degrees of freedom have no variance")
      }
      self.seed = seed
      self.particles = particles
      self.stepSeconds = stepSeconds
      self.driftHalfLife = driftHalfLife
      self.driftRatio = driftRatio
      self.noise = noise
      self.varianceHalfLife = varianceHalfLife
      self.warmUp = max(1, warmUp)
    }
  }

  package static let kind = "particle_drift"

  private let settings: Settings
  /// What is left of a drift after a step, and the deviation of what is added to it.
  private let persistence: Double
  private let innovation: Double
  private var drifts: [Double]
  private var weights: [Double]
  private var spare: [Double]
  private var judged = 0
  private var variance: DiscountedMean

  package init(_ settings: Settings) {
    self.settings = settings
    persistence = 1 - DiscountedMean.gain(halfLife: settings.driftHalfLife)
    innovation = settings.driftRatio * (1 - persistence * persistence).squareRoot()
    let count = settings.particles
    // The first cloud stands at the quantiles of the drifts in the long run.
    drifts = (0..<count).map {
      settings.driftRatio * StandardNormal.quantile((Double($0) + 0.5) / Double(count))
    }
    weights = [Double](repeating: 1 / Double(count), count: count)
    spare = drifts
    variance = DiscountedMean(halfLife: settings.varianceHalfLife)
  }

  /// Takes the log return of a step that is complete. One that is not finite is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double) -> Bool {
    guard logReturn.isFinite, (logReturn * logReturn).isFinite else { return false }
    if variance.count >= settings.warmUp, variance.value > 0 {
      judge(logReturn / variance.value.squareRoot())
    }
    variance.add(logReturn * logReturn)
    return true
  }

  private mutating func judge(_ scaled: Double) {
    var chance = Philox4x32(seed: settings.seed, stream: UInt64(judged))
    judged += 1
    let count = drifts.count
    var total = 0.0
    var index = 0
    while index < count {
      let (one, other) = Self.normals(&chance)
      move(index, by: one, toward: scaled, &total)
      if index + 1 < count { move(index + 1, by: other, toward: scaled, &total) }
      index += 2
    }
    // A return that no particle explains says nothing about which of them is right.
    guard total > 0, total.isFinite else {
      for index in 0..<count { weights[index] = 1 / Double(count) }
      return
    }
    var squares = 0.0
    for index in 0..<count {
      weights[index] /= total
      squares += weights[index] * weights[index]
    }
    if 1 / squares < Double(count) / 2 { resample(chance.nextUniform()) }
  }

  private mutating func move(
    _ index: Int, by normal: Double, toward scaled: Double, _ total: inout Double
  ) {
    drifts[index] = persistence * drifts[index] + innovation * normal
    let surprise = scaled - drifts[index]
    switch settings.noise {
    case .gaussian: weights[index] *= Elementary.exp(-0.5 * surprise * surprise)
    case .student(let degrees):
      weights[index] *= Elementary.exp(
        -0.5 * (degrees + 1) * Elementary.log(onePlus: surprise * surprise / (degrees - 2)))
    }
    total += weights[index]
  }

  /// Two independent normal draws: G. Box and M. Muller, Annals of Mathematical Statistics 29 (1958).
  private static func normals(_ chance: inout Philox4x32) -> (Double, Double) {
    let radius = (-2 * Elementary.log(1 - chance.nextUniform())).squareRoot()
    let angle = 2 * Double.pi * chance.nextUniform()
    return (radius * Elementary.cos(angle), radius * Elementary.sin(angle))
  }

  /// Every particle is kept as often as its weight says, evenly spaced from one draw.
  private mutating func resample(_ draw: Double) {
    let count = drifts.count
    var source = 0
    var reached = weights[0]
    for index in 0..<count {
      let wanted = (Double(index) + draw) / Double(count)
      while reached < wanted, source < count - 1 {
        source += 1
        reached += weights[source]
      }
      spare[index] = drifts[source]
    }
    swap(&drifts, &spare)
    for index in 0..<count { weights[index] = 1 / Double(count) }
  }

  /// Mean and standard deviation of the drift of a step, in standard deviations of its return.
  package var scaled: (mean: Double, deviation: Double) {
    var mean = 0.0
    for index in drifts.indices { mean += weights[index] * drifts[index] }
    var square = 0.0
    for index in drifts.indices {
      square += weights[index] * (drifts[index] - mean) * (drifts[index] - mean)
    }
    return (mean, square.squareRoot())
  }

  /// The drift; nil before the first return that was judged. Cost: the number of particles.
  package var estimate: DriftEstimate? {
    guard judged > 0, variance.value > 0 else { return nil }
    let deviation = variance.value.squareRoot()
    let (mean, spread) = scaled
    return DriftEstimate(
      logDriftPerStep: mean * deviation, deviationPerStep: spread * deviation,
      stepVariance: variance.value, stepSeconds: settings.stepSeconds)
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.settings == right.settings && left.drifts == right.drifts
      && left.weights == right.weights && left.judged == right.judged
      && left.variance == right.variance
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(drifts)
    hasher.combine(judged)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("drifts", .numbers(drifts)), JSONValue.Member("weights", .numbers(weights)),
      JSONValue.Member("judged", .integer(judged)), JSONValue.Member("variance", variance.json),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    if let saved = reader.requiredNumbers("drifts", count: drifts.count) { drifts = saved }
    if let saved = reader.requiredNumbers("weights", count: weights.count, in: 0...1) {
      weights = saved
    }
    judged = reader.requiredCount("judged")
    reader.recall(&variance, "variance", in: DocumentReader.notNegative)
  }
}
