package import Essentials
package import Markets

/// What was replayed under which terms: what a result is a function of.
package struct ReplayTerms: Hashable, Sendable {
  package let symbols: [String]
  /// The fingerprint of the recorded data.
  package let data: Fingerprint
  /// The fingerprint of the settings.
  package let settings: Fingerprint
  package let span: TimeSpan
  /// The first instant that the models were told of, the one at which trading began, and the one at
  /// which it was to end.
  package let start: Timestamp
  package let from: Timestamp
  package let to: Timestamp
  package let capital: CoinAmount
  package let venue: Venue
  package let fees: FeeSchedule
  package let slippage: Rate
  package let delay: TimeSpan
  package let seed: UInt64
  /// What was assumed where the data does not say, in sentences.
  package let assumptions: [String]

  /// The terms of a request on the material that was found for it.
  package init(_ request: ReplayRequest, _ material: ReplayMaterial) {
    symbols = material.markets.map(\.symbol)
    data = material.fingerprint
    settings = request.configuration.fingerprint
    span = material.span.length
    start = material.start
    from = material.from
    to = material.to
    capital = request.capital
    venue = request.venue
    fees = request.schedule
    slippage = request.slippage
    delay = request.delay
    seed = request.seed
    assumptions = Self.assumptions(request, material)
  }

  package var json: JSONValue {
    [
      "symbols": .strings(symbols), "data": .string(data.hexadecimal),
      "settings": .string(settings.hexadecimal),
      "bar_ms": .integer(Int(span.milliseconds)), "start": .string("\(start)"),
      "from": .string("\(from)"), "to": .string("\(to)"), "capital": .string("\(capital)"),
      "venue": .string(venue.rawValue), "maker_fee": .string("\(fees.maker)"),
      "taker_fee": .string("\(fees.taker)"), "slippage_bp": .number(slippage.basisPoints),
      "delay_ms": .integer(Int(delay.milliseconds)), "seed": .string("\(seed)"),
      "assumptions": .strings(assumptions),
    ]
  }

  private static func assumptions(
    _ request: ReplayRequest, _ material: ReplayMaterial
  ) -> [String] {
    let length = material.span.length
    var sentences = [
      """
      A bar of \(length) fills an order that takes at its open, slippage added, and a limit only \
      where it traded beyond the limit; of what happened within a bar the worst order counts.
      """
    ]
    sentences.append(
      request.delay > .zero
        ? "An order takes \(request.delay) to the venue and meets the first bar that opens then."
        : "An order reaches the venue at once and meets the next bar's open.")
    let assumed = material.markets.filter { !$0.isContractKnown }.map(\.symbol)
    if !assumed.isEmpty {
      let careful = assumed.filter { $0 != "BTCUSDT" }
      sentences.append(
        """
        The terms of \(names(assumed)) are assumed: steps of price and quantity as the data shows \
        them, orders worth \(RecordedMarket.notionalMin.value.formatted) at least\
        \(careful.isEmpty ? "" : ", tiers of margin that are stricter than a large coin's").
        """)
    }
    let unfunded = material.markets.filter { $0.funding == nil }.map(\.symbol)
    if !unfunded.isEmpty {
      sentences.append("No funding is recorded of \(names(unfunded)), and none is paid.")
    }
    let unmarked = material.markets.filter { $0.marks == nil }.map(\.symbol)
    if unmarked.count == material.markets.count {
      sentences.append("No mark prices are recorded: positions count at the prices of bars.")
    } else {
      let marked = material.markets.compactMap(\.marks?.span.length)
      let sparse = marked.max() ?? length
      sentences.append(
        """
        Mark prices are recorded every \(sparse); between them, and of \
        \(unmarked.isEmpty ? "no other contract" : names(unmarked)) at all, positions count at the \
        prices of bars.
        """)
    }
    return sentences
  }

  private static func names(_ symbols: [String]) -> String {
    symbols.count <= 4
      ? symbols.joined(separator: ", ") : "\(symbols.count) contracts"
  }
}

extension Double {
  /// Without a point where it is whole.
  fileprivate var formatted: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}
