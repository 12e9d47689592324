import AlphaLanguage
import Markets
import Testing

@testable import Research

@Suite("Metadata catalogue of a panel")
struct MetadataCatalogueTests {
  private let catalogue = DeskPanel.catalogue

  @Test("every field that looks into no future is there, in five subcategories")
  func fields() {
    #expect(catalogue.fields.count == DeskPanel.panel.fields.count - 1)
    #expect(catalogue.field(named: "next_return") == nil)
    #expect(
      catalogue.subcategories.map(\.id)
        == ["events", "fundamental-reports", "pv-prices", "pv-volume", "reference-groups"])
    #expect(catalogue.operators.count > 150)
    #expect(catalogue.operators.allSatisfy { $0.scope.contains("REGULAR") })
  }

  @Test(
    "fields stand in the dataset that their unit, kind and meaning call for",
    arguments: [
      ("prices", "close high low open vwap"),
      ("prices_as_traded", "raw_close raw_high raw_low raw_open"), ("returns", "returns"),
      ("volume", "dollar_volume raw_volume volume"), ("average_volume", "adv20 adv60 dollar_adv20"),
      ("size", "cap sharesout"), ("groups", "industry market sector subindustry"),
      ("corporate_actions", "dividend_events split_events"),
      ("cash_flow", "capex cashflow_fin cashflow_invst cashflow_op"), ("per_share", "eps"),
      (
        "balance_sheet",
        """
        assets assets_curr cash debt debt_lt debt_st equity goodwill inventory liabilities \
        liabilities_curr payable ppent receivable retained_earnings working_capital
        """
      ),
      (
        "income_statement",
        """
        cogs depre_amort ebit ebitda gross_profit income income_tax interest_expense \
        operating_income pretax_income rd_expense revenue sga_expense
        """
      ),
    ])
  func shelves(_ dataset: String, _ names: String) {
    let members = catalogue.fields.filter { $0.datasetID == dataset }.map(\.id)
    #expect(members == names.split(separator: " ").map(String.init))
  }

  @Test("operators that read a field which the panel lacks are left out")
  func operators() {
    #expect(catalogue.operators.contains { $0.name == "inst_pnl" })
    let names = Set(catalogue.fields.map(\.id)).subtracting(["returns"])
    #expect(!OperatorCatalog.fastexpr.usable(over: names).contains { $0.name == "inst_pnl" })
  }

  @Test("coverage is measured")
  func coverage() {
    #expect(catalogue.field(named: "close")?.coverage == 0.75)
    #expect(catalogue.field(named: "split_events")?.coverage == 0.0833)
    #expect(catalogue.field(named: "sector")?.coverage == 0.6667)
  }

  @Test("rows of one name stand once, and the order of rows does not change the fingerprint")
  func identity() {
    let again = MetadataCatalogue(
      origin: "elsewhere", target: nil, datasets: catalogue.datasets.reversed(),
      fields: catalogue.fields.reversed() + catalogue.fields.prefix(3),
      operators: catalogue.operators.reversed())
    #expect(again.fingerprint == catalogue.fingerprint)
    #expect(again.fields == catalogue.fields)
    let less = MetadataCatalogue(
      origin: "elsewhere", target: nil, datasets: catalogue.datasets,
      fields: Array(catalogue.fields.dropLast()), operators: catalogue.operators)
    #expect(less.fingerprint != catalogue.fingerprint)
  }

  @Test("the schema has the units and kinds of the fields")
  func schema() {
    #expect(catalogue.schema.fields["cap"]?.unit == .money)
    #expect(catalogue.schema.fields["sector"]?.kind == .group)
  }
}
