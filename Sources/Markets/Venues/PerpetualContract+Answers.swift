package import Essentials

/// Contracts as the venues' interfaces describe them.
///
/// The fees are not part of these answers, as they depend on the account.
extension PerpetualContract {
  /// Reads an element of `result.list` of Bybit v5 `/v5/market/instruments-info` and the elements of
  /// the symbol in `result.list` of `/v5/market/risk-limit`.
  ///
  /// The funding interval is in minutes there. Tiers without a deduction get the one that makes the
  /// margin continuous.
  package init(
    bybitInstrument instrument: JSONValue, riskLimits: [JSONValue], fees: FeeSchedule
  ) throws(AnswerFailure) {
    let answer = Answer(instrument, name: "instruments-info")
    let prices = try answer["priceFilter"]
    let lots = try answer["lotSizeFilter"]
    let lot = try lots.value("qtyStep") { LotSize(text: $0) }
    let most = try lots.value("maxOrderQty") { lot.lots(text: $0) }
    let rules = InstrumentRules(
      symbol: try answer.text("symbol"), lot: lot,
      tick: try prices.value("tickSize") { TickSize(text: $0) },
      prices: try Self.range(
        try prices.value("minPrice") { Price(text: $0) },
        try prices.value("maxPrice") { Price(text: $0) }, in: prices),
      minimumQuantity: try lots.value("minOrderQty") { lot.lots(text: $0) },
      maximumLimitQuantity: most,
      maximumMarketQuantity: try lots.optionalValue("maxMktOrderQty") { lot.lots(text: $0) }
        ?? most,
      minimumNotional: try lots.optionalValue("minNotionalValue") { CoinAmount(text: $0) } ?? .zero)
    var rates: ClosedRange<SignedRate>?
    if let low = try answer.optionalValue("lowerFundingRate", { SignedRate(text: $0) }),
      let high = try answer.optionalValue("upperFundingRate", { SignedRate(text: $0) })
    {
      guard low <= high else { throw answer.failure("upperFundingRate", "it is below the lower") }
      rates = low...high
    }
    let minutes = try answer.value("fundingInterval") { exactCount($0, places: 0) }
    guard minutes > 0, minutes <= 10_080 else {
      throw answer.failure("fundingInterval", "it is not within a week")
    }
    let rows = try riskLimits.map { row throws(AnswerFailure) in
      try Self.bybitTier(Answer(row, name: "risk-limit"))
    }
    self.init(
      venue: .bybit, rules: rules, tiers: try Self.tiers(rows, "risk-limit"), fees: fees,
      funding: FundingTerms(interval: .minutes(minutes), rates: rates))
  }

  /// Reads an element of `symbols` of Binance USD-M `/fapi/v1/exchangeInfo` and the `brackets` of the
  /// symbol in `/fapi/v1/leverageBracket`.
  ///
  /// The interval of funding is elsewhere (`/fapi/v1/fundingInfo`), which lists only the symbols that
  /// do not pay every eight hours.
  package init(
    binanceSymbol symbol: JSONValue, brackets: [JSONValue], fees: FeeSchedule,
    funding: FundingTerms = FundingTerms(interval: .hours(8))
  ) throws(AnswerFailure) {
    let answer = Answer(symbol, name: "exchangeInfo")
    let prices = try answer.filter("PRICE_FILTER")
    let lots = try answer.filter("LOT_SIZE")
    let market = try answer.filter("MARKET_LOT_SIZE")
    let lot = try lots.value("stepSize") { LotSize(text: $0) }
    let rules = InstrumentRules(
      symbol: try answer.text("symbol"), lot: lot,
      tick: try prices.value("tickSize") { TickSize(text: $0) },
      prices: try Self.range(
        try prices.value("minPrice") { Price(text: $0) },
        try prices.value("maxPrice") { Price(text: $0) }, in: prices),
      minimumQuantity: try lots.value("minQty") { lot.lots(text: $0) },
      maximumLimitQuantity: try lots.value("maxQty") { lot.lots(text: $0) },
      maximumMarketQuantity: try market.value("maxQty") { lot.lots(text: $0) },
      minimumNotional: try answer.filter("MIN_NOTIONAL").value("notional") { CoinAmount(text: $0) })
    let rows = try brackets.map { row throws(AnswerFailure) in
      try Self.binanceTier(Answer(row, name: "leverageBracket"))
    }
    self.init(
      venue: .binance, rules: rules, tiers: try Self.tiers(rows, "leverageBracket"), fees: fees,
      funding: funding)
  }

  private typealias TierRow = (cap: CoinAmount, rate: SignedRate, leverage: Leverage)

  private static func bybitTier(_ row: Answer) throws(AnswerFailure) -> TierRow {
    (
      cap: try row.value("riskLimitValue") { CoinAmount(text: $0) },
      rate: try row.value("maintenanceMargin") { SignedRate(text: $0) },
      leverage: try row.value("maxLeverage") { Leverage(text: $0) }
    )
  }

  private static func binanceTier(_ row: Answer) throws(AnswerFailure) -> TierRow {
    (
      cap: try row.value("notionalCap") { CoinAmount(text: $0) },
      rate: try row.value("maintMarginRatio") { SignedRate(text: $0) },
      leverage: try row.value("initialLeverage") { Leverage(text: $0) }
    )
  }

  private static func tiers(
    _ rows: [TierRow], _ name: String
  ) throws(AnswerFailure) -> MarginTiers {
    do {
      return try MarginTiers(rows.sorted { $0.cap < $1.cap })
    } catch {
      throw AnswerFailure(answer: name, member: "tiers", reason: error.explanation)
    }
  }

  private static func range(
    _ low: Price, _ high: Price, in answer: Answer
  ) throws(AnswerFailure) -> ClosedRange<Price> {
    guard low <= high else { throw answer.failure("maxPrice", "it is below minPrice") }
    return low...high
  }
}

/// A member of a venue's answer that cannot be used.
package struct AnswerFailure: ExplainedFailure, Hashable {
  /// The endpoint.
  package let answer: String
  package let member: String
  /// What is wrong with it, as a clause.
  package let reason: String

  package var key: String { "unusable_answer" }
  package var explanation: String {
    "The venue's answer \(answer) cannot be used: \(member): \(reason)."
  }
  package var remedy: String {
    "Ask the venue again, and compare the answer with its documentation."
  }
  package var outcome: FailureOutcome { .failed }
}

/// A JSON object of an answer, read member by member.
private struct Answer {
  let members: JSONValue
  let name: String

  init(_ value: JSONValue, name: String) {
    members = value
    self.name = name
  }

  subscript(member: String) -> Answer {
    get throws(AnswerFailure) {
      guard let value = members[member] else { throw failure(member, "it is missing") }
      return Answer(value, name: name)
    }
  }

  func failure(_ member: String, _ reason: String) -> AnswerFailure {
    AnswerFailure(answer: name, member: member, reason: reason)
  }

  func text(_ member: String) throws(AnswerFailure) -> String {
    guard let text = members[member].flatMap(Self.text), !text.isEmpty else {
      throw failure(member, "it is missing or empty")
    }
    return text
  }

  func value<Value>(_ member: String, _ read: (String) -> Value?) throws(AnswerFailure) -> Value {
    let text = try text(member)
    guard let value = read(text) else { throw failure(member, "`\(text)` is no such value") }
    return value
  }

  /// The value of a member; nil where it is missing or empty.
  func optionalValue<Value>(
    _ member: String, _ read: (String) -> Value?
  ) throws(AnswerFailure) -> Value? {
    guard let text = members[member].flatMap(Self.text), !text.isEmpty else { return nil }
    guard let value = read(text) else { throw failure(member, "`\(text)` is no such value") }
    return value
  }

  /// The Binance filter of a type.
  func filter(_ type: String) throws(AnswerFailure) -> Answer {
    guard case .array(let filters) = members["filters"] else {
      throw failure("filters", "it is missing")
    }
    guard let filter = filters.first(where: { $0["filterType"] == .string(type) }) else {
      throw failure(type, "the filter is missing")
    }
    return Answer(filter, name: "\(name) \(type)")
  }

  /// The text of a string or of a number, which venues use for the same members.
  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): String(number)
    case .number: value.compactText
    default: nil
    }
  }
}
