package import Essentials
package import Markets

/// Everything that the exits of one position look at. NaN is what is not known.
package struct ExitCircumstances: Hashable, Sendable {
  package var now: Timestamp
  package var position: HeldPosition
  package var market = MarketState()
  package var direction = DirectionBelief()
  /// What is believed of entering each side now.
  package var long = SideBelief()
  package var short = SideBelief()
  /// The unified score of going on holding, without a cost of entry.
  package var holdScore = Double.nan
  /// The score of holding nothing.
  package var cashScore = Double.nan
  /// What the policy wants now; nil where it did not decide.
  package var wanted: Wanted?
  /// Whether the planner over several steps leaves; nil where it did not run.
  package var plannerLeaves: Bool?
  /// Whether the caller takes the market for noise.
  package var hintsNoise = false
  /// How one-sided the market moves in favor of the position, from 0 to 1.
  package var oneWay = Double.nan
  /// How the rest of the trade would end.
  package var event = EventMetrics()
  /// How a trade on the other side would end.
  package var oppositeEvent = EventMetrics()
  /// What entering again and leaving are worth; nil where nobody asked.
  package var hold: HoldEvaluation?

  package init(now: Timestamp, position: HeldPosition) {
    self.now = now
    self.position = position
  }

  /// What a policy may want.
  package enum Wanted: String, Hashable, Sendable, CaseIterable {
    case long, short, wait

    /// The same for the market seen in a mirror.
    package var mirrored: Wanted {
      switch self {
      case .long: .short
      case .short: .long
      case .wait: .wait
      }
    }

    /// The side, where one is wanted.
    package var side: PositionSide? {
      switch self {
      case .long: .long
      case .short: .short
      case .wait: nil
      }
    }
  }

  /// What is believed of a side.
  package subscript(side: PositionSide) -> SideBelief { side == .long ? long : short }

  /// What is believed of the side that is held, and of the other.
  var held: SideBelief { self[position.side] }
  var opposite: SideBelief { self[position.side.opposite] }

  /// How much better entering the other side is than going on holding; NaN where not known.
  var reverseEdge: Double { opposite.score - holdScore }
}
