package import Essentials

/// What was estimated for one symbol, as a document holds it.
package protocol FittedRecord: Hashable, Sendable {
  /// The model's name in the document, such as `hawkes`.
  static var model: String { get }
  /// Reads the members; nil where they make no model, which has been noted then.
  init?(reading reader: inout DocumentReader)
  /// The members in their documented order.
  var members: [JSONValue.Member] { get }
}

/// The parameters of a model for many symbols, with what they rest on.
///
/// `{"version": 1, "model": ..., "fitted_at": ..., "source": "bars", "lookback": 4000,
/// "bar_seconds": 60, "symbols": {"BTC/USDT:USDT": {"n_obs": ..., ...}}}`. A symbol whose fit did not
/// converge has no record: its model begins as one that was never estimated.
package struct FittedModels<Record: FittedRecord>: FittedDocument, Hashable, Sendable {
  /// A symbol with its record.
  package struct SymbolRecord: Hashable, Sendable {
    package var symbol: String
    /// How many observations the record rests on.
    package var count: Int
    package var record: Record

    package init(symbol: String, count: Int, record: Record) {
      self.symbol = symbol
      self.count = count
      self.record = record
    }
  }

  /// When the records were estimated, ISO 8601 in UTC.
  package var fittedAt: String
  package var fittedThrough: Timestamp?
  /// What was observed, `bars` or `trades`.
  package var source: String
  /// The most prices of each file that were used.
  package var lookback: Int
  /// The length of a bar in seconds; nil for trades.
  package var barSeconds: Int?
  /// By symbol in ascending order, none twice.
  package private(set) var symbols: [SymbolRecord]

  package init(
    fittedAt: String, source: String, lookback: Int, barSeconds: Int?, symbols: [SymbolRecord]
  ) {
    self.fittedAt = fittedAt
    self.source = source
    self.lookback = lookback
    self.barSeconds = barSeconds
    self.symbols = symbols.sorted { $0.symbol < $1.symbol }
  }

  /// Returns the record of a symbol, nil where none was estimated.
  package func record(for symbol: String) -> Record? {
    symbols.first { $0.symbol == symbol }?.record
  }

  // MARK: - Document

  package init(reading reader: inout DocumentReader) {
    _ = reader.requiredWhole("version", in: 1...1)
    let model = reader.requiredText("model")
    if !model.isEmpty, model != Record.model {
      reader.noteContradiction(
        "model", "is \(model)", remedy: "Give a document of the model \(Record.model).")
    }
    fittedAt = reader.line("fitted_at") ?? ""
    fittedThrough = Self.fittedThrough(&reader)
    source = reader.requiredText("source")
    lookback = reader.requiredWhole("lookback", in: 0...1 << 53)
    barSeconds = reader.whole("bar_seconds", in: 1...86_400)
    symbols = []
    guard case .object(let members)? = reader.value("symbols") else {
      reader.noteContradiction(
        "symbols", "is no object", remedy: "Write an object of records by symbol.")
      return
    }
    let read = reader.object("symbols") { reader in
      members.compactMap { member -> SymbolRecord? in
        let record = reader.object(member.name) { reader -> SymbolRecord? in
          let count = reader.requiredWhole("n_obs", in: 1...1 << 53)
          return Record(reading: &reader).map {
            SymbolRecord(symbol: member.name, count: count, record: $0)
          }
        }
        return record ?? nil
      }
    }
    symbols = (read ?? []).sorted { $0.symbol < $1.symbol }
  }

  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("version", .integer(1)), .init("model", .string(Record.model)),
      .init("fitted_at", .string(fittedAt)),
    ]
    members += fittedThroughMember
    members += [
      .init("source", .string(source)), .init("lookback", .integer(lookback)),
      .init("bar_seconds", barSeconds.map(JSONValue.integer) ?? .null),
      .init(
        "symbols",
        .object(
          symbols.map {
            .init($0.symbol, .object([.init("n_obs", .integer($0.count))] + $0.record.members))
          })),
    ]
    return .object(members)
  }
}
