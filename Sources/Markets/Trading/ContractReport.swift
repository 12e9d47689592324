/// What became of an order of one contract among those of an account.
package struct ContractReport: Hashable, Sendable {
  package let contract: ContractID
  package let report: OrderReport

  package init(_ contract: ContractID, _ report: OrderReport) {
    self.contract = contract
    self.report = report
  }
}
