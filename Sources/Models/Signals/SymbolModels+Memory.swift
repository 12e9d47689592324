package import Essentials
import Markets
import Mathematics

extension SymbolModels {
  /// Everything that observations have changed, as one document. What was adopted is known by its
  /// documents and not repeated.
  package var savedState: JSONValue {
    func state(_ model: some Restartable) -> JSONValue { .object(model.memory) }
    func time(_ instant: Timestamp?) -> JSONValue {
      instant.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null
    }
    return [
      "model": .string(Self.kind), "symbol": .string(symbol),
      "span_ms": .integer(Int(settings.span.length.milliseconds)),
      "counts": .array(
        [
          counts.bars, counts.trades, counts.books, counts.missingBars, counts.refusedBars,
          counts.refusedTrades, counts.refusedBooks,
        ].map(JSONValue.integer)),
      "bar_end": time(barEnd), "close": .number(close), "variance": variance.json,
      "mean_variance": meanVariance.json, "turnover": turnover.json,
      "season_of_late": seasonOfLate.json, "momentum": state(momentum), "kalman": state(kalman),
      "particle": state(particle), "bayesian": state(bayesian),
      "autoregression": state(autoregression), "hurst": state(hurst),
      "reversion": state(reversion), "states": state(states),
      "garch": garch.map { state($0) } ?? .null, "vpin": state(vpin), "season": state(season),
      "change": state(change), "trend": state(trend),
      "smoothed": smoothed.map { state($0) } ?? .null, "trade_price": .optional(tradePrice),
      "trade_instant": time(tradeInstant), "motion": state(motion),
      "hawkes": hawkes.map { state($0) } ?? .null, "fills": state(fills), "flow": state(flow),
      "flows_of_bar": hasFlowsOfBar ? .numbers(flowsOfBar) : .null,
      "books_in_bar": .integer(booksInBar),
      "direction_track": .object(
        [JSONValue.Member("of", modelOfTrack.map(JSONValue.string) ?? .null)] + track.memory),
      "quotes": quotes.map {
        [
          "instant": time($0.instant),
          "figures": .numbers([$0.bid, $0.ask, $0.imbalance, $0.depth]),
        ]
      } ?? .null,
    ]
  }

  private static let kind = "symbol_models"

  /// Goes on where models of the symbol with the same settings and documents were saved, or throws
  /// everything that is wrong with the saved state.
  ///
  /// With other documents than those before, the states that models have come to are taken up where
  /// they fit; a hidden chain that has another number of states now begins anew.
  package init(
    symbol: String, settings: SymbolModelSettings = SymbolModelSettings(),
    documents: ModelDocuments = ModelDocuments(), resuming state: JSONValue,
    document: String = "state"
  ) throws(DocumentFailure) {
    self = try DocumentReader.read(state, document: document, unknown: .refused) { reader in
      var models = SymbolModels(symbol: symbol, settings: settings)
      models.adopt(documents)
      models.recall(&reader)
      return models
    }
  }

  private mutating func recall(_ reader: inout DocumentReader) {
    let kind = reader.requiredText("model")
    if !kind.isEmpty, kind != Self.kind {
      reader.noteContradiction(
        "model", "is \"\(kind)\"", remedy: "Give the state of \(Self.kind).")
    }
    let name = reader.requiredText("symbol")
    if !name.isEmpty, name != symbol {
      reader.noteContradiction(
        "symbol", "is \(name)", remedy: "Give the state of the models of \(symbol).")
    }
    let span = Int(settings.span.length.milliseconds)
    _ = reader.requiredWhole("span_ms", in: span...span)
    if let saved = reader.requiredNumbers("counts", count: 7, in: 0...0x1p53) {
      counts.bars = Int(saved[0])
      counts.trades = Int(saved[1])
      counts.books = Int(saved[2])
      counts.missingBars = Int(saved[3])
      counts.refusedBars = Int(saved[4])
      counts.refusedTrades = Int(saved[5])
      counts.refusedBooks = Int(saved[6])
    }
    recallBars(&reader)
    recallFlow(&reader)
  }

  private mutating func recallBars(_ reader: inout DocumentReader) {
    barEnd = Self.time(&reader, "bar_end")
    close = reader.requiredNumber("close", in: DocumentReader.notNegative)
    if barEnd != nil, close <= 0 {
      reader.noteContradiction("close", "is zero", remedy: "Give the state as it was saved.")
    }
    reader.recall(&variance, "variance", in: DocumentReader.notNegative)
    reader.recall(&meanVariance, "mean_variance", in: DocumentReader.notNegative)
    reader.recall(&turnover, "turnover", in: DocumentReader.notNegative)
    reader.recall(&seasonOfLate, "season_of_late", in: DocumentReader.notNegative)
    Self.recall(&momentum, "momentum", &reader)
    Self.recall(&kalman, "kalman", &reader)
    Self.recall(&particle, "particle", &reader)
    Self.recall(&bayesian, "bayesian", &reader)
    Self.recall(&autoregression, "autoregression", &reader)
    Self.recall(&hurst, "hurst", &reader)
    Self.recall(&reversion, "reversion", &reader)
    recallStates(&reader)
    recallVariance(&reader)
    Self.recall(&vpin, "vpin", &reader)
    Self.recall(&season, "season", &reader)
    Self.recall(&change, "change", &reader)
    Self.recall(&trend, "trend", &reader)
    if var smoothed {
      Self.recall(&smoothed, "smoothed", &reader)
      self.smoothed = smoothed
    } else {
      _ = reader.value("smoothed")
    }
  }

  /// A chain of another number of states is another chain.
  private mutating func recallStates(_ reader: inout DocumentReader) {
    if case .array(let saved)? = reader.value("states")?["probabilities"],
      saved.count != states.probabilities.count
    {
      return
    }
    // What was fitted is told by its document and not by what was saved before it.
    let fitted = areStatesFitted ? states : nil
    Self.recall(&states, "states", &reader)
    if let fitted { states.adopt(fitted) }
  }

  private mutating func recallVariance(_ reader: inout DocumentReader) {
    guard reader.value("garch") != nil else {
      if !isVarianceFitted { garch = nil }
      return
    }
    let fitted = isVarianceFitted ? garch?.parameters : nil
    var saved = GARCH(
      GARCH.Settings(parameters: fitted ?? .targeting(variance: 1)))
    Self.recall(&saved, "garch", &reader)
    if let fitted { saved.adopt(fitted) }
    garch = saved
  }

  private mutating func recallFlow(_ reader: inout DocumentReader) {
    let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
    tradePrice = reader.number("trade_price", in: positive)
    tradeInstant = Self.time(&reader, "trade_instant")
    Self.recall(&motion, "motion", &reader)
    if var hawkes, reader.value("hawkes") != nil {
      Self.recall(&hawkes, "hawkes", &reader)
      self.hawkes = hawkes
    } else {
      _ = reader.value("hawkes")
    }
    Self.recall(&fills, "fills", &reader)
    Self.recall(&flow, "flow", &reader)
    hasFlowsOfBar = reader.value("flows_of_bar") != nil
    if hasFlowsOfBar,
      let saved = reader.requiredNumbers("flows_of_bar", count: flowsOfBar.count)
    {
      flowsOfBar = saved
    }
    booksInBar = reader.requiredCount("books_in_bar")
    recallTrack(&reader)
    quotes =
      reader.object("quotes") { quotes -> Quotes? in
        let instant = Self.time(&quotes, "instant")
        quotes.requireMember("instant")
        let figures = quotes.requiredNumbers("figures", count: 4)
        quotes.finish()
        guard let instant, let figures else { return nil }
        guard figures[0] > 0, figures[1] > figures[0], figures[3] >= 0 else {
          quotes.noteContradiction(
            "figures", "are no quotes", remedy: "Give the state as it was saved.")
          return nil
        }
        return Quotes(
          instant: instant, bid: figures[0], ask: figures[1], imbalance: figures[2],
          depth: figures[3])
      } ?? nil
  }

  /// The content of the direction model whose calls are on record.
  private var modelOfTrack: String? { fingerprint(of: .direction)?.description }

  /// Takes up the record of calls where they were those of the model that is here now.
  private mutating func recallTrack(_ reader: inout DocumentReader) {
    let current = modelOfTrack
    let settings = settings.track
    let saved = reader.object("direction_track") { reader -> DirectionTrack? in
      let model = reader.text("of")
      var track = DirectionTrack(settings)
      track.recall(&reader)
      reader.finish()
      return model == current ? track : nil
    }
    if let saved = saved ?? nil { track = saved }
  }

  private static func time(_ reader: inout DocumentReader, _ name: String) -> Timestamp? {
    reader.whole(name, in: Int.min...Int.max).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
  }

  /// Takes up the state of one model, which must be there.
  private static func recall<Model: Restartable>(
    _ model: inout Model, _ name: String, _ reader: inout DocumentReader
  ) {
    let before = model
    let saved = reader.object(name) { reader in
      var model = before
      model.recall(&reader)
      reader.finish()
      return model
    }
    if let saved {
      model = saved
    } else {
      reader.requireMember(name)
    }
  }
}
