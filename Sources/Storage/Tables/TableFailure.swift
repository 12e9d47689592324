package import Essentials

/// What can go wrong while a table of text is read, with the place where it went wrong.
package enum TableFailure: ExplainedFailure, Hashable {
  /// A place in a table: the line of the file and the column, both counted from 1.
  package struct Place: Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var row: Int
    package var column: Int

    package init(path: String, row: Int, column: Int) {
      self.path = path
      self.row = row
      self.column = column
    }

    package var description: String { "\(path):\(row):\(column)" }
  }

  case file(FileFailure)
  case noHeader(path: String)
  case unterminatedQuote(Place)
  case strayQuote(Place)
  case raggedRow(Place, found: Int, expected: Int)
  case fieldTooLong(Place, limit: Int)
  case rowTooLong(Place, limit: Int)
  case tooManyColumns(Place, limit: Int)
  case unparsableNumber(Place, name: String, text: String)
  case unparsableDate(Place, name: String, text: String)

  /// Where the failure is, except where it concerns the file as a whole.
  package var place: Place? {
    switch self {
    case .file, .noHeader: nil
    case .unterminatedQuote(let place), .strayQuote(let place), .raggedRow(let place, _, _),
      .fieldTooLong(let place, _), .rowTooLong(let place, _), .tooManyColumns(let place, _),
      .unparsableNumber(let place, _, _), .unparsableDate(let place, _, _):
      place
    }
  }

  package var key: String {
    switch self {
    case .file(let failure): failure.key
    case .noHeader: "no_header"
    case .unterminatedQuote: "unterminated_quote"
    case .strayQuote: "stray_quote"
    case .raggedRow: "ragged_row"
    case .fieldTooLong: "field_too_long"
    case .rowTooLong: "row_too_long"
    case .tooManyColumns: "too_many_columns"
    case .unparsableNumber: "unparsable_number"
    case .unparsableDate: "unparsable_date"
    }
  }

  package var explanation: String {
    switch self {
    case .file(let failure): failure.explanation
    case .noHeader(let path): "The table \(path) is empty; it has not even a header row."
    case .unterminatedQuote(let place): "\(place): a quoted field never ends."
    case .strayQuote(let place): "\(place): a quotation mark stands inside an unquoted field."
    case .raggedRow(let place, let found, let expected):
      "\(place): the row has \(found) fields where the header has \(expected)."
    case .fieldTooLong(let place, let limit): "\(place): a field is longer than \(limit) bytes."
    case .rowTooLong(let place, let limit): "\(place): a row is longer than \(limit) bytes."
    case .tooManyColumns(let place, let limit): "\(place): a row has more than \(limit) fields."
    case .unparsableNumber(let place, let name, let text):
      "\(place): \"\(text)\" in column \(name) is not a number."
    case .unparsableDate(let place, let name, let text):
      "\(place): \"\(text)\" in column \(name) is not a date or an instant."
    }
  }

  package var remedy: String {
    switch self {
    case .file(let failure): failure.remedy
    case .noHeader: "Begin the file with a row of column names."
    case .unterminatedQuote: "Close the quotation, or double a mark that belongs to the text."
    case .strayQuote: "Quote the whole field and double the mark inside it."
    case .raggedRow: "Make every row as long as the header; leave a missing value empty."
    case .fieldTooLong, .rowTooLong, .tooManyColumns:
      "Check that the file is comma-separated text; a missing quotation mark also looks like this."
    case .unparsableNumber:
      "Write it like 1234.5 or 1.2e3; leave a missing value empty or write nan."
    case .unparsableDate:
      "Write 2024-01-31, 2024-01-31T14:30:00Z, or Unix seconds or milliseconds."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
