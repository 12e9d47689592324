package import Essentials

/// What can go wrong while market data is imported; nothing is stored in any of these cases.
package enum ImportFailure: ExplainedFailure, Hashable {
  case table(TableFailure)
  case array(ArrayFailure)
  case store(StoreFailure)
  case file(FileFailure)
  case wrongHeader(path: String, missing: [String], found: [String])
  case noFiles(folder: String)
  case ambiguousFiles(folder: String, kinds: [String])
  case tooFewRows(path: String, rows: Int)
  case outOfOrder(TableFailure.Place, instrument: String, stamp: String, previous: String)
  case duplicateBar(TableFailure.Place, instrument: String, stamp: String, firstRow: Int)
  case impossibleBar(TableFailure.Place, instrument: String, stamp: String, reason: String)
  case duplicateEntry(TableFailure.Place, what: String)
  case invalidValue(TableFailure.Place, name: String, text: String, expected: String)
  case fieldWithoutNumbers(name: String, path: String)
  case irregularSpacing(stamp: String, barSeconds: Int)
  case barLengthMismatch(requested: Int, source: Int)
  case invalidOption(name: String, reason: String)
  case tooLarge(rows: Int, columns: Int)

  package var key: String {
    switch self {
    case .table(let failure): failure.key
    case .array(let failure): failure.key
    case .store(let failure): failure.key
    case .file(let failure): failure.key
    case .wrongHeader: "wrong_header"
    case .noFiles: "no_files"
    case .ambiguousFiles: "ambiguous_files"
    case .tooFewRows: "too_few_rows"
    case .outOfOrder: "date_out_of_order"
    case .duplicateBar: "duplicate_bar"
    case .impossibleBar: "impossible_bar"
    case .duplicateEntry: "duplicate_entry"
    case .invalidValue: "invalid_value"
    case .fieldWithoutNumbers: "field_without_numbers"
    case .irregularSpacing: "irregular_spacing"
    case .barLengthMismatch: "bar_length_mismatch"
    case .invalidOption: "invalid_option"
    case .tooLarge: "panel_too_large"
    }
  }

  package var explanation: String {
    switch self {
    case .table(let failure): failure.explanation
    case .array(let failure): failure.explanation
    case .store(let failure): failure.explanation
    case .file(let failure): failure.explanation
    case .wrongHeader(let path, let missing, let found):
      "The header of \(path) lacks \(missing.joined(separator: ", ")); "
        + "it has \(found.prefix(20).joined(separator: ", "))."
    case .noFiles(let folder): "The folder \(folder) has no tables of bars."
    case .ambiguousFiles(let folder, let kinds):
      "The folder \(folder) has bars of several lengths: \(kinds.joined(separator: ", "))."
    case .tooFewRows(let path, let rows): "\(path) has \(rows) usable rows; a panel needs two."
    case .outOfOrder(let place, let instrument, let stamp, let previous):
      "\(place): the bar of \(instrument) at \(stamp) comes after that at \(previous)."
    case .duplicateBar(let place, let instrument, let stamp, let firstRow):
      "\(place): \(instrument) has a second bar at \(stamp); the first is in row \(firstRow)."
    case .impossibleBar(let place, let instrument, let stamp, let reason):
      "\(place): the bar of \(instrument) at \(stamp) is impossible: \(reason)."
    case .duplicateEntry(let place, let what): "\(place): \(what) comes a second time."
    case .invalidValue(let place, let name, let text, let expected):
      "\(place): \"\(text)\" in column \(name) is not \(expected)."
    case .fieldWithoutNumbers(let name, let path):
      "Every value of \(name) in \(path) is missing."
    case .irregularSpacing(let stamp, let barSeconds):
      "The bar at \(stamp) does not lie on the grid of \(barSeconds)-second bars."
    case .barLengthMismatch(let requested, let source):
      "Bars of \(source) seconds cannot be joined into bars of \(requested) seconds."
    case .invalidOption(let name, let reason): "The option \(name) cannot be used: \(reason)."
    case .tooLarge(let rows, let columns):
      "A panel of \(rows) rows and \(columns) instruments is too large."
    }
  }

  package var remedy: String {
    switch self {
    case .table(let failure): failure.remedy
    case .array(let failure): failure.remedy
    case .store(let failure): failure.remedy
    case .file(let failure): failure.remedy
    case .wrongHeader(_, let missing, _):
      "Name the columns in the first row; \(missing.joined(separator: ", ")) must be among them."
    case .noFiles: "Name files like AAPL.csv or BTCUSDT_1m.csv.gz, one for each instrument."
    case .ambiguousFiles: "Choose one of them, or import from a folder with one."
    case .tooFewRows: "Import a longer history."
    case .outOfOrder: "Order the rows by time, or ask for them to be sorted."
    case .duplicateBar: "Remove one of them, or say whether the first or the last is kept."
    case .impossibleBar: "Mend the row, or ask for impossible bars to be left out."
    case .duplicateEntry: "Remove one of them."
    case .invalidValue: "Mend the value, or leave the field empty where it is not known."
    case .fieldWithoutNumbers: "Fill the column, or leave it out of the file."
    case .irregularSpacing: "Import bars of one length with stamps at their opening."
    case .barLengthMismatch(_, let source): "Ask for a multiple of \(source) seconds."
    case .invalidOption: "Correct the option."
    case .tooLarge: "Import fewer instruments, a shorter period or longer bars."
    }
  }

  package var outcome: FailureOutcome {
    if case .store(let failure) = self { failure.outcome } else { .badConfiguration }
  }
}
