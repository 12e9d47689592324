/// The state of a market as rules tell it apart, with the direction of a trend where one is known.
package enum TacticalRegime: String, Hashable, Sendable, CaseIterable {
  case bull, bear, trend, chop
  case meanRevert = "mean_revert"
  case volatile

  /// Reads a label of any detector: `bull` and `bear` by name, then what contains `trend`, `mean`,
  /// `revert`, and `volatile`, `random` or `noise`; anything else is ``chop``.
  package init(label: String) {
    let label = label.lowercased()
    func says(_ words: String...) -> Bool { words.contains { label.contains($0) } }
    if label == "bull" {
      self = .bull
    } else if label == "bear" {
      self = .bear
    } else if says("trend") {
      self = .trend
    } else if says("mean", "revert") {
      self = .meanRevert
    } else if says("volatile", "random", "noise") {
      self = .volatile
    } else {
      self = .chop
    }
  }

  /// The suffixes under which a setting is looked up, nearest first; behind them comes the setting
  /// without a suffix.
  package var suffixes: [RegimeSuffix] {
    switch self {
    case .bull, .trend: [.bull, .trend]
    case .bear: [.bear, .trend]
    case .meanRevert: [.meanRevert, .chop]
    case .volatile: [.volatile, .random]
    case .chop: [.chop]
    }
  }

  /// The regime of the market seen in a mirror: rising becomes falling.
  package var mirrored: TacticalRegime {
    switch self {
    case .bull: .bear
    case .bear: .bull
    default: self
    }
  }

  /// What a rule is most careful in: no direction that holds, or swings that are too wide.
  package var isUnsettled: Bool { self == .chop || self == .volatile }
}

/// The last part of the name of a setting that holds in some regimes only.
package enum RegimeSuffix: String, Hashable, Sendable, CaseIterable {
  case bull = "BULL"
  case bear = "BEAR"
  case trend = "TREND"
  case chop = "CHOP"
  case meanRevert = "MEAN_REVERT"
  case volatile = "VOLATILE"
  case random = "RANDOM"

  /// How the suffix is written below a key of ours, such as `mean_revert`.
  package var name: String { rawValue.lowercased() }
}

/// A number that may differ between regimes.
package struct RegimeTable: Hashable, Sendable {
  /// What holds where no regime says otherwise.
  package var base: Double
  private var bull: Double?
  private var bear: Double?
  private var trend: Double?
  private var chop: Double?
  private var meanRevert: Double?
  private var volatile: Double?
  private var random: Double?

  package init(
    _ base: Double, bull: Double? = nil, bear: Double? = nil, trend: Double? = nil,
    chop: Double? = nil, meanRevert: Double? = nil, volatile: Double? = nil, random: Double? = nil
  ) {
    self.base = base
    self.bull = bull
    self.bear = bear
    self.trend = trend
    self.chop = chop
    self.meanRevert = meanRevert
    self.volatile = volatile
    self.random = random
  }

  /// What is said for one suffix; nil where nothing is.
  package subscript(suffix: RegimeSuffix) -> Double? {
    get {
      switch suffix {
      case .bull: bull
      case .bear: bear
      case .trend: trend
      case .chop: chop
      case .meanRevert: meanRevert
      case .volatile: volatile
      case .random: random
      }
    }
    set {
      switch suffix {
      case .bull: bull = newValue
      case .bear: bear = newValue
      case .trend: trend = newValue
      case .chop: chop = newValue
      case .meanRevert: meanRevert = newValue
      case .volatile: volatile = newValue
      case .random: random = newValue
      }
    }
  }

  /// Returns the number that holds in a regime: the first suffix that is said, or the base. No
  /// allocation.
  package func value(in regime: TacticalRegime) -> Double {
    switch regime {
    case .bull, .trend: bull ?? trend ?? base
    case .bear: bear ?? trend ?? base
    case .meanRevert: meanRevert ?? chop ?? base
    case .volatile: volatile ?? random ?? base
    case .chop: chop ?? base
    }
  }
}
