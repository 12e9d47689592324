import Essentials
import Markets

@testable import Research

/// A panel with the fields of the bundled stocks, their units and meanings, over a handful of cells.
enum DeskPanel {
  /// Name, kind, unit, whether it is from annual reports, and meaning.
  private static let fields = """
    adv20|matrix|share|-|Mean volume of the last 20 rows, the row included; at least half must be there.
    adv60|matrix|share|-|Mean volume of the last 60 rows, the row included; at least half must be there.
    assets|matrix|money|report|Total assets
    assets_curr|matrix|money|report|Current assets
    cap|matrix|money|-|Close as traded times sharesout.
    capex|matrix|money|report|Capital expenditures as a positive amount
    cash|matrix|money|report|Cash and cash equivalents
    cashflow_fin|matrix|money|report|Cash flow from financing
    cashflow_invst|matrix|money|report|Cash flow from investing
    cashflow_op|matrix|money|report|Cash flow from operations
    close|matrix|price|-|Close, adjusted for dividends and splits up to the end of the panel; its level depends on later events, its changes do not.
    cogs|matrix|money|report|Cost of revenue
    debt|matrix|money|report|Long-term plus short-term debt
    debt_lt|matrix|money|report|Long-term debt
    debt_st|matrix|money|report|Short-term debt and the current portion of long-term debt
    depre_amort|matrix|money|report|Depreciation
    dividend_events|vector|price|-|Dividends per share as paid, on their ex-dates.
    dollar_adv20|matrix|money|-|Mean dollar_volume of the last 20 rows; at least half must be there.
    dollar_volume|matrix|money|-|Money traded: volume times vwap, both as traded.
    ebit|matrix|money|report|Earnings before interest and tax
    ebitda|matrix|money|report|Ebit plus depreciation
    eps|matrix|price|report|Earnings per share, restated for splits since the period
    equity|matrix|money|report|Total equity
    goodwill|matrix|money|report|Goodwill
    gross_profit|matrix|money|report|Gross profit
    high|matrix|price|-|High, adjusted for dividends and splits up to the end of the panel; its level depends on later events, its changes do not.
    income|matrix|money|report|Net income
    income_tax|matrix|money|report|Income tax
    industry|group|dimensionless|-|GICS industry of the sub-industry; a sub-industry that GICS lacks stands for itself.
    interest_expense|matrix|money|report|Interest expense
    inventory|matrix|money|report|Inventory
    liabilities|matrix|money|report|Total liabilities
    liabilities_curr|matrix|money|report|Current liabilities
    low|matrix|price|-|Low, adjusted for dividends and splits up to the end of the panel; its level depends on later events, its changes do not.
    market|group|dimensionless|-|The market; one class for all where none is given.
    open|matrix|price|-|Open, adjusted for dividends and splits up to the end of the panel; its level depends on later events, its changes do not.
    operating_income|matrix|money|report|Operating income
    payable|matrix|money|report|Accounts payable
    ppent|matrix|money|report|Fixed assets
    pretax_income|matrix|money|report|Earnings before tax
    raw_close|matrix|price|-|The close as it was traded on the day.
    raw_high|matrix|price|-|The high as it was traded on the day.
    raw_low|matrix|price|-|The low as it was traded on the day.
    raw_open|matrix|price|-|The open as it was traded on the day.
    raw_volume|matrix|share|-|Shares or contracts as they were traded on the day.
    rd_expense|matrix|money|report|Research and development
    receivable|matrix|money|report|Net receivables
    retained_earnings|matrix|money|report|Retained earnings
    returns|matrix|dimensionless|-|Close over the last close before it, minus 1; total return where prices are adjusted.
    revenue|matrix|money|report|Total revenue
    sector|group|dimensionless|-|The sector of the instrument; fixed over time.
    sga_expense|matrix|money|report|Selling, general and administrative expense
    sharesout|matrix|share|report|Shares outstanding, restated for splits since the period
    split_events|vector|dimensionless|-|New shares for each old one, on the ex-dates of splits.
    subindustry|group|dimensionless|-|The subindustry of the instrument; fixed over time.
    volume|matrix|share|-|Shares traded, multiplied by all later splits so that splits do not break it.
    vwap|matrix|price|-|Typical price (high + low + close) / 3, adjusted for dividends and splits up to the end of the panel; its level depends on later events, its changes do not.
    working_capital|matrix|money|report|Current assets minus current liabilities
    """

  /// What the meanings of reported figures end with.
  private static let reported =
    ", from annual reports, visible 90 days after the end of the period (or the day after a stated "
    + "filing), held until the next, at most 18 months after the period."

  static let panel: Panel = {
    let rows = 4
    let columns = 3
    let units: [String: MeasureUnit] = [
      "dimensionless": .dimensionless, "price": .price, "share": .share, "money": .money,
    ]
    let described = fields.split(separator: "\n").map { line in
      let parts = line.split(separator: "|").map(String.init)
      return FieldDescription(
        name: parts[0], kind: FieldDescription.Kind(rawValue: parts[1].uppercased())!,
        unit: units[parts[2]]!, summary: parts[4] + (parts[3] == "report" ? reported : ""))
    }
    let future = FieldDescription(name: "next_return", kind: .matrix, leadRows: 1)
    return Panel(
      name: "desk", fingerprint: Fingerprint(of: "desk"),
      axis: TimeAxis(
        tradingDays: (0..<rows).map { CalendarDate(daysSinceEpoch: Int32(17_000 + $0)) }),
      instruments: (0..<columns).map { Instrument(symbol: "T\($0)") },
      fields: (described + [future]).map { description in
        PanelField(
          description: description,
          values: values(description, rows: rows, columns: columns))
      })
  }()

  /// Every column lacks something: a matrix its first row, a vector all but one cell, a group one
  /// instrument.
  private static func values(
    _ description: FieldDescription, rows: Int, columns: Int
  ) -> PanelField.Values {
    let cells = rows * columns
    switch description.kind {
    case .matrix:
      let numbers = (0..<cells).map { $0 < columns ? Double.nan : Double($0) }
      return .matrix(MatrixColumn(rows: rows, columns: columns, values: numbers))
    case .vector:
      let offsets = (0...cells).map { Int32($0 > 5 ? 2 : 0) }
      return .vector(
        VectorColumn(rows: rows, columns: columns, offsets: offsets, values: [1, 2]))
    case .group:
      return .group(GroupColumn(labels: ["A", "B"], columns: columns, codes: [0, 1, -1]))
    }
  }

  static let catalogue = MetadataCatalogue(panel: panel)
  static let index = CatalogueIndex(catalogue)

  static func builder(
    budget: RetrievalBudget = .init(), seed: UInt64 = 1
  ) -> PackBuilder {
    PackBuilder(catalogue: catalogue, index: index, budget: budget, seed: seed)
  }
}
