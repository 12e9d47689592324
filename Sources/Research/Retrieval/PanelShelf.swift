import Markets

/// A place for fields of a local panel: the dataset and subcategory that a field belongs to by what
/// its unit, kind and meaning say.
///
/// A panel says of a field how it is measured and what it means, but not in which dataset a provider
/// would deliver it. Five subcategories suffice for what panels hold, so that a usual budget shows
/// all of them.
struct PanelShelf: Hashable, Sendable {
  let datasetID: String
  let datasetName: String
  let meaning: String
  let subcategory: Subcategory

  enum Subcategory: String, Sendable {
    case priceVolume = "pv-prices"
    case liquidity = "pv-volume"
    case fundamentals = "fundamental-reports"
    case groups = "reference-groups"
    case events = "events"
    case derivatives = "derivatives"
    case other = "other"

    var name: String {
      switch self {
      case .priceVolume: "Prices and returns"
      case .liquidity: "Volume, liquidity and size"
      case .fundamentals: "Company reports"
      case .groups: "Classification"
      case .events: "Dated events"
      case .derivatives: "Perpetual futures"
      case .other: "Other measures"
      }
    }

    var category: (id: String, name: String) {
      switch self {
      case .priceVolume, .liquidity: ("pv", "Price Volume")
      case .fundamentals: ("fundamental", "Fundamental")
      case .groups: ("reference", "Reference")
      case .events: ("event", "Event")
      case .derivatives: ("derivative", "Derivative")
      case .other: ("other", "Other")
      }
    }
  }

  private init(_ id: String, _ name: String, _ subcategory: Subcategory, _ meaning: String) {
    (datasetID, datasetName, self.subcategory, self.meaning) = (id, name, subcategory, meaning)
  }

  private static let prices = PanelShelf(
    "prices", "Prices", .priceVolume, "Open, high, low, close and average prices of each bar.")
  private static let rawPrices = PanelShelf(
    "prices_as_traded", "Prices as traded", .priceVolume,
    "Prices of each bar without any adjustment for dividends and splits.")
  private static let returns = PanelShelf(
    "returns", "Returns", .priceVolume, "Relative changes of prices from bar to bar.")
  private static let volume = PanelShelf(
    "volume", "Traded volume", .liquidity, "Shares or contracts and money traded in each bar.")
  private static let averages = PanelShelf(
    "average_volume", "Average volume", .liquidity,
    "Means of volume over earlier bars, as measures of liquidity.")
  private static let size = PanelShelf(
    "size", "Size", .liquidity, "Market capitalization and the shares that make it up.")
  private static let balance = PanelShelf(
    "balance_sheet", "Balance sheet", .fundamentals,
    "Assets, liabilities, equity, cash and debt from company reports; value and quality.")
  private static let income = PanelShelf(
    "income_statement", "Income statement", .fundamentals,
    "Revenue, cost, earnings and margins from company reports; profitability and growth.")
  private static let cashFlow = PanelShelf(
    "cash_flow", "Cash flow", .fundamentals,
    "Cash from operations, investing and financing, and capital spending.")
  private static let perShare = PanelShelf(
    "per_share", "Per-share figures", .fundamentals, "Reported figures for one share.")
  private static let groups = PanelShelf(
    "groups", "Groups", .groups,
    "Classes of instruments, such as sector and industry, to compare and neutralize within.")
  private static let corporate = PanelShelf(
    "corporate_actions", "Corporate actions", .events, "Dividends and splits on their ex-dates.")
  private static let dated = PanelShelf(
    "dated_events", "Dated events", .events, "Any number of values in a row for each instrument.")
  private static let funding = PanelShelf(
    "funding", "Funding and mark prices", .derivatives,
    "Funding rates, mark and index prices and open interest of perpetual futures.")
  private static let other = PanelShelf(
    "measures", "Other measures", .other, "Numbers that no other dataset describes.")

  static func shelf(of field: FieldDescription) -> PanelShelf {
    let words = Set(Tokenizer.words(of: "\(field.name) \(field.summary)"))
    func says(_ some: String...) -> Bool { some.contains { words.contains($0) } }
    switch field.kind {
    case .group: return groups
    case .vector:
      if says("dividend", "split") { return corporate }
      return says("funding") ? funding : dated
    case .matrix: break
    }
    if says("funding", "mark", "basis") || says("interest") && says("open") && !says("report") {
      return funding
    }
    if says("report") {
      if says("outstanding", "sharesout") { return size }
      if says("flow", "expenditure", "capex") { return cashFlow }
      if field.unit == .price { return perShare }
      if says("retained") { return balance }
      if says(
        "revenue", "income", "earning", "expense", "profit", "cost", "tax", "depreciation", "ebit",
        "ebitda", "development")
      {
        return income
      }
      return balance
    }
    if says("cap", "capitalization", "sharesout") { return size }
    switch field.unit {
    case .price:
      return says("raw", "traded") && !says("adjusted") && field.name.contains("_")
        ? rawPrices : prices
    case .share, .money: return says("mean", "average", "adv") ? averages : volume
    default: return says("return") ? returns : other
    }
  }
}
