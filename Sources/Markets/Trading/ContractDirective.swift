/// What a trader of many contracts wants of the venue of one of them.
package struct ContractDirective: Hashable, Sendable {
  package let contract: ContractID
  package let directive: TradeDirective

  package init(_ contract: ContractID, _ directive: TradeDirective) {
    self.contract = contract
    self.directive = directive
  }
}
