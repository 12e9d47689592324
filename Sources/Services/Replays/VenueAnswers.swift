import Essentials
package import Markets

/// What venues answered about their contracts, kept in files: the rules of instruments and the tiers
/// of margin, by symbol.
///
/// Understood are Bybit's `/v5/market/instruments-info` and `/v5/market/risk-limit`, and Binance's
/// `/fapi/v1/exchangeInfo` and `/fapi/v1/leverageBracket`, each as it was answered.
package struct VenueAnswers: Hashable, Sendable {
  private var bybitInstruments: [String: JSONValue] = [:]
  private var bybitLimits: [String: [JSONValue]] = [:]
  private var binanceSymbols: [String: JSONValue] = [:]
  private var binanceBrackets: [String: [JSONValue]] = [:]

  /// No answers.
  package init() {}

  /// Takes in an answer, whichever of the four it is.
  package mutating func take(_ text: String, named name: String) throws(ReplayRefusal) {
    let document: JSONValue
    do throws(JSONMistake) {
      document = try JSONValue(parsing: text)
    } catch {
      throw .unusableAnswer(
        file: name, reason: "\(error.expectation) was expected at byte \(error.offset)")
    }
    let rows: [JSONValue]
    if case .array(let elements) = document {
      rows = elements
    } else if case .array(let elements) = document["result"]?["list"] {
      rows = elements
    } else if case .array(let elements) = document["symbols"] {
      rows = elements
    } else {
      throw .unusableAnswer(file: name, reason: "it has no list of contracts")
    }
    for row in rows {
      guard case .string(let symbol) = row["symbol"] else {
        throw .unusableAnswer(file: name, reason: "an entry has no symbol")
      }
      if row["lotSizeFilter"] != nil {
        bybitInstruments[symbol] = row
      } else if row["riskLimitValue"] != nil {
        bybitLimits[symbol, default: []].append(row)
      } else if row["filters"] != nil {
        binanceSymbols[symbol] = row
      } else if case .array(let brackets) = row["brackets"] {
        binanceBrackets[symbol] = brackets
      } else {
        throw .unusableAnswer(
          file: name, reason: "the entry of \(symbol) is none of an answer that is understood")
      }
    }
  }

  /// The contract of a symbol at a venue; nil where not both of its answers are there.
  package func contract(
    _ symbol: String, at venue: Venue, fees: FeeSchedule
  ) throws(AnswerFailure) -> PerpetualContract? {
    switch venue {
    case .bybit:
      guard let instrument = bybitInstruments[symbol], let limits = bybitLimits[symbol] else {
        return nil
      }
      return try PerpetualContract(bybitInstrument: instrument, riskLimits: limits, fees: fees)
    case .binance:
      guard let rules = binanceSymbols[symbol], let brackets = binanceBrackets[symbol] else {
        return nil
      }
      return try PerpetualContract(binanceSymbol: rules, brackets: brackets, fees: fees)
    }
  }
}
