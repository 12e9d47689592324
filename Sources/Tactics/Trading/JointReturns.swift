package import Essentials
package import Mathematics

/// How the prices of several markets move together: correlations of their log returns, in which a
/// return weighs half after a half-life, blended with a prior that counts as many returns.
///
/// Cost: a product for each pair and observation, no allocation.
package struct JointReturns: Hashable, Sendable {
  /// The prior counts as much as so many returns.
  private static let priorCount = 60.0

  private let step: TimeSpan
  private let halfLifeSeconds: Double
  private let prior: Double
  private let order: Int
  private var prices: [Double]
  private var returns: [Double]
  private var last: Timestamp?
  /// By pair, lower triangle row by row: weighted sums of products, of the squares of both, and of
  /// weights.
  private var products: [Double]
  private var firstSquares: [Double]
  private var secondSquares: [Double]
  private var weights: [Double]

  package init(count: Int, under settings: TradingSettings.Joint) {
    order = count
    step = settings.step
    halfLifeSeconds = max(1, settings.correlationHalfLife.seconds)
    prior = settings.correlationPrior
    prices = Array(repeating: .nan, count: count)
    returns = prices
    products = Array(repeating: 0, count: count * (count + 1) / 2)
    firstSquares = products
    secondSquares = products
    weights = products
  }

  /// Takes the prices of an instant in, NaN where there is none; those that come sooner than a step
  /// after the last are passed over.
  package mutating func observe(_ latest: [Double], at now: Timestamp) {
    precondition(latest.count == order, "\(latest.count) prices for \(order) markets")
    var kept = 1.0
    if let last {
      guard now - last >= step else { return }
      kept = Elementary.exp(-Elementary.log(2) * (now - last).seconds / halfLifeSeconds)
    }
    last = now
    for place in 0..<order {
      returns[place] = Elementary.log(latest[place] / prices[place])
      prices[place] = latest[place]
    }
    var pair = 0
    for row in 0..<order {
      for column in 0...row {
        let first = returns[row]
        let second = returns[column]
        if first.isFinite, second.isFinite {
          products[pair] = kept * products[pair] + first * second
          firstSquares[pair] = kept * firstSquares[pair] + first * first
          secondSquares[pair] = kept * secondSquares[pair] + second * second
          weights[pair] = kept * weights[pair] + 1
        }
        pair += 1
      }
    }
  }

  /// Returns the correlation of two markets.
  package func correlation(_ one: Int, _ other: Int) -> Double {
    guard one != other else { return 1 }
    let row = max(one, other)
    let pair = row * (row + 1) / 2 + min(one, other)
    let scale = (firstSquares[pair] * secondSquares[pair]).squareRoot()
    guard scale > 0 else { return prior }
    let count = weights[pair]
    return (products[pair] / scale * count + prior * Self.priorCount) / (count + Self.priorCount)
  }

  /// Returns the correlations of some markets, row by row, and their factor; where pairs were seen at
  /// different times and do not fit together, those of the prior alone.
  package func correlations(of places: [Int]) -> (matrix: [Double], factor: CholeskyFactor) {
    func matrix(_ entry: (Int, Int) -> Double) -> [Double] {
      places.flatMap { one in places.map { one == $0 ? 1 : entry(one, $0) } }
    }
    let seen = matrix(correlation)
    if let factor = CholeskyFactor(of: seen, order: places.count) { return (seen, factor) }
    let believed = matrix { _, _ in prior }
    guard let factor = CholeskyFactor(of: believed, order: places.count) else {
      // Equal correlations from 0 to 0.99 are positive definite.
      preconditionFailure("a prior of \(prior)")
    }
    return (believed, factor)
  }

  /// Everything that was seen as a document.
  var json: JSONValue {
    [
      "prices": .numbers(prices),
      "last": last.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "products": .numbers(products), "first_squares": .numbers(firstSquares),
      "second_squares": .numbers(secondSquares), "weights": .numbers(weights),
    ]
  }

  /// Takes a document up; false, and nothing changes, where it is none of so many markets.
  mutating func recall(_ json: JSONValue) -> Bool {
    func numbers(_ name: String, _ count: Int) -> [Double]? {
      guard let elements = json.elements(name), elements.count == count else { return nil }
      return elements.map { element in
        switch element {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: .nan
        }
      }
    }
    let pairs = order * (order + 1) / 2
    guard let prices = numbers("prices", order), let products = numbers("products", pairs),
      let firstSquares = numbers("first_squares", pairs),
      let secondSquares = numbers("second_squares", pairs),
      let weights = numbers("weights", pairs),
      (products + firstSquares + secondSquares + weights).allSatisfy(\.isFinite)
    else { return false }
    self.prices = prices
    self.products = products
    self.firstSquares = firstSquares
    self.secondSquares = secondSquares
    self.weights = weights
    last = json.instant("last")
    return true
  }
}
