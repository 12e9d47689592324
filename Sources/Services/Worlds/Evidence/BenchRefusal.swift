package import Essentials

/// Why instances cannot be put on a bench.
package enum BenchRefusal: ExplainedFailure, Hashable {
  /// An instance wants to hold what the panel does not have.
  case unknownSymbol(instance: String, symbol: String, nearest: String?)
  /// An instance may hold nothing at all.
  case noSymbols(instance: String)

  /// The fact's stable name.
  package var key: String {
    switch self {
    case .unknownSymbol: "unknown_symbol"
    case .noSymbols: "no_symbols"
    }
  }

  /// The fact as a sentence.
  package var explanation: String {
    switch self {
    case .unknownSymbol(let instance, let symbol, _):
      "The instance \(instance) is to hold \(symbol), which the panel does not have."
    case .noSymbols(let instance): "The instance \(instance) has an empty list of symbols."
    }
  }

  /// What to change.
  package var remedy: String {
    switch self {
    case .unknownSymbol(_, _, let nearest?): "Did you mean \(nearest)?"
    case .unknownSymbol: "Name symbols of the panel."
    case .noSymbols: "Name at least one symbol, or leave the list out for all."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
