import Essentials
import Markets

/// A contract's prices at the ends of its bars, bent to a circle: behind the last one the moves of the
/// first follow.
///
/// Where no bar ended the price is the last one before. So a trade of any length fits at any place, and
/// a turn of the circle moves many trades at once without changing how they lie to each other.
struct MarketCircle {
  let contract: ContractID
  /// The time from place to place, in milliseconds.
  let spacing: Int64
  /// The time of place 0, in milliseconds since 1970.
  let start: Int64
  /// One price more than there are steps.
  private let prices: [Double]
  /// The rates paid by who is long, added up through each place.
  private let funding: [Double]
  /// The squares of the moves, added up through each place.
  private let squares: [Double]

  /// The steps around the circle.
  var steps: Int { prices.count - 1 }

  /// Reads the bars that end in a period; nil for fewer than two of them.
  init?(_ contract: ContractID, _ market: ReplayMarket, from: Timestamp, through: Timestamp) {
    let bars = market.bars
    let spacing = bars.span.length.milliseconds
    let first = bars.place(notBefore: from - bars.span.length)
    let end = bars.place(notBefore: through - bars.span.length + TimeSpan(milliseconds: 1))
    guard first < end else { return nil }
    let start = bars.openTimes[first] + spacing
    let steps = Int((bars.openTimes[end - 1] + spacing - start) / spacing)
    guard steps > 0 else { return nil }
    var prices: [Double] = []
    prices.reserveCapacity(steps + 1)
    for place in first..<end {
      let step = Int((bars.openTimes[place] + spacing - start) / spacing)
      while prices.count < step { prices.append(prices[prices.count - 1]) }
      prices.append(bars.close[place])
    }
    self.contract = contract
    self.spacing = spacing
    self.start = start
    self.prices = prices
    var rates = [Double](repeating: 0, count: steps + 1)
    for payment in market.funding {
      let behind = payment.instant.millisecondsSinceEpoch - start
      guard behind > 0 else { continue }
      let step = Int((behind + spacing - 1) / spacing)
      if step <= steps { rates[step] += payment.rate.value }
    }
    var squares = [Double](repeating: 0, count: steps + 1)
    for step in 1...steps {
      rates[step] += rates[step - 1]
      let move = prices[step] / prices[step - 1] - 1
      squares[step] = squares[step - 1] + move * move
    }
    funding = rates
    self.squares = squares
  }

  /// The place of an instant: the last end of a bar that is not behind it.
  func place(of instant: Timestamp) -> Int {
    let since = instant.millisecondsSinceEpoch - start
    return since < 0 ? 0 : min(steps - 1, Int(since / spacing))
  }

  /// The steps that come nearest to a length of time, at least one.
  func steps(in span: TimeSpan) -> Int {
    max(1, Int((span.milliseconds + spacing / 2) / spacing))
  }

  /// By how much the price multiplies over so many steps from a place.
  func growth(from place: Int, steps count: Int) -> Double {
    var growth = 1.0
    forEachStretch(from: place, steps: count) { growth *= prices[$1] / prices[$0] }
    return growth
  }

  /// What who is long pays over so many steps from a place, as a fraction of the worth.
  func fundingPaid(from place: Int, steps count: Int) -> Double {
    var paid = 0.0
    forEachStretch(from: place, steps: count) { paid += funding[$1] - funding[$0] }
    return paid
  }

  /// The root mean square of a step's move over so many steps from a place.
  func deviation(from place: Int, steps count: Int) -> Double {
    var sum = 0.0
    forEachStretch(from: place, steps: count) { sum += squares[$1] - squares[$0] }
    return (max(0, sum) / Double(count)).squareRoot()
  }

  /// What a long position was worth at an instant beside its worth at place 0, funding paid.
  func heldValue(at instant: Timestamp) -> Double {
    let since = instant.millisecondsSinceEpoch - start
    let place = since < 0 ? 0 : min(steps, Int(since / spacing))
    return prices[place] / prices[0] - (funding[place] - funding[0])
  }

  /// Calls `body` with the ends of the stretches that so many steps go through; once where the
  /// circle's seam is not crossed.
  @inline(__always)
  private func forEachStretch(from place: Int, steps count: Int, _ body: (Int, Int) -> Void) {
    var place = place
    var remaining = count
    while remaining > 0 {
      let taken = min(remaining, steps - place)
      body(place, place + taken)
      remaining -= taken
      place = place + taken == steps ? 0 : place + taken
    }
  }
}
