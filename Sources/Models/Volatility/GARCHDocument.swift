package import Essentials

/// The GARCH parameters of many symbols as `garch_params.json` holds them.
///
/// A symbol's own record is used before the global one, and that before whatever the configuration
/// says.
package struct GARCHDocument: FittedDocument, Hashable, Sendable {
  /// How the records came about.
  package enum FitMode: String, CaseIterable, Hashable, Sendable {
    /// Maximum likelihood of a GARCH(1,1) with zero mean.
    case maximumLikelihood = "arch_garch_11"
    /// At least one record is the rule that takes the place of an estimate.
    case fallback
  }

  /// Parameters with the variance at the end of the data they were estimated on.
  package struct Record: Hashable, Sendable {
    package var parameters: GARCHParameters
    /// The variance of the last step.
    package var firstVariance: Double
    package var count: Int

    package init(parameters: GARCHParameters, firstVariance: Double, count: Int) {
      self.parameters = parameters
      self.firstVariance = firstVariance
      self.count = count
    }

    /// The record of an estimate.
    package init(_ estimate: GARCHEstimate) {
      self.init(
        parameters: estimate.parameters, firstVariance: estimate.lastVariance,
        count: estimate.count)
    }

    /// What a model is made with.
    package var settings: GARCH.Settings {
      GARCH.Settings(parameters: parameters, firstVariance: firstVariance)
    }
  }

  /// A symbol with its record.
  package struct SymbolRecord: Hashable, Sendable {
    package var symbol: String
    package var record: Record

    package init(symbol: String, record: Record) {
      self.symbol = symbol
      self.record = record
    }
  }

  /// When the records were estimated, ISO 8601 in UTC.
  package var fittedAt: String
  package var fittedThrough: Timestamp?
  package var fitMode: FitMode
  /// Why the mode is what it is; empty where nothing is to be said.
  package var fitReason: String
  /// The pattern of the files that were read.
  package var sourceGlob: String
  /// The most bars of each file that were used.
  package var lookbackBars: Int
  /// The length of a bar in seconds.
  package var barSeconds: Int
  package var fileCount: Int
  package var usedFileCount: Int
  /// For symbols that have no record.
  package var global: Record?
  /// By symbol in ascending order, none twice.
  package private(set) var symbols: [SymbolRecord]

  /// Makes a document whose global record is the average of the symbols', each weighing as many
  /// observations as it rests on.
  package init(
    fittedAt: String, fitMode: FitMode, fitReason: String = "", sourceGlob: String = "",
    lookbackBars: Int, barSeconds: Int = 60, fileCount: Int, usedFileCount: Int,
    symbols: [SymbolRecord]
  ) {
    self.fittedAt = fittedAt
    self.fitMode = fitMode
    self.fitReason = fitReason
    self.sourceGlob = sourceGlob
    self.lookbackBars = lookbackBars
    self.barSeconds = barSeconds
    self.fileCount = fileCount
    self.usedFileCount = usedFileCount
    self.symbols = symbols.sorted { $0.symbol < $1.symbol }
    global = Self.average(self.symbols.map(\.record))
  }

  /// Returns what is known for a symbol: its own record, or the global one.
  package func record(for symbol: String) -> Record? {
    symbols.first { $0.symbol == symbol }?.record ?? global
  }

  private static func average(_ records: [Record]) -> Record? {
    let total = records.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    func mean(_ value: (Record) -> Double) -> Double {
      records.reduce(0) { $0 + value($1) * (Double($1.count) / Double(total)) }
    }
    guard
      let parameters = GARCHParameters(
        omega: mean { $0.parameters.omega }, alpha: mean { $0.parameters.alpha },
        beta: mean { $0.parameters.beta })
    else { return nil }
    return Record(parameters: parameters, firstVariance: mean(\.firstVariance), count: total)
  }

  // MARK: - Document

  private static let version = 1

  package init(reading reader: inout DocumentReader) {
    _ = reader.requiredWhole("version", in: Self.version...Self.version)
    fittedAt = reader.line("fitted_at") ?? ""
    fittedThrough = Self.fittedThrough(&reader)
    fitMode = reader.word("fit_mode") ?? .fallback
    fitReason = reader.line("fit_reason") ?? ""
    sourceGlob = reader.line("source_glob") ?? ""
    lookbackBars = reader.whole("lookback_bars", in: 0...1 << 40) ?? 0
    barSeconds = reader.requiredWhole("bar_seconds", in: 1...86_400)
    fileCount = reader.whole("file_count", in: 0...1 << 40) ?? 0
    usedFileCount = reader.whole("used_file_count", in: 0...1 << 40) ?? 0
    let symbolCount = reader.whole("symbol_count", in: 0...1 << 40)
    global = reader.object("garch", Self.record) ?? nil
    symbols = []
    if let value = reader.value("symbols") {
      if case .object(let members) = value {
        let read = reader.object("symbols") { reader in
          members.compactMap { member in
            (reader.object(member.name, Self.record) ?? nil).map {
              SymbolRecord(symbol: member.name, record: $0)
            }
          }
        }
        symbols = (read ?? []).sorted { $0.symbol < $1.symbol }
        if let symbolCount, symbolCount != members.count {
          reader.noteContradiction(
            "symbol_count", "is \(symbolCount), but there are \(members.count) symbols",
            remedy: "Write the number of symbols.")
        }
      } else {
        reader.noteContradiction(
          "symbols", "is no object", remedy: "Write an object of records by symbol.")
      }
    }
    if reader.value("garch") == nil, [nil, .object([])].contains(reader.value("symbols")) {
      reader.noteContradiction(
        "garch", "is missing and no symbol has a record", remedy: "Add one of them.")
    }
  }

  private static func record(_ reader: inout DocumentReader) -> Record? {
    let omega = reader.requiredNumber("omega", in: Double.leastNonzeroMagnitude...1)
    let alpha = reader.requiredNumber("alpha", in: 0...1)
    let beta = reader.requiredNumber("beta", in: 0...1)
    let variance = reader.requiredNumber("var0", in: 0...1)
    let count = reader.requiredWhole("n_obs", in: 0...1 << 53)
    guard let parameters = GARCHParameters(omega: omega, alpha: alpha, beta: beta) else {
      if alpha + beta >= 1 {
        reader.noteContradiction(
          "beta", "and alpha are \(JSONValue.number(alpha + beta).compactText) together",
          remedy: "Let them be less than 1, so that the variance has a mean.")
      }
      return nil
    }
    return Record(parameters: parameters, firstVariance: variance, count: count)
  }

  package var json: JSONValue {
    func record(_ record: Record) -> JSONValue {
      [
        "omega": .number(record.parameters.omega), "alpha": .number(record.parameters.alpha),
        "beta": .number(record.parameters.beta), "var0": .number(record.firstVariance),
        "n_obs": .integer(record.count),
      ]
    }
    var members: [JSONValue.Member] = [
      .init("version", .integer(Self.version)), .init("fitted_at", .string(fittedAt)),
    ]
    members += fittedThroughMember
    members += [
      .init("fit_mode", .string(fitMode.rawValue)), .init("fit_reason", .string(fitReason)),
      .init("source_glob", .string(sourceGlob)), .init("lookback_bars", .integer(lookbackBars)),
      .init("bar_seconds", .integer(barSeconds)), .init("file_count", .integer(fileCount)),
      .init("used_file_count", .integer(usedFileCount)),
      .init("symbol_count", .integer(symbols.count)),
      .init("garch", global.map(record) ?? .null),
      .init("symbols", .object(symbols.map { JSONValue.Member($0.symbol, record($0.record)) })),
    ]
    return .object(members)
  }
}
