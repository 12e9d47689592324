/// The header of a table, searched without regard to case, spaces and punctuation.
struct ColumnNames {
  let found: [String]
  private let normalized: [String]

  init(_ header: [String]) {
    found = header
    normalized = header.map(Self.normalized)
  }

  /// Returns the column with one of the names; an earlier name wins over a later one.
  func position(of names: [String]) -> Int? {
    for name in names {
      if let column = normalized.firstIndex(of: name) { return column }
    }
    return nil
  }

  /// The columns whose names end in `suffix`, with what stands before it.
  func columns(endingIn suffix: String) -> [(stem: String, column: Int)] {
    normalized.enumerated().compactMap { column, name in
      name.hasSuffix(suffix) && name.count > suffix.count
        ? (String(name.dropLast(suffix.count)), column) : nil
    }
  }

  /// Lower case; every run of other signs than letters and digits is one underscore.
  static func normalized(_ name: String) -> String {
    var result = ""
    for scalar in name.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        result.unicodeScalars.append(scalar)
      } else if !result.isEmpty, !result.hasSuffix("_") {
        result += "_"
      }
    }
    return result.hasSuffix("_") ? String(result.dropLast()) : result
  }

  static let symbol = ["ticker", "symbol", "instrument", "ticker_symbol", "asset", "tic", "code"]
  static let stamp = [
    "timestamp", "ts", "date", "datetime", "time", "open_time", "unix", "day", "date_time",
  ]
}
