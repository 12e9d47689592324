package import Essentials
package import Worlds

/// For what something trades in a world.
package enum TradingOccasion: Hashable, Sendable {
  /// An evaluation at an instant: rows of prices up to it are traded first.
  case evaluation(at: Timestamp)
  /// Rows up to an instant are traded, and no more.
  case advance(through: Timestamp)
  /// A command of a person. Rows up to now are traded first, but in a world that lives in history.
  case command
}

/// What trades for the worlds of a served desk: their accounts, and those who switch instances to
/// money and back.
package protocol WorldTrading: CutoverCarrier, WorldAccount {
  /// Does something in a world during which nothing else trades for it, in whatever process, after
  /// the rows of prices that have come were traded and what was under way has gone on.
  ///
  /// - Parameters:
  ///   - occasion: asked once, when it is this one's turn.
  ///   - body: is told what was traded.
  func trade<Result: Sendable>(
    in world: String, at desk: WorldDesk, for occasion: () -> TradingOccasion,
    _ body: (PaperProgress) throws -> Result
  ) throws -> Result
  /// Renews leases and lets runs go on; called about once a second for each world.
  func keepUp(_ world: String, at desk: WorldDesk) throws
  /// Until when whoever holds the gates of a world trusts what it knows, nil where nobody holds them.
  func leaseEnd(of world: String) -> Timestamp?
  /// Lets go of all that this process holds of worlds. Runs that are under way are taken up from
  /// their record by whoever trades next.
  func rest()
}

extension WorldDesk {
  /// Evaluates a world at an instant, after its accounts have traded the rows of prices up to it. Who
  /// may not, or at an instant that is not after the last, trades nothing.
  ///
  /// - Parameter instant: asked again when it is this one's turn, so that now means then.
  package func evaluate(
    _ world: String, at instant: @autoclosure () -> Timestamp, by actor: WorldActor,
    trading: any WorldTrading
  ) throws -> EvaluationReceipt {
    var at = instant()
    _ = try authorized(.evaluate(at: at), in: world, by: actor)
    let occasion = {
      at = instant()
      return TradingOccasion.evaluation(at: at)
    }
    return try trading.trade(in: world, at: self, for: occasion) { traded in
      var receipt = try evaluate(world, at: at, by: actor)
      receipt.traded = traded
      return receipt
    }
  }
}
