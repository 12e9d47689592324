/// The state of a market as models tell it apart.
package enum RegimeTag: String, CaseIterable, Hashable, Sendable {
  /// Moves go on.
  case trend
  /// Neither moves that go on nor moves that come back can be told from chance.
  case chop
  /// Moves come back.
  case meanRevert = "mean_revert"
  /// Trading is so one-sided or wild that no other state counts.
  case volatile

  /// From the toxicity of the flow, which counts first, and what the returns show of persistence.
  /// What is undecided or unknown is ``chop``.
  package init(
    vpin: Double?, persistence: HurstExponent.Verdict?, volatileVPIN: Double = 0.85
  ) {
    if let vpin, vpin >= volatileVPIN {
      self = .volatile
      return
    }
    switch persistence {
    case .persistent: self = .trend
    case .reverting: self = .meanRevert
    case .undecided, nil: self = .chop
    }
  }
}
