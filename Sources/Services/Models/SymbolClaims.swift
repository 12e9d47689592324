import Models

/// Which file is about which symbol. None may be about one that another is about.
struct SymbolClaims {
  private let names: SymbolFileName
  private var paths: [String: String] = [:]

  init(_ names: SymbolFileName) {
    self.names = names
  }

  /// The symbol that the name of a file says and no file before it has taken.
  func symbol(of path: String) throws(FitRefusal) -> String {
    guard let symbol = names.symbol(inPath: path) else {
      throw .unknownSymbol(path: path, quote: names.quote)
    }
    if let earlier = paths[symbol] {
      throw .repeatedSymbol(symbol: symbol, path: path, first: earlier)
    }
    return symbol
  }

  /// Takes a symbol for a file that could be read.
  mutating func take(_ symbol: String, for path: String) {
    paths[symbol] = path
  }
}
