internal import Markets

/// A figure of annual reports that becomes a field.
struct FundamentalField {
  enum Sign {
    case asReported
    /// Spending is reported as a negative flow of cash and stored as a positive amount.
    case reversed
  }

  let name: String
  let unit: MeasureUnit
  let meaning: String
  /// The column names that carry it, normalized, best first.
  let columns: [String]
  let sign: Sign

  init(
    _ name: String, _ meaning: String, _ columns: [String] = [],
    unit: MeasureUnit = .money, sign: Sign = .asReported
  ) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.columns = [name] + columns
    self.sign = sign
  }

  static let sharesOutstanding = "sharesout"
  static let earningsPerShare = "eps"

  /// The figures that are read, named as on WorldQuant BRAIN where it has them.
  static let all: [FundamentalField] = [
    FundamentalField("assets", "Total assets", ["total_assets"]),
    FundamentalField("assets_curr", "Current assets", ["total_current_assets"]),
    FundamentalField("liabilities", "Total liabilities", ["total_liabilities"]),
    FundamentalField("liabilities_curr", "Current liabilities", ["total_current_liabilities"]),
    FundamentalField("equity", "Total equity", ["total_equity"]),
    FundamentalField("retained_earnings", "Retained earnings"),
    FundamentalField("cash", "Cash and cash equivalents", ["cash_and_cash_equivalents"]),
    FundamentalField("inventory", "Inventory"),
    FundamentalField("receivable", "Net receivables", ["net_receivables"]),
    FundamentalField("payable", "Accounts payable", ["accounts_payable"]),
    FundamentalField("ppent", "Fixed assets", ["fixed_assets"]),
    FundamentalField("goodwill", "Goodwill"),
    FundamentalField("debt_lt", "Long-term debt", ["long_term_debt"]),
    FundamentalField(
      "debt_st", "Short-term debt and the current portion of long-term debt",
      ["short_term_debt_current_portion_of_long_term_debt", "short_term_debt"]),
    FundamentalField("revenue", "Total revenue", ["total_revenue", "sales"]),
    FundamentalField("cogs", "Cost of revenue", ["cost_of_revenue"]),
    FundamentalField("gross_profit", "Gross profit"),
    FundamentalField(
      "sga_expense", "Selling, general and administrative expense",
      ["sales_general_and_admin"]),
    FundamentalField("rd_expense", "Research and development", ["research_and_development"]),
    FundamentalField("operating_income", "Operating income"),
    FundamentalField(
      "ebit", "Earnings before interest and tax", ["earnings_before_interest_and_tax"]),
    FundamentalField("pretax_income", "Earnings before tax", ["earnings_before_tax"]),
    FundamentalField("interest_expense", "Interest expense"),
    FundamentalField("income_tax", "Income tax"),
    FundamentalField("income", "Net income", ["net_income"]),
    FundamentalField("depre_amort", "Depreciation", ["depreciation"]),
    FundamentalField(
      "capex", "Capital expenditures as a positive amount", ["capital_expenditures"],
      sign: .reversed),
    FundamentalField(
      "cashflow_op", "Cash flow from operations", ["net_cash_flow_operating"]),
    FundamentalField(
      "cashflow_invst", "Cash flow from investing", ["net_cash_flows_investing"]),
    FundamentalField(
      "cashflow_fin", "Cash flow from financing", ["net_cash_flows_financing"]),
    FundamentalField(
      earningsPerShare, "Earnings per share, restated for splits since the period",
      ["earnings_per_share"], unit: .price),
    FundamentalField(
      sharesOutstanding, "Shares outstanding, restated for splits since the period",
      ["estimated_shares_outstanding", "shares_outstanding"], unit: .share),
  ]
}
