package import Essentials

/// The market that rows of metadata belong to, as a part of their key.
///
/// The same dataset or field has another coverage and another number of users in another region, delay
/// or universe, so rows of two markets never replace each other.
package struct BrainMarket: Hashable, Sendable {
  package let instrumentType: String
  package let region: String
  package let delay: Int
  package let universe: String

  package init(_ target: SimulationTarget) {
    instrumentType = target.instrumentType
    region = target.region
    delay = target.delay
    universe = target.universe
  }

  /// The filters of a question for rows of this market.
  var parameters: [BrainQuestion.Parameter] {
    [
      .init("instrumentType", instrumentType), .init("region", region),
      .init("delay", String(delay)), .init("universe", universe),
    ]
  }

  /// The market with BRAIN's names.
  package var json: JSONValue {
    [
      "instrumentType": .string(instrumentType), "region": .string(region),
      "delay": .integer(delay), "universe": .string(universe),
    ]
  }

  /// The name of the market's folder, such as `EQUITY-USA-D1-TOP3000`.
  package var folder: String {
    [instrumentType, region, "D\(delay)", universe].map(BrainMarket.fileName).joined(separator: "-")
  }

  /// Returns a text in which only letters, digits, `_` and `.` within it stand as they are; any other
  /// byte is `%` and two digits, so that two names never meet and none leaves its folder.
  static func fileName(_ text: String) -> String {
    let digits = Array("0123456789abcdef".unicodeScalars)
    var name = ""
    for (place, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57,
        UInt8(ascii: "_"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where place > 0: name += "."
      default:
        name += "%"
        name.unicodeScalars.append(digits[Int(byte >> 4)])
        name.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    return name
  }
}

/// One row of `GET /operators`.
package struct BrainOperator: Hashable, Sendable {
  package let name: String
  package let category: String
  /// `REGULAR`, `SELECTION` and `COMBO`, as far as it may stand there.
  package let scope: [String]
  /// The call as BRAIN writes it, such as `ts_mean(x, d)`.
  package let definition: String
  package let meaning: String

  /// Reads a row, nil where it has no name.
  package init?(_ row: JSONValue) {
    guard let name = row["name"].flatMap(Row.text) else { return nil }
    self.name = name
    category = row["category"].flatMap(Row.text) ?? ""
    scope = row["scope"].map(Row.texts) ?? []
    definition = row["definition"].flatMap(Row.text) ?? name
    meaning = row["description"].flatMap(Row.text) ?? ""
  }
}

/// One row of `GET /data-sets`. Its key is its id together with the market.
package struct BrainDataset: Hashable, Sendable {
  package let id: String
  package let name: String
  package let meaning: String
  package let category: BrainGroup
  package let subcategory: BrainGroup
  /// In [0, 1].
  package let coverage: Double
  package let valueScore: Double
  package let fieldCount: Int
  package let alphaCount: Int
  package let userCount: Int
  package let themes: [String]

  /// Reads a row, nil where it has no id.
  package init?(_ row: JSONValue) {
    guard let id = row["id"].flatMap(Row.text) else { return nil }
    self.id = id
    name = row["name"].flatMap(Row.text) ?? id
    meaning = row["description"].flatMap(Row.text) ?? ""
    category = BrainGroup(row["category"])
    subcategory = BrainGroup(row["subcategory"])
    coverage = row["coverage"].flatMap(Row.number) ?? 0
    valueScore = row["valueScore"].flatMap(Row.number) ?? 0
    fieldCount = row["fieldCount"].flatMap(Row.count) ?? 0
    alphaCount = row["alphaCount"].flatMap(Row.count) ?? 0
    userCount = row["userCount"].flatMap(Row.count) ?? 0
    themes = row["themes"].map(Row.texts) ?? []
  }

  /// How early its fields are fetched: the higher, the earlier.
  package var quality: Double {
    4 * valueScore + 2 * coverage + 0.01 * Double(fieldCount) + 0.001 * Double(userCount)
  }
}

/// One row of `GET /data-fields`. Its key is its id together with the market.
package struct BrainField: Hashable, Sendable {
  package let id: String
  package let datasetID: String
  /// `MATRIX`, `VECTOR`, `GROUP`, `UNIVERSE` or `SYMBOL`.
  package let type: String
  package let meaning: String
  /// In [0, 1].
  package let coverage: Double
  package let alphaCount: Int
  package let userCount: Int

  /// Reads a row, nil where it has no id.
  package init?(_ row: JSONValue, datasetID: String) {
    guard let id = row["id"].flatMap(Row.text) else { return nil }
    self.id = id
    self.datasetID = row["dataset"]?["id"].flatMap(Row.text) ?? datasetID
    type = row["type"].flatMap(Row.text) ?? ""
    meaning = row["description"].flatMap(Row.text) ?? ""
    coverage = row["coverage"].flatMap(Row.number) ?? 0
    alphaCount = row["alphaCount"].flatMap(Row.count) ?? 0
    userCount = row["userCount"].flatMap(Row.count) ?? 0
  }
}

/// A category or subcategory.
package struct BrainGroup: Hashable, Sendable {
  package let id: String
  package let name: String

  /// Reads `{id, name}` or a bare id; anything else is a group without a name.
  package init(_ value: JSONValue?) {
    let bare = value.flatMap(Row.text)
    id = value?["id"].flatMap(Row.text) ?? bare ?? ""
    name = value?["name"].flatMap(Row.text) ?? id
  }
}

/// Reading the members of rows, whose kinds BRAIN changes now and then.
enum Row {
  static func text(_ value: JSONValue) -> String? {
    if case .string(let text) = value, !text.isEmpty { text } else { nil }
  }

  static func texts(_ value: JSONValue) -> [String] {
    guard case .array(let elements) = value else { return [] }
    return elements.compactMap { text($0) ?? $0["name"].flatMap(text) ?? $0["id"].flatMap(text) }
  }

  static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
    default: nil
    }
  }

  static func count(_ value: JSONValue) -> Int? {
    number(value).flatMap { $0 >= 0 && $0 < 1e15 ? Int($0) : nil }
  }
}
