import Markets

/// The exits on prices that no belief argues with.
enum PriceExit {
  /// The mark has come to the liquidation price, or so near that nothing is left to wait for.
  static func liquidation(
    _ circumstances: ExitCircumstances, under settings: ExitSettings.Account
  ) -> TacticVerdict {
    let position = circumstances.position
    let buffer = position.side.direction * settings.liquidationBuffer
    return beyond(
      position.liquidationPrice * (1 + buffer), position, ExitKind.liquidation,
      named: "liquidation_price")
  }

  /// The mark has passed the stop, which should have closed the position at the venue.
  static func protectiveStop(_ circumstances: ExitCircumstances) -> TacticVerdict {
    beyond(
      circumstances.position.stopPrice, circumstances.position, .protectiveStop,
      named: "stop_price")
  }

  private static func beyond(
    _ price: Double, _ position: HeldPosition, _ kind: ExitKind, named name: String
  ) -> TacticVerdict {
    guard price.isFinite, price > 0, position.markPrice > 0, position.markPrice.isFinite else {
      return .notApplicable("unknown")
    }
    let isBeyond =
      position.side == .long ? position.markPrice <= price : position.markPrice >= price
    return .passing(
      if: !isBeyond, isBeyond ? kind.rawValue : "idle",
      [.init("mark_price", position.markPrice, limit: price), .init(name, price)])
  }
}
