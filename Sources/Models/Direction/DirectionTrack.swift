package import Essentials
package import Mathematics

/// How often the calls of a direction model came true of late.
///
/// A call is made when a bar closes and scored when the bar behind it has closed, by nothing but what
/// was known then. Only calls that are surer than a coin count, and only bars that moved. Calls of one
/// symbol do not overlap. Cost: a few steps, no allocation.
package struct DirectionTrack: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The calls that the record of late has; as many before them are kept to compare.
    package var window: Int
    /// The chance of the likelier side from which on a forecast is a call.
    package var callMin: Double

    package init(window: Int = 200, callMin: Double = 0.52) {
      precondition(window > 0 && callMin >= 0.5, "a record of no calls")
      self.window = window
      self.callMin = callMin
    }
  }

  /// What the record says.
  package struct Skill: Hashable, Sendable {
    /// The calls of late that were right.
    package let hits: Proportion
    /// Those of the window before; nil until that is full.
    package let before: Proportion?
    /// When the last call was scored.
    package let measuredAt: Timestamp
  }

  package static let kind = "direction_track"

  private let settings: Settings
  /// Both windows, one call after the other in a ring: whether it was right.
  private var outcomes: [Bool]
  private var place = 0
  /// The calls in the ring.
  private var count = 0
  private var hitsOfLate = 0
  private var hitsBefore = 0
  /// The call that waits for its bar: 1 for a rise, -1 for a fall, 0 for none.
  private var call = 0
  private var scoredAt: Timestamp?

  package init(_ settings: Settings) {
    self.settings = settings
    outcomes = [Bool](repeating: false, count: 2 * settings.window)
  }

  /// Hears the forecast for the bar that begins; nil or an unsure one is no call.
  package mutating func hear(_ forecast: DirectionForecast?) {
    call = 0
    guard let forecast, forecast.confidence >= settings.callMin else { return }
    call = forecast.edge > 0 ? 1 : forecast.edge < 0 ? -1 : 0
  }

  /// Scores the call that waits by the move of its bar; a bar that did not move scores nothing.
  package mutating func score(move: Double, at instant: Timestamp) {
    defer { call = 0 }
    guard call != 0, move != 0, move.isFinite else { return }
    add((move > 0) == (call > 0))
    scoredAt = instant
  }

  /// Forgets the call that waits: its bar never came.
  package mutating func withdraw() { call = 0 }

  private mutating func add(_ isHit: Bool) {
    let window = settings.window
    if count >= window {
      let leaving = outcomes[(place + window) % outcomes.count]
      if leaving {
        hitsOfLate -= 1
        hitsBefore += 1
      }
      if count == outcomes.count, outcomes[place] { hitsBefore -= 1 }
    }
    outcomes[place] = isHit
    if isHit { hitsOfLate += 1 }
    place = (place + 1) % outcomes.count
    count = min(outcomes.count, count + 1)
  }

  /// What the record says; nil before the first call was scored.
  package var skill: Skill? {
    guard let scoredAt, count > 0 else { return nil }
    let window = settings.window
    return Skill(
      hits: Proportion(hitsOfLate, of: min(count, window)),
      before: count == outcomes.count ? Proportion(hitsBefore, of: window) : nil,
      measuredAt: scoredAt)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    let start = count == outcomes.count ? place : 0
    let kept = (0..<count).map { outcomes[(start + $0) % outcomes.count] ? "1" : "0" }
    return [
      JSONValue.Member("outcomes", .string(kept.joined())),
      JSONValue.Member("call", .integer(call)),
      JSONValue.Member(
        "scored_at", scoredAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null),
    ]
  }

  /// Takes up what ``memory`` holds, into a record with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    self = DirectionTrack(settings)
    reader.requireMember("outcomes")
    let kept = reader.line("outcomes") ?? ""
    if kept.count > outcomes.count || !kept.allSatisfy({ $0 == "0" || $0 == "1" }) {
      reader.noteContradiction(
        "outcomes", "are not up to \(outcomes.count) digits 0 and 1",
        remedy: "Give the state as it was saved.")
    } else {
      for digit in kept { add(digit == "1") }
    }
    call = reader.requiredWhole("call", in: -1...1)
    scoredAt = reader.whole("scored_at", in: Int.min...Int.max).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
  }

  /// Two records are the same that say the same now and ever after.
  package static func == (left: Self, right: Self) -> Bool {
    left.settings == right.settings && left.memory == right.memory
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    hasher.combine(hitsOfLate)
    hasher.combine(call)
  }
}
