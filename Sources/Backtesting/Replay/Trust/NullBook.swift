import Markets
import Mathematics

/// A replay's trades as they lie on their markets' circles, so that they can be put elsewhere.
struct NullBook {
  struct Placed {
    let circle: Int
    let place: Int
    let steps: Int
    let sign: Double
    let worth: Double
    let fees: Double
    /// The row of the trade in what the book was made of.
    let row: Int
  }

  let circles: [MarketCircle]
  let trades: [Placed]

  /// Puts trades on circles; those of contracts that have none are left out.
  init(_ trips: [RoundTrip], on circles: [MarketCircle]) {
    let traded = Set(trips.map(\.contract))
    let circles = circles.filter { traded.contains($0.contract) }
    self.circles = circles
    let numbers = Dictionary(
      uniqueKeysWithValues: circles.enumerated().map { ($0.element.contract, $0.offset) })
    trades = trips.enumerated().compactMap { row, trip in
      guard let number = numbers[trip.contract] else { return nil }
      return Placed(
        circle: number, place: circles[number].place(of: trip.openedAt),
        steps: circles[number].steps(in: trip.held), sign: Double(trip.side.sign),
        worth: trip.worth.value, fees: trip.fees.value, row: row)
    }
  }

  /// What a trade would have earned after everything, so many milliseconds later on its circle.
  func net(_ trade: Placed, shifted: Int64, slippage: Double) -> Double {
    let circle = circles[trade.circle]
    let place = place(trade, shifted: shifted)
    let growth = circle.growth(from: place, steps: trade.steps)
    let move = trade.sign * (growth - 1 - circle.fundingPaid(from: place, steps: trade.steps))
    return trade.worth * (move - slippage * (1 + growth)) - trade.fees
  }

  /// Where a trade begins after a turn.
  func place(_ trade: Placed, shifted: Int64) -> Int {
    let circle = circles[trade.circle]
    return (trade.place + Int(shifted / circle.spacing) % circle.steps) % circle.steps
  }

  /// The turns that chance chooses among, in milliseconds: every one where there are no more than
  /// asked for, else so many drawn ones. None turns the longest circle back to its beginning.
  func turns(_ count: Int, seed: UInt64) -> [Int64] {
    // The coarsest bars set the spacing, so that no circle stands still.
    let spacing = circles.map(\.spacing).max() ?? 1
    let length = circles.map { Int64($0.steps) * $0.spacing }.max() ?? 0
    let places = Int(length / spacing)
    guard places > 1 else { return [] }
    if places - 1 <= count { return (1..<places).map { Int64($0) * spacing } }
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let (place, _) = generator.next().multipliedFullWidth(by: UInt64(places - 1))
      return (Int64(place) + 1) * spacing
    }
  }

  /// How many places without overlap there are for the average trade, on the shortest circle: about as
  /// many independent answers chance can give.
  var room: Double {
    guard !trades.isEmpty else { return 0 }
    let held = trades.reduce(0.0) { $0 + Double($1.steps) * Double(circles[$1.circle].spacing) }
    let shortest = circles.map { Double($0.steps) * Double($0.spacing) }.min() ?? 0
    return shortest / (held / Double(trades.count))
  }
}
