/// Which symbol a file of bars is about, told by its name.
///
/// The folder, the ending and the length of the bars are dropped (`btcusdt_1m.csv`), so are words for
/// the kind of contract, and what is left must end in the quote currency.
package struct SymbolFileName: Hashable, Sendable {
  /// The currency that prices are told in, such as `USDT`.
  package let quote: String
  /// What the venue's symbol ends in, such as `:USDT`.
  package let suffix: String

  package init(quote: String = "USDT", suffix: String = ":USDT") {
    self.quote = quote.uppercased()
    self.suffix = suffix
  }

  private static let contracts = ["PERP", "SWAP", "FUTURES", "LINEAR"]
  private static let units: Set<Character> = ["S", "M", "H", "D", "W"]
  private static let separators: Set<Character> = ["_", "-", ".", "/", " "]

  /// Returns the symbol, such as `BTC/USDT:USDT`; nil where the name does not say one.
  package func symbol(inPath path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    var parts = name.uppercased().split(whereSeparator: { Self.separators.contains($0) })
    // Endings such as csv.gz follow the first part, which is part of the symbol in any case.
    let endings: Set<Substring> = ["CSV", "GZ", "ZST", "JSON", "PARQUET", "NPY", "TXT"]
    parts = parts.filter { part in
      !endings.contains(part) && !Self.contracts.contains(String(part)) && !Self.isBarLength(part)
    }
    var joined = parts.joined()
    for contract in Self.contracts where joined.hasSuffix(contract) {
      joined.removeLast(contract.count)
    }
    // The settlement currency may stand behind the quote once more.
    if joined.hasSuffix(quote + quote) { joined.removeLast(quote.count) }
    guard joined.hasSuffix(quote), joined.count > quote.count else { return nil }
    let base = joined.dropLast(quote.count)
    guard base.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }) else {
      return nil
    }
    return "\(base)/\(quote)\(suffix)"
  }

  /// Whether a part is a length such as `1M` or `15MIN`.
  private static func isBarLength(_ part: Substring) -> Bool {
    let digits = part.prefix { $0.isNumber }
    let unit = part.dropFirst(digits.count)
    guard !digits.isEmpty, let first = unit.first, units.contains(first) else { return false }
    return unit.count == 1 || unit == "MIN"
  }
}
