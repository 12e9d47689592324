import Mathematics

/// Sixteen paths: eight, and their twins with the opposite chance.
struct TwinLanes {
  var plain: FloatLanes
  var mirrored: FloatLanes

  @inline(__always)
  init(_ plain: FloatLanes, _ mirrored: FloatLanes) {
    self.plain = plain
    self.mirrored = mirrored
  }

  @inline(__always)
  init(both value: FloatLanes) { self.init(value, value) }
}

/// The chance that a step gets, prepared for many steps before the first is made.
struct StepDraw {
  /// A standard normal variate, or what a law makes of it; the twins get minus it.
  let normal: FloatLanes
  /// A second number of the law.
  let second: FloatLanes
  /// A word that decides on touches within the step.
  let bridge: WordLanes
  /// A further random word.
  let word: WordLanes
}

/// What a step did besides moving the paths.
struct StepTrace {
  /// Half the variance of the motion within the step, equal for twins.
  let halfVariance: FloatLanes
  /// What the log price jumped by at the end of the step; zero for laws without ``PathLaw/jumps``.
  let jump: TwinLanes
}

/// The arithmetic of one ``PathModel``, eight paths and their twins at a time.
protocol PathLaw {
  /// What a path remembers besides its price.
  associatedtype Memory
  /// Whether a step can end in a jump.
  static var jumps: Bool { get }
  /// How many steps the four words of a block serve: two where a step needs one normal variate.
  static var stepsPerBlock: Int { get }
  /// What a path remembers at the start.
  var start: Memory { get }
  /// Turns the words of a block into the chance of ``stepsPerBlock`` steps.
  func prepare(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>)
  /// Whether ``refine(_:)`` does anything.
  static var refines: Bool { get }
  /// The second half of long preparations, in a loop of its own.
  func refine(_ draw: StepDraw) -> StepDraw
  /// Moves the log prices by the part of a step that comes before its jump.
  func advance(
    _ prices: inout TwinLanes, _ memory: inout Memory, _ draw: StepDraw, step: Int
  ) -> StepTrace
}

extension PathLaw {
  static var refines: Bool { false }

  @inline(__always)
  func refine(_ draw: StepDraw) -> StepDraw { draw }

  /// One normal variate for each of two steps.
  @inline(__always)
  func prepareTwoNormals(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>) {
    let (first, second) = LaneVariates.normals(block.first, block.second)
    draws[0] = StepDraw(normal: first, second: .zero, bridge: block.third, word: .zero)
    draws[1] = StepDraw(normal: second, second: .zero, bridge: block.fourth, word: .zero)
  }
}

/// Brownian motion, with or without the pull of a level: x' = a x + c + s Z.
struct GaussianLaw: PathLaw {
  static let jumps = false
  static let stepsPerBlock = 2
  let start: Void = ()
  let pull: FloatLanes
  let deviation: FloatLanes
  let halfVariance: FloatLanes
  /// The constant c of each step.
  let shifts: UnsafePointer<Float>

  @inline(__always)
  init(pull: Double, deviation: Double, shifts: UnsafePointer<Float>) {
    self.pull = .all(Float(pull))
    self.deviation = .all(Float(deviation))
    halfVariance = .all(Float(0.5 * deviation * deviation))
    self.shifts = shifts
  }

  @inline(__always)
  func prepare(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>) {
    prepareTwoNormals(block, draws)
  }

  @inline(__always)
  func advance(
    _ prices: inout TwinLanes, _ memory: inout Void, _ draw: StepDraw, step: Int
  ) -> StepTrace {
    let shift = FloatLanes.all(shifts[step])
    let surprise = draw.normal * deviation
    // Chance is added to the small constant first: it dithers the rounding of the sum.
    prices.plain = prices.plain.fused(times: pull, plus: shift + surprise)
    prices.mirrored = prices.mirrored.fused(times: pull, plus: shift - surprise)
    return StepTrace(
      halfVariance: halfVariance, jump: TwinLanes(both: .zero))
  }
}

/// A Brownian motion whose variance is drawn for each step.
struct StudentLaw: PathLaw {
  static let jumps = false
  static let stepsPerBlock = 1
  static let refines = true
  let start: Void = ()
  let drift: FloatLanes
  let scale: FloatLanes
  /// The coefficients of the mixture's logarithm, the deviation of a step added to the constant.
  let coefficients: UnsafePointer<Float>

  @inline(__always)
  init(drift: Double, coefficients: UnsafeBufferPointer<Float>) {
    self.drift = .all(Float(drift))
    scale = .all(Float(1 / StudentMixture.reach))
    guard let first = coefficients.baseAddress else {
      preconditionFailure("a mixture without coefficients")
    }
    precondition(coefficients.count == StudentMixture.coefficientCount, "another polynomial")
    self.coefficients = first
  }

  @inline(__always)
  func prepare(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>) {
    let (normal, mixing) = LaneVariates.normals(block.first, block.second)
    draws[0] = StepDraw(normal: normal, second: mixing, bridge: block.third, word: .zero)
  }

  @inline(__always)
  func refine(_ draw: StepDraw) -> StepDraw {
    let deviation = power(draw.second * scale).powerOfTwo
    return StepDraw(
      normal: draw.normal * deviation, second: deviation, bridge: draw.bridge, word: .zero)
  }

  /// The polynomial of degree 14, its even and odd parts side by side.
  @inline(__always)
  private func power(_ place: FloatLanes) -> FloatLanes {
    func coefficient(_ order: Int) -> FloatLanes { .all(coefficients[order]) }
    let square = place * place
    var even = coefficient(14).fused(times: square, plus: coefficient(12))
    var odd = coefficient(13).fused(times: square, plus: coefficient(11))
    even = even.fused(times: square, plus: coefficient(10))
    odd = odd.fused(times: square, plus: coefficient(9))
    even = even.fused(times: square, plus: coefficient(8))
    odd = odd.fused(times: square, plus: coefficient(7))
    even = even.fused(times: square, plus: coefficient(6))
    odd = odd.fused(times: square, plus: coefficient(5))
    even = even.fused(times: square, plus: coefficient(4))
    odd = odd.fused(times: square, plus: coefficient(3))
    even = even.fused(times: square, plus: coefficient(2))
    odd = odd.fused(times: square, plus: coefficient(1))
    even = even.fused(times: square, plus: coefficient(0))
    return odd.fused(times: place, plus: even)
  }

  @inline(__always)
  func advance(
    _ prices: inout TwinLanes, _ memory: inout Void, _ draw: StepDraw, step: Int
  ) -> StepTrace {
    let deviation = draw.second
    let halfVariance = deviation * deviation * .all(0.5)
    let shift = drift - halfVariance
    prices.plain += shift + draw.normal
    prices.mirrored += shift - draw.normal
    return StepTrace(
      halfVariance: halfVariance, jump: TwinLanes(both: .zero))
  }
}

/// Brownian motion with compound jumps. At most ``most`` jumps fall into a step; the drift is
/// compensated for exactly this law, so the cut costs no fairness.
struct JumpingLaw: PathLaw {
  static let jumps = true
  static let stepsPerBlock = 1
  static let most = 4
  let start: Void = ()
  let shift: FloatLanes
  let deviation: FloatLanes
  let halfVariance: FloatLanes
  let jumpMean: FloatLanes
  let jumpDeviation: FloatLanes
  /// The words from which on a step has at least 1, 2, 3 and 4 jumps.
  let thresholds: SIMD4<UInt32>
  /// Whether even a single jump is impossible.
  let isQuiet: Bool

  init(drift: Double, deviation: Double, law: JumpLaw, stepYears: Double) {
    let expected = law.annualRate * stepYears
    var chance = Elementary.exp(-expected)
    var below = 0.0
    var growth = 0.0
    var thresholds = SIMD4<UInt32>(repeating: .max)
    for count in 0..<Self.most {
      below += chance
      growth += chance * Self.growth(count, law)
      thresholds[count] = UInt32(min(4_294_967_295, (below * 0x1p32).rounded()))
      chance *= expected / Double(count + 1)
    }
    growth += (1 - below) * Self.growth(Self.most, law)
    self.thresholds = thresholds
    isQuiet = thresholds[0] == .max
    shift = .all(
      Float(drift - 0.5 * deviation * deviation - (isQuiet ? 0 : Elementary.log(growth))))
    self.deviation = .all(Float(deviation))
    halfVariance = .all(Float(0.5 * deviation * deviation))
    jumpMean = .all(Float(law.mean))
    jumpDeviation = .all(Float(law.deviation))
  }

  /// The expected factor of the price after so many jumps.
  private static func growth(_ count: Int, _ law: JumpLaw) -> Double {
    Elementary.exp(Double(count) * (law.mean + 0.5 * law.deviation * law.deviation))
  }

  @inline(__always)
  func prepare(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>) {
    let (first, second) = LaneVariates.normals(block.first, block.second)
    draws[0] = StepDraw(normal: first, second: second, bridge: block.third, word: block.fourth)
  }

  @inline(__always)
  func advance(
    _ prices: inout TwinLanes, _ memory: inout Void, _ draw: StepDraw, step: Int
  ) -> StepTrace {
    let surprise = draw.normal * deviation
    prices.plain += shift + surprise
    prices.mirrored += shift - surprise
    let some = draw.word.isAtLeast(WordLanes(repeating: thresholds[0]))
    var jump = TwinLanes(both: .zero)
    if !isQuiet, some.holdSomewhere {
      var count = FloatLanes.zero
      for order in 0..<Self.most {
        let reached = draw.word.isAtLeast(WordLanes(repeating: thresholds[order]))
        count += FloatLanes.all(1).chosen(where: reached, otherwise: .zero)
      }
      let size = draw.second * count.root * jumpDeviation
      jump = TwinLanes(count * jumpMean + size, count * jumpMean - size)
    }
    return StepTrace(halfVariance: halfVariance, jump: jump)
  }
}

/// Brownian steps whose variance follows from the step before. Twins share it: it knows the square of
/// the surprise only.
struct VaryingLaw: PathLaw {
  static let jumps = false
  static let stepsPerBlock = 2
  let start: FloatLanes
  let drift: FloatLanes
  let constant: FloatLanes
  let surpriseWeight: FloatLanes
  let memoryWeight: FloatLanes

  init(drift: Double, variance: Double, law: VarianceLaw, stepYears: Double) {
    let longRun = law.annualLongRunVolatility * law.annualLongRunVolatility * stepYears
    start = .all(Float(variance))
    self.drift = .all(Float(drift))
    constant = .all(Float((1 - law.surprise - law.memory) * longRun))
    surpriseWeight = .all(Float(law.surprise))
    memoryWeight = .all(Float(law.memory))
  }

  @inline(__always)
  func prepare(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>) {
    prepareTwoNormals(block, draws)
  }

  @inline(__always)
  func advance(
    _ prices: inout TwinLanes, _ memory: inout FloatLanes, _ draw: StepDraw, step: Int
  ) -> StepTrace {
    let halfVariance = memory * .all(0.5)
    let deviation = memory.root
    let surprise = draw.normal * deviation
    let shift = drift - halfVariance
    prices.plain += shift + surprise
    prices.mirrored += shift - surprise
    memory = (surprise * surprise).fused(
      times: surpriseWeight, plus: memory.fused(times: memoryWeight, plus: constant))
    return StepTrace(
      halfVariance: halfVariance, jump: TwinLanes(both: .zero))
  }
}

/// Steps of the past. A twin draws for itself: the opposite of a step that happened need not have.
struct HistoryLaw: PathLaw {
  static let jumps = false
  static let stepsPerBlock = 1

  /// Where in the past a path and its twin are.
  struct Places {
    var plain: WordLanes
    var mirrored: WordLanes
  }

  let start = Places(plain: .zero, mirrored: .zero)
  let deviation: FloatLanes
  let halfVariance: FloatLanes
  /// The constant part of the first, second ... step of a block.
  let shifts: UnsafePointer<Float>
  let steps: UnsafePointer<Float>
  let count: UInt32
  let block: Int

  /// Takes the constants of a block's steps, followed by the history, from a table.
  init(deviation: Double, table: UnsafeBufferPointer<Float>, block: Int) {
    guard let first = table.baseAddress else { preconditionFailure("a history without steps") }
    self.deviation = .all(Float(deviation))
    halfVariance = .all(Float(0.5 * deviation * deviation))
    shifts = first
    steps = first + block
    count = UInt32(table.count - block)
    self.block = block
  }

  @inline(__always)
  func prepare(_ block: WordLaneBlock, _ draws: UnsafeMutablePointer<StepDraw>) {
    draws[0] = StepDraw(
      normal: .zero, second: FloatLanes(words: block.second), bridge: block.third,
      word: block.fourth)
  }

  @inline(__always)
  func advance(
    _ prices: inout TwinLanes, _ memory: inout Places, _ draw: StepDraw, step: Int
  ) -> StepTrace {
    let place = step % block
    let begins = place == 0
    let shift = FloatLanes.all(shifts[place])
    var plain = FloatLanes.zero
    var mirrored = FloatLanes.zero
    let other = draw.second.words
    for lane in 0..<8 {
      if begins {
        memory.plain[lane] = draw.word[lane].multipliedFullWidth(by: count).high
        memory.mirrored[lane] = other[lane].multipliedFullWidth(by: count).high
      } else {
        memory.plain[lane] = memory.plain[lane] + 1 == count ? 0 : memory.plain[lane] + 1
        memory.mirrored[lane] = memory.mirrored[lane] + 1 == count ? 0 : memory.mirrored[lane] + 1
      }
      plain[lane] = steps[Int(memory.plain[lane])]
      mirrored[lane] = steps[Int(memory.mirrored[lane])]
    }
    prices.plain += plain.fused(times: deviation, plus: shift)
    prices.mirrored += mirrored.fused(times: deviation, plus: shift)
    return StepTrace(
      halfVariance: halfVariance, jump: TwinLanes(both: .zero))
  }
}
