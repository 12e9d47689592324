package import Essentials
import Models
package import Storage

/// What came of one file.
package struct FitRow: Hashable, Sendable {
  /// How far the row can be used.
  package enum Status: Hashable, Sendable {
    case converged
    /// The file gave samples to a fit that is made on all files together.
    case used
    /// The fit did not converge for the first reason; the second says what takes its place.
    case standIn(reason: String, instead: String)
    /// The file was not used; the key and the explanation of why.
    case unusable(key: String, explanation: String)
  }

  /// One estimated number.
  package struct Parameter: Hashable, Sendable {
    package let name: String
    package let value: Double
    /// Nil where it is not known.
    package let standardError: Double?

    package init(_ name: String, _ value: Double, _ standardError: Double?) {
      self.name = name
      self.value = value
      self.standardError = standardError
    }
  }

  package let path: String
  /// Nil where the file's name does not say it.
  package let symbol: String?
  /// How many returns or events were used.
  package var count = 0
  package var gapCount = 0
  /// When the last bar that was used ended, or the last other event was; nil where none was used.
  package var end: Timestamp?
  package var defects: [PriceHistory.Defect] = []
  package var status: Status
  /// What was estimated or stands in; empty where nothing does.
  package var parameters: [Parameter] = []

  init(path: String, symbol: String?, _ status: Status) {
    self.path = path
    self.symbol = symbol
    self.status = status
  }

  init(_ series: FitSeries, _ status: Status, count: Int, parameters: [Parameter]) {
    self.init(path: series.path, symbol: series.symbol, status)
    self.count = count
    self.parameters = parameters
    gapCount = series.gapCount
    end = series.end
    defects = series.defects
  }

  /// Reads files one after the other. One that cannot be used becomes a row that says why, and the
  /// others go on; `progress` is told how many files are done.
  static func rows(
    of files: [String], names: SymbolFileName, progress: (Int) -> Void,
    _ read: (_ path: String) throws -> FitRow
  ) -> [FitRow] {
    files.enumerated().map { index, path in
      defer { progress(index + 1) }
      do {
        return try read(path)
      } catch {
        let failure = error as? any ExplainedFailure
        return FitRow(
          path: path, symbol: names.symbol(inPath: path),
          .unusable(
            key: failure?.key ?? "unreadable", explanation: failure?.explanation ?? "\(error)"))
      }
    }
  }

  package var hasConverged: Bool { status == .converged }

  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      JSONValue.Member("file", .string(path)),
      JSONValue.Member("symbol", symbol.map(JSONValue.string) ?? .null),
      JSONValue.Member("n_obs", .integer(count)),
      JSONValue.Member("gaps", .integer(gapCount)),
      JSONValue.Member("through", end.map { .string("\($0)") } ?? .null),
    ]
    switch status {
    case .converged: members.append(JSONValue.Member("status", "converged"))
    case .used: members.append(JSONValue.Member("status", "used"))
    case .standIn(let reason, let instead):
      members += [
        JSONValue.Member("status", "not_converged"), JSONValue.Member("reason", .string(reason)),
        JSONValue.Member("instead", .string(instead)),
      ]
    case .unusable(let key, let explanation):
      members += [
        JSONValue.Member("status", "unusable"), JSONValue.Member("reason", .string(key)),
        JSONValue.Member("explanation", .string(explanation)),
      ]
    }
    members += [
      JSONValue.Member(
        "parameters",
        .array(
          parameters.map {
            [
              "name": .string($0.name), "value": .optional($0.value),
              "standard_error": .optional($0.standardError),
            ]
          })),
      JSONValue.Member(
        "bad_rows",
        .array(
          defects.map {
            ["reason": .string($0.key), "count": .integer($0.count), "first": .string($0.first)]
          })),
    ]
    return .object(members)
  }
}
