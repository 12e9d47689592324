package import Backtesting
package import Essentials
package import Markets
package import Models
import Storage
import Tactics

/// What was replayed under which terms: what a result is a function of.
package struct ReplayTerms: Hashable, Sendable {
  package let symbols: [String]
  /// The fingerprint of the recorded data.
  package let data: Fingerprint
  /// The fingerprint of the settings.
  package let settings: Fingerprint
  /// Which fitted parameters the models went by, and from when on.
  package let models: [ModelSchedule.Entry]
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
  package let assumptions: [BilingualText]

  /// The terms of a request on the material that was found for it.
  package init(_ request: ReplayRequest, _ material: ReplayMaterial) {
    symbols = material.markets.map(\.symbol)
    data = material.fingerprint
    settings = request.configuration.fingerprint
    models = request.models.entries
    span = material.span.length
    start = material.start
    from = material.from
    to = material.to
    capital = request.capital
    venue = material.venue
    fees = material.fees
    slippage = request.slippage
    delay = request.delay
    seed = request.seed
    assumptions = Self.assumptions(request, material)
  }

  /// The digest of ``models``; nil where there are none.
  package var modelsFingerprint: Fingerprint? {
    models.isEmpty
      ? nil : Fingerprint(of: JSONValue.array(models.map(\.json)).compactText)
  }

  /// The coin of the account, as the symbols end in it.
  package var coin: String {
    ["USDT", "USDC", "USD"].first { coin in symbols.allSatisfy { $0.hasSuffix(coin) } } ?? "coins"
  }

  package var json: JSONValue {
    [
      "symbols": .strings(symbols), "data": .string(data.hexadecimal),
      "settings": .string(settings.hexadecimal), "models": .array(models.map(\.json)),
      "bar_ms": .integer(Int(span.milliseconds)), "start": .string("\(start)"),
      "from": .string("\(from)"), "to": .string("\(to)"), "capital": .string("\(capital)"),
      "venue": .string(venue.rawValue), "maker_fee": .string("\(fees.maker)"),
      "taker_fee": .string("\(fees.taker)"), "slippage_bp": .number(slippage.basisPoints),
      "delay_ms": .integer(Int(delay.milliseconds)), "seed": .string("\(seed)"),
      "assumptions": .strings(assumptions.map(\.english)),
    ]
  }

  private static func assumptions(
    _ request: ReplayRequest, _ material: ReplayMaterial
  ) -> [BilingualText] {
    var sentences = material.markets.contains { $0.feed == nil } ? barAssumptions(material) : []
    if material.markets.contains(where: { $0.feed != nil }) {
      sentences += feedAssumptions(material)
    }
    sentences.append(delayAssumption(request, material))
    sentences += contractAssumptions(material) + fundingAssumptions(material)
    return sentences
  }

  private static func barAssumptions(_ material: ReplayMaterial) -> [BilingualText] {
    let length = material.span.length
    return [
      BilingualText(
        """
        A bar of \(length) fills an order that takes at its open, slippage added, and a limit only \
        where it traded beyond the limit; of what happened within a bar the worst order counts.
        """,
        """
        \(length) 봉은 즉시 체결 주문을 시가에 슬리피지를 더해, 지정가는 그 가격을 넘어 거래된 때에만 \
        체결하며, 봉 안의 순서는 가장 나쁜 것으로 봅니다.
        """)
    ]
  }

  private static func feedAssumptions(_ material: ReplayMaterial) -> [BilingualText] {
    let length = material.span.length
    return [
      BilingualText(
        """
        An order that takes walks the recorded book; one that waits stands behind the lots at its \
        price and is filled by trades beyond them. What it took is there again in the next book.
        """,
        """
        즉시 체결 주문은 기록된 호가를 따라 체결되고, 대기 주문은 그 가격의 잔량 뒤에 서서 그것을 넘는 \
        거래로 체결됩니다. 가져간 잔량은 다음 호가에 다시 나타납니다.
        """),
      BilingualText(
        """
        In a feed's own time bars of \(length) are made of its trades alone. Where something was told \
        and nobody traded a bar has the last price and no volume; where nothing was told there is none.
        """,
        """
        피드가 있는 동안의 \(length) 봉은 그 체결만으로 만듭니다. 소식은 있으나 체결이 없으면 마지막 \
        가격에 거래량 0인 봉이고, 소식이 아예 없으면 봉도 없습니다.
        """),
      BilingualText(
        """
        While a book is lost or older than 10s nothing is entered; orders that take meet trades, with \
        slippage.
        """,
        "호가창을 잃었거나 10초 넘게 낡은 동안은 진입하지 않으며, 즉시 체결 주문은 체결가에 슬리피지를 더합니다."),
    ]
  }

  private static func delayAssumption(
    _ request: ReplayRequest, _ material: ReplayMaterial
  ) -> BilingualText {
    let delay = request.delay
    switch (material.markets.allSatisfy { $0.feed == nil }, delay > .zero) {
    case (true, true):
      return BilingualText(
        """
        An order takes \(delay) to the venue; within a bar it pays the open and the share of the way to \
        the worse end that is the root of the share of the bar that is over.
        """,
        """
        주문은 거래소까지 \(delay) 걸립니다. 봉 안에 도착하면 시가에서 불리한 끝 쪽으로, 지나간 시간 \
        비율의 제곱근만큼 간 가격을 냅니다.
        """)
    case (true, false):
      return BilingualText(
        "An order reaches the venue at once and meets the next bar's open.",
        "주문은 거래소에 바로 닿아 다음 봉의 시가를 만납니다.")
    case (false, true):
      return BilingualText(
        "An order takes \(delay) to the venue and meets the first book or trade then.",
        "주문은 거래소까지 \(delay) 걸리며 그 뒤 처음 오는 호가나 체결을 만납니다.")
    case (false, false):
      return BilingualText(
        "An order reaches the venue at once and meets the next book or trade.",
        "주문은 거래소에 바로 닿아 다음 호가나 체결을 만납니다.")
    }
  }

  private static func contractAssumptions(_ material: ReplayMaterial) -> [BilingualText] {
    let assumed = material.markets.filter { !$0.isContractKnown }.map(\.symbol)
    guard !assumed.isEmpty else { return [] }
    let least = decimalText(RecordedMarket.notionalMin.atoms, places: 8)
    return [
      BilingualText(
        """
        The terms of \(names(assumed, "contracts")) are assumed: steps of price and quantity as the \
        data shows them, orders worth \(least) at least, and margins as of a large coin for BTCUSDT, \
        stricter for others.
        """,
        """
        \(names(assumed, "개 계약"))의 조건은 가정한 것입니다: 가격과 수량의 단위는 자료대로, 주문은 최소 \
        \(least), 증거금은 BTCUSDT는 큰 코인처럼, 나머지는 더 엄격하게 두었습니다.
        """)
    ]
  }

  private static func fundingAssumptions(_ material: ReplayMaterial) -> [BilingualText] {
    var sentences: [BilingualText] = []
    let unfunded = material.markets.filter { $0.payments.isEmpty }.map(\.symbol)
    if !unfunded.isEmpty {
      sentences.append(
        BilingualText(
          "No funding is recorded of \(names(unfunded, "contracts")), and none is paid.",
          "\(names(unfunded, "개 계약"))은 펀딩 기록이 없어 주고받지 않습니다."))
    }
    let marked = material.markets.compactMap { $0.marks?.span.length }
    if let sparse = marked.max() {
      let unmarked = material.markets.filter { $0.references.isEmpty }.map(\.symbol)
      let others = unmarked.isEmpty ? "" : ", as always of \(names(unmarked, "contracts"))"
      let korean = unmarked.isEmpty ? "" : ", \(names(unmarked, "개 계약"))은 언제나"
      sentences.append(
        BilingualText(
          """
          Mark prices are recorded every \(sparse); between them positions count at the prices of \
          bars\(others).
          """,
          "마크 가격은 \(sparse)마다 기록되어 있고, 그 사이에는\(korean) 봉의 가격으로 평가합니다."))
    } else if material.markets.contains(where: { $0.references.isEmpty }) {
      let feeds = material.markets.contains { $0.feed != nil }
      sentences.append(
        BilingualText(
          "No mark prices are recorded: positions count at the prices of "
            + (feeds ? "books and trades." : "bars."),
          "마크 가격 기록이 없어 \(feeds ? "호가와 체결" : "봉")의 가격으로 평가합니다."))
    }
    return sentences
  }

  private static func names(_ symbols: [String], _ noun: String) -> String {
    guard symbols.count > 4 else { return symbols.joined(separator: ", ") }
    return noun.hasPrefix("개") ? "\(symbols.count)\(noun)" : "\(symbols.count) \(noun)"
  }
}
