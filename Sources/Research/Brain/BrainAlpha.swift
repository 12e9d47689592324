package import Essentials

/// An alpha that BRAIN has computed.
package struct BrainAlpha: Hashable, Sendable {
  /// The measures of one period. What BRAIN did not send is nil, never zero.
  package struct Metrics: Hashable, Sendable {
    /// In US dollars, of a book of ``bookSize``.
    package let pnl: Double?
    package let bookSize: Double?
    package let longCount: Double?
    package let shortCount: Double?
    /// The share of the book that is traded on a day, 0.35 for 35 %.
    package let turnover: Double?
    /// Of a year, as a share of half the book.
    package let returns: Double?
    /// The deepest fall as a positive share of half the book.
    package let drawdown: Double?
    /// Profit for each dollar traded.
    package let margin: Double?
    package let sharpe: Double?
    package let fitness: Double?

    /// Reads the members of a period.
    init(_ value: JSONValue) {
      func number(_ name: String) -> Double? { value[name].flatMap(Row.number) }
      pnl = number("pnl")
      bookSize = number("bookSize")
      longCount = number("longCount")
      shortCount = number("shortCount")
      turnover = number("turnover")
      returns = number("returns")
      drawdown = number("drawdown")
      margin = number("margin")
      sharpe = number("sharpe")
      fitness = number("fitness")
    }
  }

  package let id: String
  package let type: String
  /// `IS`, `OS` or `PROD`.
  package let stage: String
  /// `UNSUBMITTED`, `ACTIVE` or `DECOMMISSIONED`.
  package let status: String
  /// The formula; of a super alpha empty.
  package let code: String
  package let settings: JSONValue
  /// The whole sample that is shown, nil while it is computed.
  package let inSample: Metrics?
  /// The part before the test period, nil without one.
  package let train: Metrics?
  package let test: Metrics?
  /// BRAIN's own checks. A check that is not there was not passed.
  package let checks: [BrainCheck]
  /// The answer as it came.
  package let document: JSONValue

  /// Reads an answer, nil where it has no id.
  package init?(_ document: JSONValue) {
    guard let id = document["id"].flatMap(Row.text) else { return nil }
    self.id = id
    self.document = document
    type = document["type"].flatMap(Row.text) ?? ""
    stage = document["stage"].flatMap(Row.text) ?? ""
    status = document["status"].flatMap(Row.text) ?? ""
    code = document["regular"].flatMap { Row.text($0["code"] ?? $0) } ?? ""
    settings = document["settings"] ?? [:]
    func metrics(_ name: String) -> Metrics? {
      guard let value = document[name], value != .null else { return nil }
      return Metrics(value)
    }
    inSample = metrics("is")
    train = metrics("train")
    test = metrics("test")
    checks = BrainCheck.list(document["is"]?["checks"])
  }
}

/// One check of BRAIN.
package struct BrainCheck: Hashable, Sendable {
  /// What BRAIN says of it.
  package enum Result: String, Hashable, Sendable {
    case pass = "PASS"
    case fail = "FAIL"
    case warning = "WARNING"
    /// Not computed yet.
    case pending = "PENDING"
    case error = "ERROR"
  }

  package let name: String
  /// Nil where BRAIN says something else.
  package let result: Result?
  package let limit: Double?
  package let value: Double?

  static func list(_ value: JSONValue?) -> [BrainCheck] {
    guard case .array(let elements)? = value else { return [] }
    return elements.compactMap { element in
      element["name"].flatMap(Row.text).map { name in
        BrainCheck(
          name: name, result: element["result"].flatMap(Row.text).flatMap(Result.init),
          limit: element["limit"].flatMap(Row.number), value: element["value"].flatMap(Row.number))
      }
    }
  }
}

/// A table that belongs to an alpha, such as its daily PnL.
package struct BrainRecordSet: Hashable, Sendable {
  package let name: String
  /// The names of the columns, which tell what stands where.
  package let columns: [String]
  package let rows: [[JSONValue]]
  /// The answer as it came.
  package let document: JSONValue

  /// Reads an answer, nil where it is no table.
  init?(_ document: JSONValue, name: String) {
    guard case .array(let properties)? = document["schema"]?["properties"],
      case .array(let records)? = document["records"]
    else { return nil }
    self.name = name
    self.document = document
    columns = properties.map { $0["name"].flatMap(Row.text) ?? "" }
    rows = records.map { if case .array(let row) = $0 { row } else { [] } }
  }

  /// Returns the column of that name as numbers, NaN where a cell is missing; nil where there is no
  /// such column.
  package func numbers(_ column: String) -> [Double]? {
    columns.firstIndex(of: column).map { place in
      rows.map { place < $0.count ? Row.number($0[place]) ?? .nan : .nan }
    }
  }
}

/// How an alpha correlates with others.
package struct BrainCorrelation: Hashable, Sendable {
  /// The greatest correlation, nil where there is nothing to correlate with.
  package let greatest: Double?
  package let least: Double?
  /// The answer as it came.
  package let document: JSONValue

  init(_ document: JSONValue) {
    self.document = document
    greatest = document["max"].flatMap(Row.number)
    least = document["min"].flatMap(Row.number)
  }
}
