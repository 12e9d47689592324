package import Essentials
import Mathematics

/// The chance that an order that rests at a distance from the price is filled in time.
///
/// Time is cut into intervals, and for each of some distances the hazard of each interval is learned:
/// the chance to be filled in it for an order that was not filled before (D. Cox, "Regression Models
/// and Life-Tables", JRSS B 34 (1972), section 6). An order that is withdrawn counts for the intervals
/// that it outlived and for no other, so withdrawals bias nothing. Each hazard has a beta prior whose
/// mean is that of a Brownian motion that touches the level, 2 Φ(−δ √(step / t)); distances are told
/// in deviations of a step, so neither price nor volatility matter. Buyers and sellers share all
/// hazards: mirrored markets are told the same.
///
/// It learns from orders that were really sent, and from probes: imagined orders at every distance on
/// both sides, which count as filled once the price has gone through their level, as one at the end of
/// the queue is. Cost of an event: the number of probes, no allocation.
package struct MakerFill: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// In deviations of a step, at least two, rising from zero or above.
    package var distances: [Double]
    /// When the intervals end, in seconds after an order was placed; rising. Where only bars are
    /// told, no interval should end within one.
    package var ends: [Double]
    /// The length of the step that deviations are of, in seconds.
    package var stepSeconds: Double
    /// How many orders the prior weighs.
    package var priorOrders: Double
    /// Orders after which one weighs half.
    package var halfLife: Double

    package init(
      distances: [Double] = [0, 0.1, 0.25, 0.5, 1, 1.5, 2, 3], ends: [Double]? = nil,
      stepSeconds: Double = 60, priorOrders: Double = 8, halfLife: Double = 2000
    ) {
      let ends = ends ?? [1, 2, 3, 5, 10].map { $0 * stepSeconds }
      precondition(
        distances.count > 1 && distances[0] >= 0
          && zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 },
        "distances out of order")
      precondition(
        !ends.isEmpty && ends[0] > 0 && zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 },
        "intervals out of order")
      precondition(stepSeconds > 0 && priorOrders > 0 && halfLife > 0, "no prior")
      self.distances = distances
      self.ends = ends
      self.stepSeconds = stepSeconds
      self.priorOrders = priorOrders
      self.halfLife = halfLife
    }
  }

  /// A chance with how sure it is.
  package struct Chance: Hashable, Sendable {
    package let probability: Double
    /// Of the probability, given the orders seen and the prior (M. Greenwood's formula).
    package let standardError: Double
    /// How many orders it rests on, older ones counting less; without the prior.
    package let orders: Double
  }

  /// An imagined order.
  private struct Probe: Hashable, Sendable {
    /// The logarithm of its price; NaN while there is none.
    var level = Double.nan
    var placed = Timestamp(millisecondsSinceEpoch: 0)
  }

  package static let kind = "maker_fill"

  private let settings: Settings
  private let kept: Double
  /// By distance and interval within it: the mean of the prior, and the orders and fills seen.
  private let priors: [Double]
  private var orders: [Double]
  private var fills: [Double]
  /// By distance, the buyer's before the seller's.
  private var probes: [Probe]

  package init(_ settings: Settings) {
    self.settings = settings
    kept = 1 - DiscountedMean.gain(halfLife: settings.halfLife)
    priors = settings.distances.flatMap { distance in
      var alive = 1.0
      return settings.ends.map { end in
        let left = 1 - Self.touch(distance, within: end / settings.stepSeconds)
        defer { alive = left }
        return min(Self.hazardMax, max(Self.hazardMin, alive > 0 ? 1 - left / alive : 1))
      }
    }
    orders = [Double](repeating: 0, count: priors.count)
    fills = orders
    probes = [Probe](repeating: Probe(), count: 2 * settings.distances.count)
  }

  // No prior is certain.
  private static let hazardMin = 0.01
  private static let hazardMax = 0.99

  /// The chance that a Brownian motion touches a level `distance` deviations of a step away within so
  /// many steps: L. Bachelier's reflection, 2 Φ(−δ / √t).
  static func touch(_ distance: Double, within steps: Double) -> Double {
    guard distance > 0 else { return 1 }
    return 2 * StandardNormal.cumulative(-distance / steps.squareRoot())
  }

  // MARK: - Orders

  /// Takes what became of an order that rested `distance` deviations of a step from the price: filled
  /// after so many seconds, or not filled until it was withdrawn then. A distance below zero counts as
  /// zero. Numbers that are not finite, or no time, are refused: false is returned.
  @discardableResult
  package mutating func observe(distance: Double, seconds: Double, isFilled: Bool) -> Bool {
    guard distance.isFinite, seconds.isFinite, seconds >= 0 else { return false }
    var nearest = 0
    for place in settings.distances.indices
    where (settings.distances[place] - distance).magnitude
      < (settings.distances[nearest] - distance).magnitude
    {
      nearest = place
    }
    learn(nearest, seconds: seconds, isFilled: isFilled)
    return true
  }

  private mutating func learn(_ distance: Int, seconds: Double, isFilled: Bool) {
    for interval in settings.ends.indices {
      let place = distance * settings.ends.count + interval
      let isOver = seconds <= settings.ends[interval]
      // Whoever leaves within an interval without a fill was not at risk for the whole of it.
      if isOver, !isFilled, seconds < settings.ends[interval] { return }
      orders[place] = kept * orders[place] + 1
      fills[place] = kept * fills[place] + (isOver && isFilled ? 1 : 0)
      if isOver { return }
    }
  }

  // MARK: - Probes

  /// Places every probe that is not at the market around a price whose steps have a deviation. What is
  /// not above zero is refused: false is returned.
  @discardableResult
  package mutating func place(
    around price: Double, stepDeviation: Double, at time: Timestamp
  ) -> Bool {
    guard price > 0, price.isFinite, stepDeviation > 0, stepDeviation.isFinite else {
      return false
    }
    let middle = Elementary.log(price)
    for index in probes.indices where probes[index].level.isNaN {
      let distance = settings.distances[index / 2] * stepDeviation
      probes[index] = Probe(
        level: index % 2 == 0 ? middle - distance : middle + distance, placed: time)
    }
    return true
  }

  /// Takes the lowest and highest price traded since the last call, as known at an instant.
  ///
  /// Probes whose level the price has gone through are filled; those that have waited as long as the
  /// last interval are withdrawn.
  package mutating func pass(low: Double, high: Double, at time: Timestamp) {
    guard low > 0, high >= low, high.isFinite else { return }
    let (lowest, highest) = (Elementary.log(low), Elementary.log(high))
    let longest = settings.ends[settings.ends.count - 1]
    for distance in settings.distances.indices {
      var first = resolve(2 * distance, lowest < probes[2 * distance].level, longest, time)
      var second = resolve(
        2 * distance + 1, highest > probes[2 * distance + 1].level, longest, time)
      // Which of two is learned first may depend on what they are, but not on their sides.
      if let one = first, let other = second,
        (one.isFilled ? 0 : 1, one.seconds) > (other.isFilled ? 0 : 1, other.seconds)
      {
        swap(&first, &second)
      }
      if let first { learn(distance, seconds: first.seconds, isFilled: first.isFilled) }
      if let second { learn(distance, seconds: second.seconds, isFilled: second.isFilled) }
    }
  }

  /// Takes a probe from the market that is filled or has waited long enough, and says what became of
  /// it.
  private mutating func resolve(
    _ index: Int, _ isThrough: Bool, _ longest: Double, _ time: Timestamp
  ) -> (seconds: Double, isFilled: Bool)? {
    let probe = probes[index]
    guard !probe.level.isNaN, time > probe.placed else { return nil }
    let seconds = (time - probe.placed).seconds
    guard isThrough || seconds >= longest else { return nil }
    probes[index].level = .nan
    return (seconds, isThrough)
  }

  /// Takes all probes from the market without a word on them, as after a gap.
  package mutating func withdrawProbes() {
    for index in probes.indices { probes[index].level = .nan }
  }

  // MARK: - Chances

  /// Returns the chance that an order is filled that rests `distance` deviations of a step away, zero
  /// or more, for so many seconds; no longer than the last interval is looked ahead.
  package func chance(distance: Double, within seconds: Double) -> Chance {
    precondition(distance >= 0 && seconds >= 0, "an order at no distance for no time")
    let distances = settings.distances
    let last = distances.count - 1
    guard distance < distances[last] else {
      // Beyond what is learned the chance falls as that of the Brownian motion does.
      let far = chance(at: last, within: seconds)
      let steps = min(seconds, settings.ends[settings.ends.count - 1]) / settings.stepSeconds
      let nearTouch = Self.touch(distances[last], within: steps)
      let ratio =
        nearTouch > 0 ? min(1, Self.touch(distance, within: steps) / nearTouch) : 1
      return Chance(
        probability: ratio * far.probability, standardError: ratio * far.standardError,
        orders: far.orders)
    }
    let above = distances.firstIndex { $0 > distance } ?? last
    let upper = chance(at: above, within: seconds)
    guard above > 0 else { return upper }
    let lower = chance(at: above - 1, within: seconds)
    let share = (distance - distances[above - 1]) / (distances[above] - distances[above - 1])
    let variance =
      (1 - share) * (1 - share) * lower.standardError * lower.standardError
      + share * share * upper.standardError * upper.standardError
    return Chance(
      probability: (1 - share) * lower.probability + share * upper.probability,
      standardError: variance.squareRoot(),
      orders: (1 - share) * lower.orders + share * upper.orders)
  }

  private func chance(at distance: Int, within seconds: Double) -> Chance {
    var alive = 1.0
    var scatter = 0.0
    var start = 0.0
    for (interval, end) in settings.ends.enumerated() {
      guard seconds > start else { break }
      let place = distance * settings.ends.count + interval
      let weight = settings.priorOrders + orders[place]
      let hazard = (settings.priorOrders * priors[place] + fills[place]) / weight
      // Within an interval the rate is the same throughout.
      let share = min(1, (seconds - start) / (end - start))
      alive *= Elementary.pow(1 - hazard, share)
      scatter += share * share * hazard / ((1 - hazard) * (weight + 1))
      start = end
    }
    return Chance(
      probability: 1 - alive, standardError: alive * scatter.squareRoot(),
      orders: orders[distance * settings.ends.count])
  }

  // MARK: - Memory

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("orders", .numbers(orders)), JSONValue.Member("fills", .numbers(fills)),
      JSONValue.Member(
        "probes",
        .array(
          probes.map { probe in
            probe.level.isNaN
              ? .null
              : .array([
                .number(probe.level), .integer(Int(probe.placed.millisecondsSinceEpoch)),
              ])
          })),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    let count = orders.count
    let savedOrders = reader.requiredNumbers("orders", count: count, in: DocumentReader.notNegative)
    let savedFills = reader.requiredNumbers("fills", count: count, in: DocumentReader.notNegative)
    if let savedOrders, let savedFills {
      if zip(savedOrders, savedFills).contains(where: { $0 < $1 }) {
        reader.noteContradiction(
          "fills", "are more than the orders", remedy: "Give the state as it was saved.")
      }
      orders = savedOrders
      fills = savedFills
    }
    guard case .array(let saved)? = reader.value("probes"), saved.count == probes.count else {
      reader.noteContradiction(
        "probes", "are not \(probes.count)", remedy: "Give the state as it was saved.")
      return
    }
    for (index, value) in saved.enumerated() {
      guard value != .null else { continue }
      guard case .array(let parts) = value, parts.count == 2, case .integer(let placed) = parts[1],
        let level = Self.number(parts[0])
      else {
        reader.noteContradiction(
          "probes[\(index)]", "is no level with an instant",
          remedy: "Give the state as it was saved.")
        continue
      }
      probes[index] = Probe(
        level: level, placed: Timestamp(millisecondsSinceEpoch: Int64(placed)))
    }
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let whole): Double(whole)
    case .number(let number) where number.isFinite: number
    default: nil
    }
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.settings == right.settings && left.memory == right.memory
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(orders)
    hasher.combine(fills)
  }
}
