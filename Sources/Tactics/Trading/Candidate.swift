import Markets

/// A side that is wanted, before the gates are asked.
struct Candidate {
  let place: Int
  let side: PositionSide
  let choice: TacticVerdict
  let isFlip: Bool
  let circumstances: ProspectMaker.Circumstances
  let direction: DirectionBelief
  let prospect: Prospect
  /// What is believed of both sides, with the hold that the trade is given.
  let long: SideBelief
  let short: SideBelief
  /// The position that is added to; nil for a new one.
  let held: Held?

  /// A position that may be made larger.
  struct Held {
    let holding: DeskState.Holding
    let position: HeldPosition
    /// What it is worth, without a sign.
    let worth: Double
    /// The leverage that the venue has for it.
    let leverage: Double
    /// What it may be worth at most, as a multiple of equity.
    let notionalMax: Double
  }

  subscript(side: PositionSide) -> SideBelief { side == .long ? long : short }
  var belief: SideBelief { self[side] }
  var gap: Double { abs(long.netReturn - short.netReturn) }
}
