/// A ceiling of a scope that warnings are given for.
package enum CeilingKind: String, Hashable, Sendable, CaseIterable {
  case tokens
  case cost
  case exploreTokens = "explore_tokens"
  case exploreCost = "explore_cost"
}

/// How much of a ceiling is consumed when a warning is given, in percent.
package enum WarningLevel: Int, Hashable, Sendable, CaseIterable {
  case half = 50
  case most = 80
  case nearlyAll = 95

  /// How far consumption must fall below the level before the warning is taken back, in percentage
  /// points, so that one call more or less does not make it flicker.
  static let hysteresis = 5

  /// Held, because asking for `allCases` makes an array each time.
  static let all = allCases
}

/// Which warnings of an account stand, and which have ever been given.
package struct WarningMarks: Hashable, Sendable {
  /// One bit for each ceiling and level, by ``bit(_:_:)``.
  private(set) var standing: UInt16 = 0
  private(set) var given: UInt16 = 0

  package init() {}

  /// Puts marks together from what was kept of them.
  init(standing: UInt16, given: UInt16) {
    self.standing = standing
    self.given = given
  }

  /// Whether the warning was given and not taken back.
  package func isStanding(_ kind: CeilingKind, _ level: WarningLevel) -> Bool {
    standing & Self.bit(kind, level) != 0
  }

  /// Whether the warning was ever given.
  package func wasGiven(_ kind: CeilingKind, _ level: WarningLevel) -> Bool {
    given & Self.bit(kind, level) != 0
  }

  /// Notes that a warning was given.
  package mutating func raise(_ kind: CeilingKind, _ level: WarningLevel) {
    standing |= Self.bit(kind, level)
    given |= Self.bit(kind, level)
  }

  /// Notes that a warning was taken back.
  package mutating func clear(_ kind: CeilingKind, _ level: WarningLevel) {
    standing &= ~Self.bit(kind, level)
  }

  private static func bit(_ kind: CeilingKind, _ level: WarningLevel) -> UInt16 {
    let row: UInt16 =
      switch kind {
      case .tokens: 0
      case .cost: 3
      case .exploreTokens: 6
      case .exploreCost: 9
      }
    let column: UInt16 =
      switch level {
      case .half: 0
      case .most: 1
      case .nearlyAll: 2
      }
    return 1 << (row + column)
  }
}
