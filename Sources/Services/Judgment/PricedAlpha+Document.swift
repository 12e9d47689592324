package import Backtesting
package import Essentials

extension PricedAlpha {
  /// The alpha's document with its name in front and its trust before the fingerprint of the result.
  package func document(_ detail: SimulationResult.Detail) -> JSONValue {
    guard case .object(var members) = result.document(detail), let last = members.popLast() else {
      preconditionFailure("the document of a result is an object with members")
    }
    members.insert(.init("name", .string(name)), at: 0)
    members.append(.init("trust", trust.json))
    members.append(last)
    return .object(members)
  }
}
