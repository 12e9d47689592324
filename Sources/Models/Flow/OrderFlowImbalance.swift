package import Essentials
import Mathematics

/// What came to and went from the bid of a book less what came to and went from the ask, level by
/// level.
///
/// R. Cont, A. Kukanov and S. Stoikov, "The Price Impact of Order Book Events", Journal of Financial
/// Econometrics 12 (2014), equation 1, and for several levels K. Xu, M. Gould and S. Howison,
/// "Multi-Level Order-Flow Imbalance in a Limit Order Book" (2018). With one level it is the order
/// flow imbalance (OFI), with more the multi-level one (MLOFI).
///
/// A book is shown after every change of it; two books seconds apart hide what happened in between.
/// Flows are summed over an interval and divided by the mean depth of the level, so that neither the
/// price nor the unit of the quantity matters. Cost: the number of levels, no allocation.
package struct OrderFlowImbalance: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// How many levels count from the best price.
    package var levels: Int
    /// Books after which a depth weighs half in the mean depth.
    package var depthHalfLife: Double

    package init(levels: Int = 5, depthHalfLife: Double = 1000) {
      precondition(levels > 0, "\(levels) levels")
      self.levels = levels
      self.depthHalfLife = depthHalfLife
    }
  }

  package static let kind = "order_flow_imbalance"

  /// The flows of the latest change in quantity, from the best level.
  package private(set) var latest: [Double]
  /// The flows since the interval began in quantity, from the best level.
  package private(set) var flows: [Double]
  private var depths: [DiscountedMean]
  private var bids: [QuoteLevel]
  private var asks: [QuoteLevel]
  private var bidCount = 0
  private var askCount = 0

  package init(_ settings: Settings) {
    let zeros = [Double](repeating: 0, count: settings.levels)
    latest = zeros
    flows = zeros
    depths = Array(
      repeating: DiscountedMean(halfLife: settings.depthHalfLife), count: settings.levels)
    bids = Array(repeating: QuoteLevel(price: 0, quantity: 0), count: settings.levels)
    asks = bids
  }

  /// Takes the levels of a book after a change, best first. A level that either book does not have
  /// adds nothing.
  ///
  /// A book that is empty on a side, crossed, out of order or not finite is refused: false is
  /// returned and the flow goes on from the book before.
  @discardableResult
  package mutating func observe(bids newBids: [QuoteLevel], asks newAsks: [QuoteLevel]) -> Bool {
    let bidsSeen = min(newBids.count, latest.count)
    let asksSeen = min(newAsks.count, latest.count)
    guard bidsSeen > 0, asksSeen > 0, newBids[0].price < newAsks[0].price else { return false }
    for level in 0..<bidsSeen {
      guard newBids[level].isUsable, level == 0 || newBids[level].price < newBids[level - 1].price
      else { return false }
    }
    for level in 0..<asksSeen {
      guard newAsks[level].isUsable, level == 0 || newAsks[level].price > newAsks[level - 1].price
      else { return false }
    }
    for level in 0..<latest.count {
      var flow = 0.0
      if level < bidsSeen, level < bidCount {
        flow += Self.flow(from: bids[level], to: newBids[level], isBetter: >)
      }
      if level < asksSeen, level < askCount {
        flow -= Self.flow(from: asks[level], to: newAsks[level], isBetter: <)
      }
      latest[level] = flow
      flows[level] += flow
      if level < bidsSeen, level < asksSeen {
        depths[level].add((newBids[level].quantity + newAsks[level].quantity) / 2)
      }
      if level < bidsSeen { bids[level] = newBids[level] }
      if level < asksSeen { asks[level] = newAsks[level] }
    }
    bidCount = bidsSeen
    askCount = asksSeen
    return true
  }

  /// A better price brings the quantity that stands there, a worse one takes what stood.
  private static func flow(
    from old: QuoteLevel, to new: QuoteLevel, isBetter: (Double, Double) -> Bool
  ) -> Double {
    if new.price == old.price { return new.quantity - old.quantity }
    return isBetter(new.price, old.price) ? new.quantity : -old.quantity
  }

  /// Returns the flow of a level since the interval began, as a multiple of its mean depth; zero
  /// where nothing is known of the depth.
  package func normalizedFlow(level: Int) -> Double {
    let depth = depths[level].value
    return depth > 0 ? flows[level] / depth : 0
  }

  /// Returns the weighted average over the levels of ``normalizedFlow(level:)``.
  package func normalizedFlow(_ weights: OrderFlowWeights) -> Double {
    weights.average(of: normalizedFlows)
  }

  /// ``normalizedFlow(level:)`` of every level, as an array.
  package var normalizedFlows: [Double] { flows.indices.map(normalizedFlow(level:)) }

  /// Begins the next interval; the book and the depths stay.
  package mutating func beginInterval() {
    for level in flows.indices { flows[level] = 0 }
  }

  /// Forgets the book, as after a gap in its sequence: the next one only says where it stands.
  package mutating func loseBook() {
    bidCount = 0
    askCount = 0
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    func side(_ levels: [QuoteLevel], _ count: Int) -> JSONValue {
      .array(levels.prefix(count).flatMap { [.number($0.price), .number($0.quantity)] })
    }
    return [
      JSONValue.Member("latest", .numbers(latest)), JSONValue.Member("flows", .numbers(flows)),
      JSONValue.Member("depths", .numbers(depths.map(\.value))),
      JSONValue.Member("depth_counts", .array(depths.map { .integer($0.count) })),
      JSONValue.Member("bid_count", .integer(bidCount)),
      JSONValue.Member("bids", side(bids, bidCount)),
      JSONValue.Member("ask_count", .integer(askCount)),
      JSONValue.Member("asks", side(asks, askCount)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    let levels = latest.count
    if let saved = reader.requiredNumbers("latest", count: levels) { latest = saved }
    if let saved = reader.requiredNumbers("flows", count: levels) { flows = saved }
    let values = reader.requiredNumbers(
      "depths", count: levels, in: DocumentReader.notNegative)
    let counts = reader.requiredNumbers("depth_counts", count: levels, in: 0...0x1p53)
    if let values, let counts {
      for level in 0..<levels {
        depths[level] = DiscountedMean(
          gain: depths[level].gain, count: Int(counts[level]), value: values[level])
      }
    }
    bidCount = reader.requiredWhole("bid_count", in: 0...levels)
    Self.recall(&bids, bidCount, "bids", &reader)
    askCount = reader.requiredWhole("ask_count", in: 0...levels)
    Self.recall(&asks, askCount, "asks", &reader)
  }

  private static func recall(
    _ side: inout [QuoteLevel], _ count: Int, _ name: String, _ reader: inout DocumentReader
  ) {
    guard let numbers = reader.requiredNumbers(name, count: 2 * count) else { return }
    for level in 0..<count {
      side[level] = QuoteLevel(price: numbers[2 * level], quantity: numbers[2 * level + 1])
    }
  }
}
