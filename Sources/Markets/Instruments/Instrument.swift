/// A thing that is traded, as a column of a panel.
package struct Instrument: Hashable, Sendable {
  /// The ticker or venue symbol; unique within a panel.
  package var symbol: String
  /// The name of the company or contract, empty where unknown.
  package var name: String

  package init(symbol: String, name: String = "") {
    self.symbol = symbol
    self.name = name
  }
}
