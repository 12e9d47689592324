package import Essentials

/// The spans of bars of one length: they begin at the multiples of it since 1970, as venues have them.
package struct BarSpan: Hashable, Sendable {
  /// The length of a bar, above zero.
  package let length: TimeSpan

  /// The spans of a length; nil for a length that is not above zero.
  package init?(_ length: TimeSpan) {
    guard length > .zero else { return nil }
    self.length = length
  }

  init(checked length: TimeSpan) {
    self.length = length
  }

  /// When the bar begins that contains an instant.
  package func start(of instant: Timestamp) -> Timestamp {
    let rest = instant.millisecondsSinceEpoch % length.milliseconds
    let since = rest < 0 ? rest + length.milliseconds : rest
    return Timestamp(millisecondsSinceEpoch: instant.millisecondsSinceEpoch - since)
  }

  /// When a bar ends that begins at an instant.
  package func end(from start: Timestamp) -> Timestamp { start + length }

  /// The bars that would fit between the end of one and the start of another.
  func missing(from start: Timestamp, to next: Timestamp) -> Int {
    Int((next - start).milliseconds / length.milliseconds) - 1
  }
}

extension BarSpan {
  /// One minute.
  package static let minute = BarSpan(checked: .minutes(1))
  /// Five minutes.
  package static let fiveMinutes = BarSpan(checked: .minutes(5))
  /// One hour.
  package static let hour = BarSpan(checked: .hours(1))
}
