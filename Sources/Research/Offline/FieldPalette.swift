import AlphaLanguage
import Markets

/// The fields of a pack by what they mean, as far as names and descriptions tell.
struct FieldPalette {
  /// A field with what was understood of it.
  struct Entry {
    var field: RetrievalPack.Field
    var kind: FieldDescription.Kind
    var unit: MeasureUnit
    var roles: Set<String>
    /// How much an idea speaks for the field, at least 1.
    var favor: Double
  }

  let entries: [Entry]

  /// - Parameter idea: a text in lower case; a field whose name or description shares words with it
  ///   is favored.
  init(_ pack: RetrievalPack, idea: String) {
    let words = Set(Self.words(of: idea).filter { $0.count > 2 })
    entries = pack.fields.map { field in
      let kind = FieldDescription.Kind(rawValue: field.type.uppercased()) ?? .matrix
      let roles = Self.roles(of: field, kind)
      let own = Set(Self.words(of: field.id) + Self.words(of: field.meaning))
      let shared = words.intersection(own).count
      return Entry(
        field: field, kind: kind, unit: Self.unit(of: roles), roles: roles,
        favor: 1 + 1.5 * Double(min(shared, 4)))
    }
  }

  /// A schema for the checker: units are what the roles imply, and none where nothing is known.
  var schema: PanelSchema {
    PanelSchema(
      fields: entries.map {
        FieldDescription(name: $0.field.id, kind: $0.kind, unit: $0.unit)
      })
  }

  /// The entries that a blank of that role may be.
  func entries(for role: String) -> [Entry] { entries.filter { $0.roles.contains(role) } }

  private static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static let prices: Set<String> = ["open", "high", "low", "close", "vwap"]
  private static let volumes: Set<String> = [
    "volume", "adv5", "adv10", "adv20", "adv30", "adv60", "adv120", "adv180",
  ]
  private static let caps: Set<String> = ["cap", "market_cap", "marketcap", "mkt_cap"]
  private static let sharesOutstanding: Set<String> = ["sharesout", "shares_outstanding"]
  private static let moneyWords: Set<String> = [
    "assets", "asset", "liabilities", "liability", "equity", "revenue", "sales", "income", "cash",
    "debt", "ebit", "ebitda", "profit", "expense", "earnings", "cogs", "capex", "inventory",
    "receivables", "payable", "receivable", "goodwill", "cashflow", "flow", "depreciation", "tax",
    "expenditures", "bookvalue", "capital",
  ]
  private static let ratioWords: Set<String> = [
    "ratio", "margin", "growth", "yield", "score", "rank", "percent", "pct", "rate", "return",
    "volatility", "correlation", "beta", "surprise", "sentiment", "buzz",
  ]

  private static func roles(
    of field: RetrievalPack.Field, _ kind: FieldDescription.Kind
  ) -> Set<String> {
    switch kind {
    case .group: return field.id.lowercased() == "market" ? ["group"] : ["group", "class"]
    case .vector: return ["event"]
    case .matrix: break
    }
    let id = field.id.lowercased()
    if prices.contains(id) { return ["any", "moving", "price", id] }
    // Prices and volumes before corrections for splits are numbers like any, and known for what
    // they are.
    if id.hasPrefix("raw_") {
      let rest = String(id.dropFirst(4))
      if prices.contains(rest) { return ["any", "rawPrice"] }
      if volumes.contains(rest) { return ["any", "count"] }
    }
    if id.hasPrefix("dollar_") { return ["any", "moving", "traded"] }
    if volumes.contains(id) {
      return id == "volume" ? ["any", "moving", "size", "volume"] : ["any", "moving", "size"]
    }
    if caps.contains(id) { return ["any", "moving", "cap"] }
    if sharesOutstanding.contains(id) { return ["any", "count"] }
    if id == "returns" { return ["any", "moving", "returns"] }
    let names = words(of: id)
    let meaning = field.meaning.lowercased()
    let own = Set(names + words(of: meaning))
    if id == "eps" || meaning.contains("per share") || names.contains("ps") {
      return ["any", "other", "share"]
    }
    let isRatio = !own.isDisjoint(with: ratioWords)
    if !isRatio, !own.isDisjoint(with: moneyWords) { return ["any", "other", "money"] }
    return ["any", "moving", "other"]
  }

  private static func unit(of roles: Set<String>) -> MeasureUnit {
    let units: [(MeasureUnit, Set<String>)] = [
      (.price, ["price", "rawPrice", "share"]), (.share, ["size", "count"]),
      (.money, ["cap", "money", "traded"]),
    ]
    return units.first { !$0.1.isDisjoint(with: roles) }?.0 ?? .dimensionless
  }
}
