package import Essentials

/// The part of a record that a measure is taken over, ending at the instant of the evaluation.
package enum EvidenceWindow: Hashable, Sendable, CustomStringConvertible {
  /// Everything that is known.
  case all
  /// The periods that end within this time before the instant: after `instant - span`, up to and
  /// with `instant`. A day is exactly 86,400 seconds.
  case span(TimeSpan)
  /// So many of the latest rows, whether or not they are valid.
  case bars(Int)

  /// The latest days of exactly 86,400 seconds.
  package static func days(_ count: Int) -> EvidenceWindow { .span(.days(Int64(count))) }

  /// The latest hours.
  package static func hours(_ count: Int) -> EvidenceWindow { .span(.hours(Int64(count))) }

  /// `all`, the length of time such as `60d`, or `500b`.
  package var description: String {
    switch self {
    case .all: "all"
    case .span(let length): length.description
    case .bars(let count): "\(count)b"
    }
  }
}
