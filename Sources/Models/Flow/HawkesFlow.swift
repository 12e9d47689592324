package import Essentials
import Mathematics

/// The rates at which prices tick up and down, each event exciting those that follow.
///
/// Only the process's own clock counts: the time between two events is that between their own
/// stamps. Constant cost, no allocation.
package struct HawkesFlow: Restartable, Hashable {
  /// It is made with nothing but the parameters of the process.
  package typealias Settings = HawkesParameters

  /// A kind of event.
  package enum Side: String, CaseIterable, Hashable, Sendable {
    case up, down
  }

  package static let kind = "hawkes"

  package private(set) var parameters: HawkesParameters
  /// What events have added to the rates as of the latest instant.
  private var excitation = HawkesParameters.PerSide(up: 0, down: 0)
  private var instant: Timestamp?

  package init(_ parameters: HawkesParameters) {
    self.parameters = parameters
  }

  /// Takes an event. One that is earlier than the latest is refused: false is returned and nothing
  /// changes.
  @discardableResult
  package mutating func observe(_ side: Side, at time: Timestamp) -> Bool {
    guard pass(to: time) else { return false }
    switch side {
    case .up:
      excitation.up += parameters.selfExcitation
      excitation.down += parameters.crossExcitation
    case .down:
      excitation.down += parameters.selfExcitation
      excitation.up += parameters.crossExcitation
    }
    return true
  }

  /// Goes on with other parameters from the excitation that it has come to.
  package mutating func adopt(_ parameters: HawkesParameters) {
    self.parameters = parameters
  }

  /// Lets time pass without an event; false where it would run backward.
  @discardableResult
  package mutating func pass(to time: Timestamp) -> Bool {
    if let instant {
      guard time >= instant else { return false }
      let seconds = Double(time.millisecondsSinceEpoch - instant.millisecondsSinceEpoch) / 1000
      let left = Elementary.exp(-parameters.decay * seconds)
      excitation.up *= left
      excitation.down *= left
    }
    instant = time
    return true
  }

  /// Events per second of each kind at the latest instant.
  package var rates: HawkesParameters.PerSide {
    HawkesParameters.PerSide(
      up: parameters.baseline.up + excitation.up, down: parameters.baseline.down + excitation.down)
  }

  /// What events have added to the rate of upward events less that of downward ones, per second.
  package var excess: Double { excitation.up - excitation.down }

  /// ``excess`` as a share of both rates together, in (−1, 1).
  package var imbalance: Double { excess / (rates.up + rates.down) }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("up", .number(excitation.up)),
      JSONValue.Member("down", .number(excitation.down)),
      JSONValue.Member(
        "instant", instant.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    excitation.up = reader.requiredNumber("up", in: DocumentReader.notNegative)
    excitation.down = reader.requiredNumber("down", in: DocumentReader.notNegative)
    instant = reader.whole("instant", in: Int.min...Int.max).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
  }
}
