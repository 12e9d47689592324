package import Essentials
package import Markets

/// What a paper venue cannot be fed with.
package enum PaperFailure: ExplainedFailure, Hashable {
  /// A row that is not after the last one.
  case rowOutOfOrder(Timestamp, last: Timestamp)
  /// A symbol that stands twice in a row.
  case symbolTwice(String, Timestamp)
  /// Capital for an instance that the account does not have left.
  case shortOfCapital(instance: String, wanted: Money, left: Money)
  /// Capital for nobody, or below zero.
  case unusableCapital(instance: String, wanted: Money)

  package var key: String {
    switch self {
    case .rowOutOfOrder: "row_out_of_order"
    case .symbolTwice: "symbol_twice"
    case .shortOfCapital: "short_of_capital"
    case .unusableCapital: "unusable_capital"
    }
  }

  package var explanation: String {
    switch self {
    case .rowOutOfOrder(let row, let last):
      "The row of \(row) comes after that of \(last), which is not before it."
    case .symbolTwice(let symbol, let row): "\(symbol) stands twice in the row of \(row)."
    case .shortOfCapital(let instance, let wanted, let left):
      "\(instance) is to have \(wanted) more, and the account has \(left) that nobody has."
    case .unusableCapital(let instance, let wanted):
      "An instance named \"\(instance)\" cannot have a capital of \(wanted)."
    }
  }

  package var remedy: String {
    switch self {
    case .rowOutOfOrder: "Feed rows in the order of time, each once."
    case .symbolTwice: "Give one bar of each symbol in a row."
    case .shortOfCapital:
      "Give it less, take capital from another instance, or open a larger account."
    case .unusableCapital: "Name an instance and an amount not below zero."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .rowOutOfOrder, .symbolTwice, .unusableCapital: .badConfiguration
    case .shortOfCapital: .refused
    }
  }
}
